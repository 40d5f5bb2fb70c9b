"""What is said of a module before it runs: findings, and what of both sides it covers."""

"""What Portico keeps itself, in SQLite or PostgreSQL: one class for each port."""

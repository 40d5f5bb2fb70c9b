"""What modules tell of themselves: each element with its rule, member and value."""

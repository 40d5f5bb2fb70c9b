"""The way to vendors over HTTP, and every limit on it."""

"""Mapping modules: read, checked, compiled into two-way functions between records and resources."""

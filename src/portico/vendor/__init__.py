"""Conversations with vendors, without I/O: the connection file and the exchanges it describes."""

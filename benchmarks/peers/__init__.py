"""The same conversion in the words of other tools."""

"""What compiled modules do: resources from records, smallest changes, and what was lost."""

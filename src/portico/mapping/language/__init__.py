"""What a module file says: YAML with positions, grammar, rules, slices; nothing is run here."""

"""The laws that every mapping module keeps, and records at random to try them on.

Only `trial`, `edits` and `record_strategy` need Hypothesis, which the extra `portico[laws]` brings.
"""

"""From rules to lanes to Python source: one two-way function per module."""

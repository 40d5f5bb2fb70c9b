"""What is claimed about speed, runnable: see `mapping.py`."""

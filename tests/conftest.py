"""What every test relies on: how many cases the generated tests try."""

import os

from hypothesis import settings

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("soak", deadline=None, max_examples=10_000)
settings.load_profile("ci" if os.environ.get("CI") else "default")

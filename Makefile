# Run inside the project's virtual environment, after `pip install -e '.[dev]'`.
.PHONY: check format lint lock soak test types

check: lint types test

lint:
	ruff check
	ruff format --check
	lint-imports

types:
	mypy

# In as many processes as there are cores; a file's tests stay together and share what they start.
test:
	pytest -n auto --dist loadfile

format:
	ruff check --fix
	ruff format

# Ten thousand cases for every generated test, the tests marked `soak`, and a fault planted in every
# place of every module (docs/mutations.md).
soak:
	pytest -m "soak or hypothesis" --hypothesis-profile=soak
	python tools/mutate_modules.py

# Renew the locks after a change of dependencies in pyproject.toml; add `--upgrade` for newest
# versions: `make lock UV_ARGS=--upgrade`. They carry hashes and no index, so any mirror serves.
UV_ARGS ?=
COMPILE = pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UV_ARGS)
lock:
	python -m venv .venv-lock
	.venv-lock/bin/pip install --quiet uv
	.venv-lock/bin/uv $(COMPILE) --extra dev --output-file requirements-dev.lock
	.venv-lock/bin/uv $(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock
	rm -r .venv-lock

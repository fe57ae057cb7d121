# make check: everything CI checks, on a machine where README's "Test it" has been run once.
PYTHON = .venv/bin/python

check: lint test

lint:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

test:
	$(PYTHON) -m pytest -n auto

format:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

.PHONY: check lint test format

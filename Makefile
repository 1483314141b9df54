# Two commands: `make chat` and `make test`. Both make the virtual environment first.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP_FLAGS ?=

.PHONY: chat test check lint types pythons install clean

chat: $(VENV)/.chat
	$(BIN)/python app.py

test: $(VENV)/.test
	$(BIN)/python -m pytest -n 3 --dist loadfile

pythons:
	.ci/pythons

check: lint types

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

install: $(VENV)/.chat

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.chat: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --disable-pip-version-check $(PIP_FLAGS) -e .
	touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --disable-pip-version-check $(PIP_FLAGS) -e '.[test]'
	touch $@

clean:
	rm -rf $(VENV) index/store build *.egg-info

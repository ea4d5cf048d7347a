# make run | test | check | catalogue | bench | lock | docs
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python


.PHONY: run screens outages test check catalogue format bench lock docs install install-dev

run: install
	@exec $(PY) app.py run --with-parent

install: $(VENV)/.runtime
install-dev: $(VENV)/.dev

# uv installs the pinned set in seconds; pip does the same where uv cannot reach the index.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	deploy/install.sh $(VENV) requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	deploy/install.sh $(VENV) requirements-dev.txt
	@touch $@ $(VENV)/.runtime

# Three runs: what can share the machine; what watches processes by the clock; what drives a browser
# (whose driver keeps an event loop running, in which no asynchronous test can run).
# What waits for other processes is tried once more where the machine was too busy; each such case is
# listed at the end.
test: install-dev
	@failed=; \
	$(PY) -m pytest --reruns 1 --durations 15 -n 2 --dist loadfile -m "not alone and not browser and not soak" || failed=1; \
	$(PY) -m pytest --reruns 1 --durations 15 -m "alone and not browser and not soak" || failed=1; \
	$(PY) -m pytest --reruns 1 --durations 15 -m "browser and not soak" || failed=1; \
	test -z "$$failed"

# Every page in every language, size, theme and age, and the five questions: a quarter of an hour.
screens: install-dev
	SCREENS=all $(PY) -m pytest tests/screens

# Each part of the house is down for 30 s in turn.
outages: install-dev
	OUTAGE_SECONDS=30 $(PY) -m pytest -v tests/outages

check: install-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	PYTHONPATH=. $(VENV)/bin/lint-imports
	$(PY) app.py check --files-only

# What the catalogue says, beside what the databases have.
catalogue: install
	@$(PY) app.py check

format: install-dev
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: install-dev
	$(PY) -m benchmarks

docs: install-dev
	$(PY) app.py docs

lock: $(VENV)/bin/python
	$(VENV)/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt

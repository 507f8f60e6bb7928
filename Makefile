# make run | test | check | bench | fmt | clean
# Needs Python 3.11-3.13 and the package registry; everything it installs stays in $(VENV).

PYTHON ?= python3
VENV ?= .venv
BENCH_VENV ?= .venv-bench
PORT ?= 8501
DATA ?= $(or $(KERNWIJZER_DATA),data)
WORKERS ?= 2
PYTEST_ARGS ?=
BENCH_ARGS ?=

PY := $(VENV)/bin/python
PIP := -m pip install --disable-pip-version-check --quiet

.PHONY: run test check bench fmt clean
.DEFAULT_GOAL := run

# Without any area yet, the sample region is built first, so that there is something to see.
run: $(VENV)/run.stamp
	@ls $(DATA)/areas/*/current.json >/dev/null 2>&1 || $(PY) -m location_model sample --data "$(DATA)"
	KERNWIJZER_DATA="$(DATA)" $(PY) -m streamlit run app.py --server.port $(PORT)

test: $(VENV)/dev.stamp
	$(PY) -m pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

check: $(VENV)/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo

bench: $(VENV)/dev.stamp $(BENCH_VENV)/bench.stamp
	$(PY) -m benchmarks --peers $(BENCH_VENV)/bin/python $(BENCH_ARGS)

fmt: $(VENV)/dev.stamp
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

clean:
	rm -rf $(VENV) $(BENCH_VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Kernwijzer needs Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(PY)
	@echo "Installing what Kernwijzer needs (a minute or two, once)"
	@$(PY) $(PIP) -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what tests and checks need"
	@$(PY) $(PIP) -r requirements-dev.txt
	@touch $@

$(BENCH_VENV)/bench.stamp: benchmarks/requirements.txt
	@echo "Installing the peers to compare with, apart from the rest"
	@$(PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python $(PIP) -r $<
	@touch $@

# Everything that a reader or a contributor runs. `make` alone lists it.
# Needs make and one Python of 3.11, 3.12 or 3.13 (choose another with `make run PYTHON=...`), nothing else.

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= python3.11 python3.12 python3.13 python3

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1
export PYRIGHT_PYTHON_GLOBAL_NODE = 0

# -qq: errors only. The user's own pip configuration says where packages come from.
INSTALL = $(BIN)/python -m pip install -qq
COMPILE = $(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.11 --no-header --no-annotate --upgrade

USABLE = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))

.PHONY: help install run test test-all format bench docs checks backtest lock notice clean
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

install: $(VENV)/.run  ## the environment in .venv with the locked packages

run: $(VENV)/.run  ## install what is missing, then the first brief: latticework run asia-2025
	$(BIN)/latticework run asia-2025

test: $(VENV)/.dev  ## what CI runs: lint, format, types and all fast tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-all: test  ## the same, then the slow scientific checks (minutes)
	$(BIN)/python -m pytest -m slow

format: $(VENV)/.dev  ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench  ## the simulator, the panel, tie strength and the fit beside their rivals, and the whole fit
	$(BIN)/python benchmarks/simulate.py
	$(BIN)/python benchmarks/panel.py
	$(BIN)/python benchmarks/strength.py
	$(BIN)/python benchmarks/fit.py
	$(BIN)/python benchmarks/whole_fit.py

lock: $(BIN)/python  ## solve pyproject.toml anew into requirements/*.lock
	$(INSTALL) uv
	$(COMPILE) -o requirements/run.lock pyproject.toml
	$(COMPILE) -c requirements/run.lock --group dev -o requirements/dev.lock pyproject.toml
	$(COMPILE) -c requirements/dev.lock --group dev --group bench -o requirements/bench.lock pyproject.toml

docs: $(VENV)/.run  ## write the reference pages from the code
	$(BIN)/python docs/generate.py

checks: $(VENV)/.run  ## write docs/methods.md: free runs of the whole model beside history (minutes)
	$(BIN)/python docs/methods.py

backtest: $(VENV)/.run  ## score the model from every year since 1990 and write docs/skill.md (half an hour; goes on where it was)
	$(BIN)/python docs/skill.py

notice: $(VENV)/.run  ## write NOTICE from the sources of the shipped panel
	$(BIN)/python -m latticework.data.notice > $(VENV)/NOTICE
	mv $(VENV)/NOTICE NOTICE

clean:  ## remove the environment and all caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@for p in $(PYTHON); do \
	  if "$$p" -c '$(USABLE)' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$($$p --version)"; exec "$$p" -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "Latticework needs Python 3.11, 3.12 or 3.13 with its venv module; none of '$(PYTHON)' is one." >&2; \
	echo "Install one (Debian: python3.11 and python3.11-venv) or name it: make run PYTHON=/path/to/python" >&2; \
	exit 1

$(VENV)/.run: requirements/run.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages (once, about a minute)"
	@$(INSTALL) -r requirements/run.lock
	@$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	@echo "Installing the locked packages for development (once)"
	@$(INSTALL) -r requirements/dev.lock
	@touch $@

$(VENV)/.bench: requirements/bench.lock $(VENV)/.dev
	@echo "Installing the rivals of the benchmarks (once)"
	@$(INSTALL) -r requirements/bench.lock
	@touch $@

# Needs Python >= 3.11 and make; everything else is installed into .venv by the first target.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help demo test proof check format lint types imports sql bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Headgate needs Python 3.11 or newer; this is $$($(PYTHON) --version). Set PYTHON=python3.12, say."; exit 2; }
	@echo "installing Headgate into $(VENV) (once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[creative]'
	@touch $@

$(DEV): $(STAMP)
	@echo "installing what the checks need (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[creative,bedrock,s3,dev]'
	@touch $@

demo: $(STAMP) ## run Headgate whole on sample input (ONCE=1: and exit)
	@$(BIN)/headgate demo creative $(if $(ONCE),--once)

test: $(DEV) ## run every test
	@$(BIN)/python -m pytest -q -n auto

proof: $(DEV) ## prove it: the model, chaos against Postgres, deliberate bugs (ARGS="--long")
	@PYTHONPATH=tests $(BIN)/python -m proof.run $(ARGS)

check: $(DEV) format lint types imports sql test ## all that CI runs: format, lint, types, imports, SQL, tests

format: $(DEV)
	@$(BIN)/ruff format --check --quiet src tests bench || { echo "run: $(BIN)/ruff format src tests bench"; exit 1; }

lint: $(DEV)
	@$(BIN)/ruff check --quiet src tests bench

types: $(DEV)
	@$(BIN)/mypy

imports: $(DEV)
	@$(BIN)/lint-imports --no-logo >.lint-imports.log || { cat .lint-imports.log; exit 1; }

sql: $(DEV) ## PREPARE every statement on the bundled Postgres
	@$(BIN)/python -m pytest -q -p no:randomly tests/structure/test_sql.py

bench: $(DEV) ## list the benchmarks; NAME=tasks runs one
	@$(BIN)/python bench/run.py $(NAME) $(ARGS)

clean: ## remove what the targets made (not .headgate, your data)
	rm -rf $(VENV) .venv-bench .mypy_cache .ruff_cache .import_linter_cache .lint-imports.log

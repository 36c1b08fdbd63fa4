# Needs Python >= 3.11 and make; everything else is installed into .venv by the first target.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help demo web test test-browser proof check format lint types imports sql console bench clean

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

E2E := $(VENV)/.installed-e2e
$(E2E): $(DEV)
	@echo "installing what drives a browser (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[e2e]'
	@touch $@

web: $(STAMP) ## build the console into the package (needs no Node.js: it brings its own)
	@$(BIN)/python console/build.py

demo: web ## run Headgate whole on sample input (ONCE=1: and exit)
	@$(BIN)/headgate demo creative $(if $(ONCE),--once)

test: $(DEV) web ## run every test
	@$(BIN)/python -m pytest -q -n auto --ignore tests/browser

test-browser: $(E2E) web ## drive the console in Chromium
	@$(BIN)/python -m pytest -q -n 3 --reruns 2 tests/browser

proof: $(DEV) ## prove it: the model, chaos against Postgres, deliberate bugs (ARGS="--long")
	@PYTHONPATH=tests $(BIN)/python -m proof.run $(ARGS)

check: $(DEV) format lint types imports sql console test ## format, lint, types, imports, SQL, the console, tests

format: $(DEV)
	@$(BIN)/ruff format --check --quiet src tests bench console hatch_build.py || { echo "run: $(BIN)/ruff format src tests bench console hatch_build.py"; exit 1; }

lint: $(DEV)
	@$(BIN)/ruff check --quiet src tests bench console hatch_build.py

types: $(DEV)
	@$(BIN)/mypy

imports: $(DEV)
	@$(BIN)/lint-imports --no-logo >.lint-imports.log || { cat .lint-imports.log; exit 1; }

sql: $(DEV) ## PREPARE every statement on the bundled Postgres
	@$(BIN)/python -m pytest -q -p no:randomly tests/structure/test_sql.py

console: $(DEV) ## check the console's types and that its API client is current, and build it
	@$(BIN)/python console/generate.py --check
	@$(BIN)/python console/build.py --check

bench: $(DEV) ## list the benchmarks; NAME=tasks runs one
	@$(BIN)/python bench/run.py $(NAME) $(ARGS)

clean: ## remove what the targets made (not .headgate, your data)
	rm -rf $(VENV) .venv-bench console/node_modules src/headgate/web/console/bundle .mypy_cache .ruff_cache .import_linter_cache .lint-imports.log

# Pifa: `make demo` opens a market on this machine, `make test` proves it. `make help` lists the rest.

.DEFAULT_GOAL := help
SHELL := /bin/sh
# The first Python of this machine that is new enough; name another with PYTHON=…
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; exit; }; done; echo python3)
BIN := .venv/bin
# Processes that run tests side by side.
WORKERS ?= 2
PYTEST := $(BIN)/pytest -n $(WORKERS)
export DJANGO_SETTINGS_MODULE := pifa.site.settings
# Every process would compile more than a thousand files anew on a machine that forbids keeping them.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo demo-reset test passes test-sqlite test-beside test-postgres check lint fmt types contracts \
	migrations translations docs bench setup setup-dev lock clean

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | \
	while IFS='	' read -r name words; do printf '  make %-14s %s\n' "$$name" "$$words"; done

demo: setup ## Open the demo market at http://127.0.0.1:8000 (built on the first run)
	@$(BIN)/pifa demo

demo-reset: setup ## Begin the demo market afresh
	@$(BIN)/pifa demo --reset

test: check passes ## All checks, and every test once, on SQLite or PostgreSQL (-j 2: side by side)

# One pass after the other, whatever `-j` says: each fills the machine.
passes: setup-dev
	+@$(MAKE) --no-print-directory -j1 test-beside test-postgres

test-sqlite: setup-dev ## Every test on SQLite, with the browser
	$(PYTEST)

test-beside: setup-dev ## What PostgreSQL need not prove, on SQLite, with the browser
	$(PYTEST) --beside-postgres

test-postgres: setup-dev ## Orders, money, races and every page, on a throw-away PostgreSQL
	$(BIN)/python tools/postgres.py run -- $(PYTEST) --database-only

check: lint types contracts migrations translations docs ## Everything that needs no test run

lint: setup-dev ## Style and common mistakes
	$(BIN)/ruff check
	$(BIN)/ruff format --check

fmt: setup-dev ## Put the style right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: setup-dev ## Types, strictly
	$(BIN)/mypy

contracts: setup-dev ## An app imports only from the floors below it
	$(BIN)/lint-imports

migrations: setup-dev ## Tables and migrations agree
	$(BIN)/django-admin makemigrations --check --dry-run

translations: setup-dev ## Every string has its English
	$(BIN)/python tools/translations.py --check

docs: setup-dev ## Generated pages of the documentation agree with the code
	$(BIN)/pifa docs --check

bench: setup-dev ## What a checkout and a transfer cost, on PostgreSQL
	$(BIN)/python tools/postgres.py --durable run -- $(BIN)/pifa bench orders
	$(BIN)/python tools/postgres.py --durable run -- $(BIN)/pifa bench ledger

setup: ## Make .venv with what a market needs, where anything changed
	@$(PYTHON) tools/setup.py

setup-dev: ## The same with the tools for tests and checks
	@$(PYTHON) tools/setup.py --dev

LOCK := .lock-venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-options --upgrade --extra build
lock: ## Pin the newest parts within the ranges of pyproject.toml (run it on Python 3.11)
	$(PYTHON) -m venv .lock-venv
	.lock-venv/bin/pip install --quiet 'pip-tools>=7.6,<8'
	CUSTOM_COMPILE_COMMAND='make lock' $(LOCK) -o requirements/runtime.txt pyproject.toml
	CUSTOM_COMPILE_COMMAND='make lock' $(LOCK) --extra dev -c requirements/runtime.txt \
		-o requirements/dev.txt pyproject.toml
	rm -rf .lock-venv

clean: ## Remove what the tools left; the market's data in var/ stays
	rm -rf .venv .lock-venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis

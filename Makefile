# Everything one does with Lianxin. `make` alone lists the commands.
#
# PORT, DATA and DATABASE_URL are honoured as make variables and from the environment, by every command alike:
# make hands both on to what it starts, and lianxin/project/settings.py is the one place that reads them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
MANAGE := $(PYTHON) manage.py
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet install --require-hashes --requirement
CATALOGUES := $(wildcard lianxin/*/locale/zh_Hans/LC_MESSAGES/django.po)
STATICS := $(shell find lianxin -path '*/static/*' -type f 2>/dev/null)

.PHONY: help
help: ## list the commands
	@echo 'Lianxin 连心桥. Commands:'
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16
	@echo
	@echo 'Variables: PORT=8000 DATA=data DATABASE_URL= (empty: SQLite in DATA) WORKERS= BIND=127.0.0.1; all in docs/settings.md'

# -- setting up ---------------------------------------------------------------------------------------------------------
# Each step leaves a stamp, so that the second time costs nothing.

$(VENV)/.made:
	@.ci/python -m venv $(VENV)
	@touch $@

$(VENV)/.locked: requirements.lock $(VENV)/.made
	@echo 'Installing what Lianxin needs (requirements.lock) ...'
	@$(PIP) requirements.lock
	@touch $@

$(VENV)/.dev-locked: requirements-dev.lock $(VENV)/.locked
	@echo 'Installing what its tests need (requirements-dev.lock) ...'
	@$(PIP) requirements-dev.lock
	@touch $@

$(VENV)/.words: $(CATALOGUES) lianxin/project/management/commands/words.py $(VENV)/.locked
	@$(MANAGE) words compile
	@touch $@

static/.gathered: $(STATICS) $(VENV)/.locked
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@touch $@

.PHONY: setup
setup: $(VENV)/.locked $(VENV)/.words static/.gathered ## make ready to run: packages, translations, static files
	@.ci/packages run

.PHONY: tools
tools: $(VENV)/.dev-locked $(VENV)/.words

# -- running ------------------------------------------------------------------------------------------------------------

.PHONY: run
run: setup ## serve pages and send messages until Ctrl-C; a demo county if the database is empty
	@exec $(MANAGE) serve $(if $(WORKERS),--workers $(WORKERS)) $(if $(BIND),--bind $(BIND))

.PHONY: doctor
doctor: setup ## tell which optional parts are missing, and what does not work without them
	@$(MANAGE) doctor

# -- proving ------------------------------------------------------------------------------------------------------------

.PHONY: test
test: setup tools ## run every test, on SQLite and on PostgreSQL where one answers
	@.ci/packages test
	@$(PYTHON) -m tests.run

.PHONY: quick
quick: tools ## run only unit and rule tests (under a minute)
	@$(PYTHON) -m pytest -n 2 -m 'not browser and not slow' tests

.PHONY: check
check: tools ## lint, formats, types, floors and rooms, missing migrations, translations
	@.ci/check

.PHONY: fix
fix: tools ## mend what a machine can mend: lint and format, templates too
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djangofmt --quiet lianxin

.PHONY: words
words: tools ## gather new words for translation into the catalogues
	@$(MANAGE) words update

.PHONY: bench
bench: setup tools ## measure on 100,000 cases; figures go to bench/results.json
	@$(PYTHON) -m bench.run

.PHONY: pictures
pictures: setup tools ## take the pictures of the documents anew, from a demo county of their own
	@$(PYTHON) -m tests.stories.pictures

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml

.PHONY: lock
lock: tools ## write the lock files anew from pyproject.toml
	@$(PYTHON) -m pip --disable-pip-version-check --quiet install uv
	@$(LOCK) --output-file requirements.lock > /dev/null
	@$(LOCK) --group dev --output-file requirements-dev.lock > /dev/null

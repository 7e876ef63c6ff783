# Two commands matter: `make demo` and `make test`. Both install what they need on first use.
SYSTEM_PYTHON ?= python3
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
# PostgreSQL and Redis from wheels, for this machine alone, unless DATABASE_URL and REDIS_URL say otherwise
export EXEMPLAR_EMBEDDED := 1

.DEFAULT_GOAL := help
.PHONY: help install demo demo-reset test walks test-browser screenshots bench lint migrations-check lock

help: ## list these targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' Makefile | while IFS='|' read -r name what; do printf '  make %-18s %s\n' "$$name" "$$what"; done

install: .venv/installed .env ## make .venv with everything pinned in requirements-dev.txt

.venv/installed: requirements-dev.txt
	@$(SYSTEM_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; SYSTEM_PYTHON=… names one.")'
	$(SYSTEM_PYTHON) -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.env:
	@echo 'EXEMPLAR_EMBEDDED=1' > $@

demo: install ## the whole system with invented data on port 8000 (PORT chooses another port); Ctrl-C stops it
	@$(PYTHON) -m config.demo

demo-reset: install ## throw the demonstration's data away
	@$(PYTHON) -m config.demo reset

test: install ## every test but those in a browser and the benchmarks
	$(PYTEST) -n 2 --ignore=tests/browser --ignore=tests/benchmarks

walks: install ## 2,000 lives of reports of fifty steps each, and what was done and refused in them (WALKS: how many)
	WALKS=$${WALKS:-2000} $(PYTEST) -n 2 -o faulthandler_timeout=1800 tests/machines/test_report_lives.py

# Playwright's loop runs beside Django's in one thread
IN_BROWSER = DJANGO_ALLOW_ASYNC_UNSAFE=1 $(PYTEST) -n 2 -o faulthandler_timeout=1800
test-browser: install ## the tests that drive chromium: every page as everybody finds it, keyboard, bad input, no scripting
	$(IN_BROWSER) tests/browser

screenshots: install ## a picture of every page for each role, narrow and wide, light and dark, in screenshots/
	$(IN_BROWSER) tests/browser/pictures.py

bench: install ## speed
	$(PYTEST) -s tests/benchmarks/bench_*.py

lint: install ## style, types, the order of the rooms
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

migrations-check: install ## the migrations say what the models say
	$(PYTHON) manage.py makemigrations --check --dry-run

COMPILE = "$$place/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-annotate --no-header
lock: ## pin anew what pyproject.toml asks for; UPGRADE=--upgrade takes the newest of everything
	place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && $(SYSTEM_PYTHON) -m venv "$$place" \
	  && "$$place/bin/pip" install --quiet uv \
	  && $(COMPILE) $(UPGRADE) pyproject.toml -o requirements.txt \
	  && $(COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@! grep -n '://' requirements.txt requirements-dev.txt

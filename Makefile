# Terrier's commands. `make run` and `make test` are all that a fresh clone needs.
PYTHON ?= python3
BIN := .venv/bin
CODE := cmdb app importers ui distribution main.py
RUNTIME := .venv/.runtime-ready
TESTING := .venv/.testing-ready
# make setup EXTRAS=encryption installs what encrypted estates need besides.
EXTRAS ?=
EXTRA := $(EXTRAS:%=.venv/.%-ready)
# What needs no package runs with any Python; the environment's where there is one.
ANY_PYTHON = $(if $(wildcard $(BIN)/python),$(BIN)/python,$(PYTHON))
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install --require-hashes

.PHONY: help setup setup-test run tour lint types contracts quick test tests soak bench screenshots texts agent install-desktop uninstall-desktop pins \
	docs format clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(RUNTIME) $(EXTRA) ## .venv with the pinned packages, and the system libraries the window needs
	@.ci/system-packages qt

setup-test: setup $(TESTING)
	@.ci/system-packages test

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Terrier needs Python 3.11 or newer.")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/system-packages venv
	@$(PYTHON) -m venv .venv

$(RUNTIME): requirements.lock | .venv/bin/python
	@echo "Installing packages (once) ..."
	@$(PIP) --requirement $<
	@touch $@

.venv/.%-ready: requirements-%.lock | $(RUNTIME)
	@echo "Installing the packages for $* (once) ..."
	@$(PIP) --requirement $<
	@touch $@

# One of these has no wheel. What builds it is installed by its hash first, so that pip fetches nothing without one.
$(TESTING): requirements-build.lock requirements-dev.lock | $(RUNTIME)
	@echo "Installing the packages for the checks (once) ..."
	@$(PIP) --requirement requirements-build.lock
	@$(PIP) --no-build-isolation --requirement requirements-dev.lock
	@touch $@

run: setup ## the window; without a display, the tour
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then exec $(BIN)/python main.py; \
	else echo "No display: taking the tour, see build/tour/."; exec $(BIN)/python main.py --tour build/tour; fi

tour: setup ## the main job through the window, offscreen; pictures and workbook under build/tour/
	@$(BIN)/python main.py --tour build/tour

format: setup-test ## ruff's formatting and safe fixes
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-test
	$(BIN)/mypy $(CODE)

contracts: setup-test
	$(BIN)/lint-imports

quick: lint types contracts ## lint, types, contracts, and for a minute the tests that your change touches
	@$(BIN)/python -m tests.change_tests

# Three on two cores: a test waits for its files and servers part of the time. A file's tests share what is made once.
tests: setup-test
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

# Types and contracts are checked while the tests run: those wait for servers and files part of the time.
test: lint ## every check and test
	@$(MAKE) --no-print-directory -j 2 tests types contracts

soak: setup-test ## what takes longer: soak, kill, fuzz, and the laws with many new examples
	@.ci/system-packages soak
	TERRIER_LAWS=soak $(BIN)/python -m pytest -q -o faulthandler_timeout=7200 -m "soak or hypothesis"

bench: setup-test ## speeds, as ratios measured in one run
	$(BIN)/python bench/run.py

screenshots: setup-test ## a picture of every page, light and dark, under build/screenshots/
	QT_QPA_PLATFORM=offscreen $(BIN)/python main.py --screenshots build/screenshots

texts: setup ## the catalogue of all texts (build/terrier.pot), and the translations compiled
	$(BIN)/python -m app.translations

agent: ## the folder for the stick, build/agent/: the agent alone in one file, the scripts, and a page that says how
	@$(ANY_PYTHON) -m distribution.agent build/agent

install-desktop: ## the menu entry, icon and file type, for you alone (PREFIX=/usr/local: for everybody)
	@command -v terrier-window >/dev/null || $(MAKE) --no-print-directory setup
	@$(ANY_PYTHON) -m distribution.desktop install

uninstall-desktop: ## takes them out again
	@$(ANY_PYTHON) -m distribution.desktop uninstall

pins: setup-test ## after a change of requirements or versions: the lock files, and NOTICE
	@test -x build/pins/bin/uv || { $(PYTHON) -m venv build/pins && build/pins/bin/python -m pip --quiet install --require-hashes --requirement requirements-pins.lock; }
	$(BIN)/python -m distribution.pins build/pins/bin/uv
	$(BIN)/python -m distribution.notice > NOTICE

docs: setup ## the parts of the documentation that are made from the program
	$(BIN)/python -m app.documents

clean: ## everything that can be made again, .venv excepted
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# make run, make check, make test, make lint, make bench, make quality: each installs what it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt
WORKERS ?= 3
# A test starts many a process: what Python has compiled is kept for the next, wherever the environment forbids it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check quick lint bench quality tools constraints package-lock

# The whole site at http://127.0.0.1:8000 (PORT changes it), with a demo in an empty database. Ctrl-C stops it.
run: $(VENV)/.run .env
	@exec $(BIN)/python manage.py up --demo

# Everything on PostgreSQL and Redis (REAL=1): those in a browser and the slow ones, which mostly wait; beside them, and
# behind them in line for the processors, all others, and what a database can break once more on SQLite, but for the
# thorough ones, and those with a real ticket system, that show there no more. What needs no database runs there alone;
# tests/test_sets.py shows that the three sets leave nothing out. The second set goes on when the others have ended: with
# a worker more than there are processors, none of these is idle while one waits for a process, a lock or PostgreSQL.
# The floor is looked at afterwards: asked for it while it runs, slipcover forgets what its workers ran.
# Each set says which of its tests took longest, the last one how much of the code it runs, with a floor; nothing is run
# twice to make it pass.
# Quick work needs none of this: `.venv/bin/pytest tests/handoffs`, or `REAL=1 .venv/bin/pytest tests/handoffs`.
test: PYTEST = $(BIN)/pytest -q -p no:cacheprovider --durations 25 --durations-min 1
test: QUICK = not browser and not slow
test: COVERED = $(BIN)/python -m slipcover --json --out $(VENV)/coverage.json -m $(PYTEST:$(BIN)/%=%)
test: REPORT = $(BIN)/python -m slipcover --merge $(VENV)/coverage.json --out $(VENV)/coverage.json --fail-under 84
test: $(VENV)/.dev tools $(if $(shell command -v npm),node_modules/.lint)
	@failed=0; \
	REAL=1 nice -n 5 $(PYTEST) -n 3 --dist worksteal -m "$(QUICK) and not pure" > $(VENV)/quick.txt 2>&1 & quick=$$!; \
	nice -n 5 $(COVERED) -n 2 --dist worksteal -m "$(QUICK) and not real and (pure or both or not (thorough or rt or redmine))" \
	  tests/handoffs tests/notifications tests/sessions_app tests/every_address/test_bad_input.py \
	  > $(VENV)/sqlite.txt 2>&1 & sqlite=$$!; \
	trap "kill $$quick $$sqlite 2>/dev/null" EXIT; \
	echo "In a browser, and slow ones:"; \
	REAL=1 $(PYTEST) -n $(WORKERS) --dist worksteal -m "browser or slow" || failed=1; \
	wait $$quick || failed=1; \
	echo "All others:"; cat $(VENV)/quick.txt; \
	wait $$sqlite || failed=1; \
	echo "On SQLite:"; cat $(VENV)/sqlite.txt; \
	$(REPORT) || failed=1; \
	exit $$failed

# While working, both at once: lint with types, and what needs no service and no browser and does not go through all there is.
check: $(VENV)/.dev node_modules/.lint
	@$(MAKE) --no-print-directory -j 2 -O lint quick
quick: $(VENV)/.dev
	$(BIN)/pytest -q -p no:cacheprovider -n 2 --dist worksteal -m "not browser and not slow and not real and not thorough"

lint: export DEBUG = 1
lint: export ENV_FILE = /dev/null
lint: export DATA_DIR = $(VENV)/lint
lint: $(VENV)/.dev node_modules/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djhtml --check --tabwidth 2 templates
	node_modules/.bin/tsc
	node_modules/.bin/eslint --max-warnings 0 static/js eslint.config.js
	$(BIN)/python manage.py makemigrations --check --dry-run

# Beside a bare twin, in about five minutes. ONLY=sockets: one part; IDLE=600: idle sockets for ten minutes.
bench: $(VENV)/.dev tools
	$(BIN)/python -m tests.bench

# What of the recorded cases a colleague sees on the pick-up screen, in about three minutes. ONLY=vpn: cases of that name;
# PICTURES=folder: keeps a picture of each page.
quality: $(VENV)/.dev tools
	$(BIN)/python -m tests.quality

# What the tests need beside Python: Debian's packages, installed when we may.
tools:
	@bash tests/tools

# After a change of requirements: take what pip resolves now, in a fresh .venv.
constraints:
	rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -r requirements-dev.txt
	$(BIN)/pip freeze > constraints.txt

# After a change of package.json: take what npm resolves now. The lock names no address of any machine, nor of who asks for donations.
package-lock:
	rm -rf node_modules package-lock.json
	npm install --package-lock-only --ignore-scripts --silent --no-audit --no-fund
	node -e 'const fs = require("fs"), lock = JSON.parse(fs.readFileSync("package-lock.json", "utf8")); for (const one of Object.values(lock.packages)) delete one.funding; fs.writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n")'

.env:
	@(umask 077; echo "DEBUG=1" > .env)

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed; set PYTHON.")'
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.venv requirements.txt constraints.txt
	@echo "Installing what runs it ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.venv requirements.txt requirements-dev.txt constraints.txt
	@echo "Installing what tests it ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/.run

# What checks the scripts, and reads the cards for Teams in tests, which are skipped without it; nobody else needs node.
node_modules/.lint: package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "make lint checks the scripts too: install Node.js 20.19 or later with npm (Debian's packages nodejs and npm)." >&2; exit 1; }
	@echo "Installing what checks the scripts ..."
	@npm ci --ignore-scripts --silent --no-audit --no-fund
	@touch $@

# Everything that people and CI do here. Needs Python 3.11 or newer, make, git and PyPI.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .uv/bin/uv
BIN := .venv/bin

export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV
# Where it is set, every process compiles all that it loads anew, the tests' own included.
unexport PYTHONDONTWRITEBYTECODE

# `check` reads the settings of a production that does not exist.
DUMMY_PRODUCTION := TRACKER_MODE=production ALLOWED_HOSTS=tracker.example.org \
	SECRET_KEY=check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ \
	DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
	EMAIL_URL=smtp://127.0.0.1:1

.PHONY: help setup run test check check-types check-rest bench faults format clean

help:
	@echo "make run     set up everything and serve it"
	@echo "make test    all tests, on SQLite and on PostgreSQL"
	@echo "make check   lint, types, import contracts, migrations, templates, settings, locks"
	@echo "make bench   how fast the watch is, as tables (ONLY=sweep for one)"
	@echo "make faults  kill, cut and refuse while alerts are under way, and count (ONLY=kills for one)"
	@echo "make setup   only the environment that they need"
	@echo "make format  lay the code out as check wants it"

setup: .venv/synced

.uv/bootstrap-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is not. Name one: make PYTHON=python3.12 ..." >&2; \
		exit 1; }
	@rm -rf .uv
	@$(PYTHON) -m venv .uv >/dev/null 2>&1 || { rm -rf .uv; \
		echo "$(PYTHON) cannot make virtual environments: install its venv module (Debian, Ubuntu: apt-get install python3-venv)." >&2; \
		exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || { rm -rf .uv; \
		echo "uv $(UV_VERSION) could not be installed from the package index: see pip's message above." >&2; \
		exit 1; }
	@touch $@

.venv/synced: .uv/bootstrap-$(UV_VERSION) pyproject.toml uv.lock
	@$(UV) sync --quiet --locked --python .uv/bin/python
	@touch $@

# exec, so that a signal sent to make's child reaches the supervisor itself.
run: setup
	@exec $(BIN)/python -m tracker.config.supervisor

test: setup
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --database=sqlite
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --database=postgresql

COLLECT := $(BIN)/python -m pytest -qq --collect-only
# On two cores: types take as long as the rest. What collecting the tests compiles is kept, and each
# process of `test` spared it.
check: setup
	@$(MAKE) --no-print-directory -j 2 check-types check-rest

check-types: setup
	$(BIN)/mypy

check-rest: setup
	$(UV) lock --check --quiet
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py transitions --check
	$(DUMMY_PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(COLLECT) >/dev/null || $(COLLECT)

bench: setup
	@$(BIN)/python -m tests.load.bench $(addprefix --only ,$(ONLY))

faults: setup
	@$(BIN)/python -m tests.load.faults $(addprefix --only ,$(ONLY))

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .uv staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

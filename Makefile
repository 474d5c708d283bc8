# Ten Points: every command of the project. `make` alone lists them.
#
# Works with GNU make and Python 3.11 or newer (PYTHON=python3.12 chooses another). Everything that is built goes into
# .venv/ and var/, which Git ignores: deleting them starts afresh.

PYTHON ?= python3
PORT ?= 8000
# Tests at a time (pytest-xdist); each file goes to one of them whole, in the order of tests/conftest.py, so that what it
# sets up is set up once.
JOBS ?= auto
# Further arguments for pytest: make test ARGS="-k membership -x".
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
MANAGE := $(BIN)/python manage.py
SOURCES := portal programs members languages manage.py $(wildcard tests bench)
# The languages of the interface that are translations; English is the language of the code, and locale/en is kept by hand.
LOCALES := $(filter-out en,$(notdir $(wildcard locale/*)))
# Without a server: no production secret is needed, and none is read from a developer's .env.
DEVELOPMENT := DEBUG=1 SECRET_KEY=only-for-tests SITE_URL=http://127.0.0.1:8000 ALLOWED_HOSTS=127.0.0.1,localhost
PRODUCTION := DEBUG=0 SECRET_KEY=only-to-check-the-settings-with-a-long-text-0123456789 SITE_URL=https://cities.example.org CONTACT_EMAIL=secretariat@example.org \
  OPERATOR=Example OPERATOR_COUNTRY=SE PUBLISHED_ON=2026-12-01

PYTEST = -n $(JOBS) --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help demo test check vnu lint format messages compile prepared bench load measure coverage data quality sbom audit deployment attacks faults nodes restore soak book previous

help: ## List the commands.
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'

demo: .venv/installed ## Build everything and serve the portal with its demonstration on http://127.0.0.1:8000/ (PORT=).
	@PORT=$(PORT) deploy/demo.sh

test: .venv/installed-dev compile ## Run the whole suite: on SQLite, or on the database that DATABASE_URL names.
	@$(DEVELOPMENT) $(BIN)/python -m pytest $(PYTEST) $(ARGS)

# In percent of lines and branches together. Only rises: after a test is added, to half a point below what `.ci/run`
# prints. (Half a point, because races do not always take the same branches.)
FLOOR := 96.5
COVERAGE := var/coverage

# The servers that the browser tests visit are not counted.
coverage: .venv/installed-dev compile ## Run the whole suite and count the lines and branches that it takes; fails under the floor.
	@rm -rf $(COVERAGE) && mkdir -p $(COVERAGE)
	@$(DEVELOPMENT) $(BIN)/python -W 'ignore:Unable to activate pytest' -m slipcover --json --out $(COVERAGE)/run.json -m pytest $(PYTEST) $(ARGS)
	@$(BIN)/python -m slipcover --merge $(COVERAGE)/run.json --out $(COVERAGE)/all.json --fail-under $(FLOOR) \
	  > $(COVERAGE)/report.txt; status=$$?; tail -n 1 $(COVERAGE)/report.txt | cut -c -110; \
	  $(BIN)/python -c 'import json, sys; found = json.load(open(sys.argv[1]))["summary"]["percent_covered"]; \
	  print(f"{found:.2f} % of lines and branches, and $(FLOOR) is the floor. The whole list: $(COVERAGE)/report.txt")' \
	  $(COVERAGE)/all.json; exit $$status

check: lint vnu ## All that must hold before a change lands: lint, then the tests on SQLite and on PostgreSQL.
	@env -u DATABASE_URL ALL_LANGUAGES=1 STATEMENTS=record $(MAKE) --no-print-directory test
	@STATEMENTS=use deploy/postgres-for-tests.sh $(MAKE) --no-print-directory test
	@deploy/postgres-for-tests.sh $(BIN)/python -m deploy.faults --quick

# The Nu Html Checker, which Java runs; npm fetches it, and the sum says that it is this one. Node takes the system's
# certificates, which the proxy of an office may need, only where it is told to.
VNU := 26.9.27
VNU_SUM := 22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47

vnu: ## Fetch the checker of HTML for the tests; says loudly where Java or npm is missing.
	@if command -v java > /dev/null && command -v npm > /dev/null; then $(MAKE) --no-print-directory var/vnu/vnu.jar; else \
	  echo "*** HTML is NOT validated: Java or npm is missing. On Debian and Ubuntu: apt-get install default-jre-headless npm ***"; fi

var/vnu/vnu.jar: Makefile
	@mkdir -p var/vnu
	@NODE_EXTRA_CA_CERTS=$${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt} npm install --silent --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --prefix var/vnu vnu-jar@$(VNU)
	@echo "$(VNU_SUM)  var/vnu/node_modules/vnu-jar/build/dist/vnu.jar" | sha256sum --check --quiet
	@cp var/vnu/node_modules/vnu-jar/build/dist/vnu.jar $@

lint: .venv/installed-dev ## Style, templates, spelling, direction of imports, settings, migrations: everything but the tests.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check
	find $(SOURCES) -name '*.py' -print0 | xargs -0 $(BIN)/django-upgrade --target-version 5.2 --check
	$(BIN)/codespell
	$(BIN)/lint-imports --no-cache
	$(DEVELOPMENT) $(BIN)/mypy
	$(BIN)/python bench/measure.py --check
	REUSE_ENCODING_MODULE=charset_normalizer $(BIN)/reuse lint --lines
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(DEVELOPMENT) $(MANAGE) makemigrations --check --dry-run

format: .venv/installed-dev ## Put code and templates into their form.
	-$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2

messages: .venv/installed-dev ## Bring the catalogues in locale/ up to date with the code (needs the Debian package gettext).
	@command -v xgettext > /dev/null || { echo "xgettext is missing. On Debian and Ubuntu: apt-get install gettext"; exit 1; }
	$(DEVELOPMENT) $(MANAGE) makemessages $(LOCALES:%=-l %) --no-location --no-wrap --no-obsolete --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*'
	@# The few strings of the admin's JavaScript that Django lacks stand in djangojs.po, kept by hand.
	@# Sorted, unwrapped and without the time of day, so that parallel work merges.
	@for catalogue in locale/*/LC_MESSAGES/django.po; do \
	  msgattrib --sort-output --no-wrap --no-location -o $$catalogue $$catalogue; \
	  sed -i -E '/^"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To):/d' $$catalogue; \
	done

compile: .venv/installed ## Compile the catalogues in locale/ and the words of the languages into var/dictionaries (a minute, once).
	@$(DEVELOPMENT) $(MANAGE) compile_catalogues
	@$(DEVELOPMENT) $(MANAGE) compile_dictionaries

prepared: .venv/installed-dev compile ## Build the databases that tests on SQLite start from (a minute; the tests build what is missing).
	@env -u DATABASE_URL $(DEVELOPMENT) DJANGO_SETTINGS_MODULE=portal.settings $(BIN)/python -m tests.prepared

bench: .venv/installed-dev compile ## Run the benchmarks in bench/; each prints a table.
	@for script in $(filter-out bench/measure.py bench/load.py,$(wildcard bench/*.py)); do [ -e "$$script" ] || continue; echo "$$script"; $(DEVELOPMENT) $(BIN)/python "$$script" || exit 1; done

load: .venv/installed-dev compile ## What eight readers get at once from gunicorn, with copies and without (SECONDS=).
	@$(DEVELOPMENT) $(BIN)/python bench/load.py $(SECONDS)

data: .venv/installed compile ## Load the data into a new database, prove them, and write docs/data-quality.md.
	@rm -f var/data-check.sqlite3
	@set -e; export $(DEVELOPMENT) DATABASE_URL=sqlite:///$(CURDIR)/var/data-check.sqlite3; \
	  $(MANAGE) migrate --verbosity 0; $(MANAGE) load_reference > /dev/null; $(MANAGE) load_network > /dev/null; \
	  $(MANAGE) check_data --write

quality: .venv/installed-dev compile ## Measure the search on the sets of queries: tables by class and language, and every miss.
	@$(DEVELOPMENT) $(BIN)/python -m pytest -q -s tests/languages/search/test_quality.py tests/languages/search/test_asked.py $(ARGS)

# Of what a server installs, in an environment of its own: the developers' tools are not part of the product.
sbom: .venv/installed-dev ## Write the list of all libraries (CycloneDX) to var/sbom/sbom.json, and their licences.
	@rm -rf var/sbom && mkdir -p var/sbom && $(PYTHON) -m venv var/sbom/environment
	@var/sbom/environment/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements.txt
	@var/sbom/environment/bin/python -m pip --quiet uninstall --yes pip setuptools
	@$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o var/sbom/sbom.json var/sbom/environment
	@$(BIN)/python deploy/licences.py var/sbom/sbom.json | tee var/sbom/licences.txt

AUDIT := 2.10.1

audit: ## Look for known weaknesses of the locked libraries (pip-audit, needs the Internet).
	@[ -x var/audit/bin/pip-audit ] || { $(PYTHON) -m venv var/audit && var/audit/bin/python -m pip --quiet install pip-audit==$(AUDIT); }
	@var/audit/bin/pip-audit --require-hashes --disable-pip -r requirements.txt

deployment: .venv/installed-dev compile ## Check units, nginx and compose of deploy/; serves an empty portal behind nginx.
	@deploy/check.sh

attacks: .venv/installed-dev compile ## What once broke the portal, from outside: races, limits, nasty texts; prints a table (2 minutes).
	@$(BIN)/python -m deploy.attacks

faults: .venv/installed-dev compile ## Stop, lock, fill and cut the database and its disk under load, kill workers, set clocks; prints a table (6 minutes).
	@PATH="$$PATH:/usr/sbin:/sbin" deploy/small-disk.sh deploy/postgres-for-tests.sh $(BIN)/python -m deploy.faults $(ARGS)

nodes: .venv/installed-dev compile ## Two nodes behind nginx with Redis and S3: one is killed, the cache hangs; prints a table (2 minutes).
	@PATH="$$PATH:/usr/sbin:/sbin" deploy/postgres-for-tests.sh $(BIN)/python -m deploy.nodes

restore: .venv/installed-dev compile ## Move the network from SQLite to PostgreSQL and back by its backups; offer damaged ones (3 minutes).
	@deploy/postgres-for-tests.sh $(BIN)/python -m deploy.restore

soak: .venv/installed-dev compile ## Readers and writers for ten minutes (SOAK_SECONDS=), with nothing broken: errors and memory.
	@deploy/postgres-for-tests.sh $(BIN)/python -m deploy.soak

book: ## Follow docs/operations.md word for word in a fresh root, served by nginx (as root; 10 minutes).
	@PATH="$$PATH:/usr/sbin:/sbin" $(PYTHON) -m deploy.book $(ARGS)

previous: .venv/installed-dev compile ## Run the code of the release before (REF=) on the tables of this one (1 minute).
	@deploy/previous.sh $(REF)

measure: ## Measure how readable the source is: one table, then the places (ARGS="--list 30", ARGS=--check).
	@$(PYTHON) bench/measure.py $(ARGS)

# --- The environment: built by venv and pip from pinned hashes, again only when the requirements change ---------------

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is older or missing. PYTHON=python3.12 make … chooses another."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
	  echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Building the Python environment in .venv (about a minute)…"
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/pip
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/pip
	@echo "Installing what the tests need…"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

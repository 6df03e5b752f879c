# Each recipe is one line that README shows too; the rest is how its tools get here.
VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
unexport PYTHONDONTWRITEBYTECODE  # compiling our modules and rewriting the tests' asserts is a fifth of a quick run
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard app/ui/locale/*/LC_MESSAGES/*.po))

.PHONY: run test long quick check simulate bench web texts clean
.DEFAULT_GOAL := run

run: $(READY) web        ## Start the demo commune and print three sign-in links
	@$(PYTHON) -m tungnha demo

test: $(READY) web browsers   ## Run every test
	@$(PYTHON) -m tests.everything

long: $(READY) web browsers   ## Before a release: every engine, every example, also on PostgreSQL
	@TUNGNHA_TESTS=long $(PYTHON) -m tests.everything

quick: $(READY)          ## What can be told in a minute, for every save: lint, types, a little of most tests
	@$(VENV)/bin/ruff format --check -q . && $(VENV)/bin/ruff check -q . && $(VENV)/bin/mypy && TUNGNHA_TESTS=quick $(PYTHON) -m pytest -q -n 2 -m "not slow"

check: $(READY)          ## Format, lint, types, import contracts
	@$(VENV)/bin/ruff format --check . && $(VENV)/bin/ruff check . && $(VENV)/bin/mypy && $(VENV)/bin/lint-imports

simulate: $(READY)       ## Play 10,000 seeds of phones and a server with everything going wrong, then break the product on purpose
	@$(PYTHON) -m tests.sync.simulation --seeds 10000
	@$(PYTHON) -m tests.sync.simulation --breaks

bench: $(READY) web browsers  ## Measure; prints tables
	@for name in start opening shelf app door sync lists cards office coverage crowd; do echo "== bench.$$name"; $(PYTHON) -m bench.$$name || exit 1; done

web: $(READY) $(CATALOGUES)   ## Build the offline web app into build/web, if anything changed
	@$(PYTHON) -m web.build --out build/web

texts: $(READY)          ## Collect the texts of the app into the catalogues
	@$(PYTHON) -m web.texts

clean:                   ## Remove what was built; data stays
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

%.mo: %.po | $(READY)
	@$(PYTHON) -c 'from web.texts import compile_catalogues; compile_catalogues()'

$(READY): requirements/dev.txt pyproject.toml
	@echo "Cài các thư viện vào $(VENV)…"
	@test -x $(PYTHON) || python3 -m venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@PYTHONWARNINGS=ignore $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: browsers
browsers: $(READY)
	@$(PYTHON) -m tests.browser.installed

.PHONY: pins
pins: $(READY)           ## Resolve requirements/*.in again, with hashes
	@for name in app server dev; do $(VENV)/bin/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate requirements/$$name.in -o requirements/$$name.txt; done

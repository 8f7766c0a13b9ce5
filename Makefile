# Everything a newcomer needs: `make brief` and `make test` set up what they need by themselves.
PYTHON ?= python3
COUNTRY ?= RUS
VENV ?= .venv
BIN := $(VENV)/bin
CORE := $(VENV)/.core-installed
STAMP := $(VENV)/.installed

.PHONY: brief install edition test test-rooms test-slow mutate audit lint bench docs docs-links figures release lock clean

# A brief from the edition needs no library of the model; they come where the edition is not of this code.
brief: $(CORE)
	@$(BIN)/headway edition show --gate > /dev/null || $(MAKE) $(STAMP)
	$(BIN)/headway brief $(COUNTRY)

install: $(STAMP)

# The edition that ships: made last, after every change of evidence, posterior or code that makes findings.
edition: $(STAMP)
	mkdir -p src/headway/brief/data
	$(BIN)/headway edition build --out src/headway/brief/data/edition.zip --force

test: $(STAMP) lint
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

# The quick tests of some rooms alone: make test-rooms ROOMS="core model"
test-rooms: $(STAMP)
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow" $(addprefix tests/,$(ROOMS))

test-slow: $(STAMP)
	$(BIN)/pytest -m slow

# One small change of the code at a time, and whether tests notice; a run that was ended goes on. PART names files.
mutate: $(STAMP)
	$(BIN)/python tools/mutate.py $(PART)

# Licences of what is installed; then, where a network is, known faults of the locked versions.
audit: $(STAMP)
	$(BIN)/python tools/dependencies.py
	$(BIN)/python -m venv build/audit
	build/audit/bin/python -m pip install --quiet pip-audit
	build/audit/bin/pip-audit --strict --disable-pip --require-hashes -r constraints.txt

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# The site of the pages, without a network; a link that leads nowhere is an error.
docs: $(STAMP)
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --nitpicky --fresh-env docs build/docs

docs-links: $(STAMP)
	$(BIN)/sphinx-build --quiet --builder linkcheck docs build/docs-links

# Tables and pictures of the pages.
figures: $(STAMP)
	$(BIN)/python docs/make_figures.py

# Wheel, source distribution and bill of materials in dist/, tried in clean environments: docs/releasing.md.
release: $(CORE)
	$(BIN)/python tools/release.py $(if $(ADDRESS),--address $(ADDRESS)) $(if $(PYTHONS),--python $(PYTHONS))

# The locks hold every dependency with its hashes and name no index: what a plain brief needs, a server, and all of it.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links pyproject.toml

lock: $(STAMP)
	$(BIN)/$(LOCK) --extra dev --output-file constraints.txt
	grep -E '^[a-zA-Z0-9]' constraints.txt | sed 's/ \\$$//' > $(VENV)/versions.txt
	$(BIN)/$(LOCK) --extra build --constraint $(VENV)/versions.txt --output-file constraints-core.txt
	$(BIN)/$(LOCK) --extra serve --constraint $(VENV)/versions.txt --output-file constraints-serve.txt
	$(BIN)/$(LOCK) --extra release --constraint $(VENV)/versions.txt --output-file constraints-release.txt

$(CORE): pyproject.toml constraints-core.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r constraints-core.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	touch $(CORE)

$(STAMP): $(CORE) constraints.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r constraints.txt
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist

# Two commands do all the set-up: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check
# `compat` is a plain path: the finder that setuptools makes otherwise costs every command 20 ms.
# The locks are complete. Left to resolve, pip takes `sqlalchemy[asyncio]` for another, unpinned package.

.PHONY: run test torture lint lock clean

run: .venv/run
	$(BIN)/highlands refresh --only-raw
	$(BIN)/highlands status

test: .venv/test
	$(BIN)/ruff check flows transforms tests benchmarks
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile

# The long tests of the publisher: make torture COUNT=200 (one part: ARGS="--only readers").
COUNT ?= 200
torture: .venv/test
	$(BIN)/python -m tests.torture --count $(COUNT) $(ARGS)

lint: .venv/test
	$(BIN)/ruff check --fix flows transforms tests benchmarks
	$(BIN)/mypy

bench: .venv/run .venv-bench/ready
	$(BIN)/python -m benchmarks

.venv-bench/ready: requirements-bench.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip --disable-pip-version-check install --quiet --no-deps --require-hashes -r requirements-bench.lock
	touch $@

.venv/pip:
	$(PYTHON) -m venv .venv
	touch $@

.venv/run: .venv/pip requirements.lock pyproject.toml
	$(PIP) install --quiet --no-deps --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	$(BIN)/python -m flows.processes.ephemeral & $(BIN)/python -m flows.report; wait
	touch $@

.venv/test: .venv/run requirements-test.lock
	$(PIP) install --quiet --no-deps --require-hashes -r requirements-test.lock
	touch $@

# The locks name packages and hashes, never an index.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	$(LOCK) requirements.in --output-file requirements.lock
	$(LOCK) requirements-test.in --output-file requirements-test.lock
	$(LOCK) requirements-bench.in --output-file requirements-bench.lock
	$(LOCK) requirements-dask.in --output-file requirements-dask.lock
	$(LOCK) requirements-s3.in --output-file requirements-s3.lock

clean:
	rm -rf .venv data/warehouse .mypy_cache .ruff_cache

# Two commands a fresh machine needs: `make demo` and `make test`.
PY := .venv/bin/python
# what was compiled once is not compiled again in each process, also where Python is told to write no byte code
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help

.PHONY: help demo test check lint types contracts bench peers soak features requirements clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/ready: requirements/dev.txt requirements/uv.txt pyproject.toml
	python3 -m venv .venv
	.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	.venv/bin/uv pip install -q --python $(PY) --require-hashes -r requirements/dev.txt || .venv/bin/pip install -q --require-hashes -r requirements/dev.txt
	.venv/bin/uv pip install -q --python $(PY) --no-deps --no-build-isolation -e . || .venv/bin/pip install -q --no-deps --no-build-isolation -e .
	-$(PY) -m compileall -q engine workflows cli api
	-cd .venv/lib/python3*/site-packages && ../../../bin/python -m compileall -q -j 2 $(STARTED)
	touch $@

# what a command loads: compiled once, also where Python is told to write no byte code
STARTED := typer orjson pydantic annotated_doc annotated_types typing_inspection yaml google transitions stdnum sqlalchemy sqlmodel

demo: .venv/ready ## the whole job on an embedded database: install, build a sample county, work it, tell the story
	.venv/bin/folkmoot demo

lint: .venv/ready ## style and format
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: .venv/ready ## mypy --strict
	.venv/bin/mypy

contracts: .venv/ready ## who may import whom
	.venv/bin/lint-imports

check: lint types contracts ## everything but the slow tests: run it before each commit
	.venv/bin/pytest -q -n 2 --dist worksteal tests/unit tests/contract

test: lint types contracts ## lint, types, import contracts, all tests on both databases
	.venv/bin/pytest -q -n 2 --dist worksteal tests

features: .venv/ready ## only the Gherkin features
	.venv/bin/pytest -q -n 2 --dist worksteal tests/acceptance

bench: .venv/ready ## how long the main steps take on this machine
	$(PY) -m tests.benchmarks.run

.venv-peers/ready: .venv/ready requirements/peers.txt
	.venv/bin/uv venv -q --clear --python $(PY) .venv-peers
	.venv/bin/uv pip install -q --python .venv-peers/bin/python --require-hashes -r requirements/peers.txt
	touch $@

peers: .venv-peers/ready ## the same five steps on other engines, in turns with ours
	$(PY) -m tests.benchmarks.peers.run .venv-peers/bin/python

soak: .venv/ready ## hours of random runs, killed programs and restarted servers, and work over ten million events (about 20 GB of disk)
	FOLKMOOT_SOAK=1 .venv/bin/pytest -q -n 2 --dist worksteal tests/property tests/integration/persistence/test_restarts.py tests/integration/persistence/test_two_programs.py tests/contract/test_http_fuzz.py tests/integration/api/test_many_at_once.py
	$(PY) -m tests.benchmarks.long_history

requirements: .venv/ready ## compile the pinned, hashed requirements again
	.venv/bin/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/run.txt
	.venv/bin/uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/dev.txt
	.venv/bin/uv pip compile requirements/peers.in --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/peers.txt

clean: ## remove what was built
	rm -rf .venv .venv-peers build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

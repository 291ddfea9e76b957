# Two commands matter: `make report` draws everything again, `make test` checks everything.
PYTHON ?= python3
BIN = .venv/bin
export PYTHONUTF8 = 1
export LC_ALL = C.UTF-8

.PHONY: help report test lab check bench clean
.DELETE_ON_ERROR:

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-7s %s\n", $$1, $$2}' Makefile

report: .venv/done  ## run every notebook, write figures/ and report/
	$(BIN)/python -m cls_analysis check data
	$(BIN)/python -m cls_analysis report

test: .venv/done  ## style, types, tests, and every notebook against its stored outputs
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -n auto
	$(BIN)/python -m pytest --nbval --nbval-current-env -n auto --dist loadscope notebooks

lab: .venv/done  ## open JupyterLab on the notebooks
	$(BIN)/python -m jupyterlab notebooks

check: .venv/done  ## check the data alone
	$(BIN)/python -m cls_analysis check data

bench: .venv/done  ## accuracy and speed beside the peers
	$(BIN)/python benchmarks/accuracy.py
	$(BIN)/python benchmarks/speed.py

clean:  ## remove the environment and what was built
	rm -rf .venv build dist report own-report .report-build .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/done: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

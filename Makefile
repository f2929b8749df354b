# Everything here is one line on top of the command line: `gridpress --help` lists what it can do.
PYTHON ?= python3
EXAMPLES ?= 500
VENV := .venv
READY := $(VENV)/ready
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: report smoke docs check test twice chaos hostile bench clean

report: $(READY)  ## compute what is missing, render the report, say where it lies
	@gridpress repro

smoke: $(READY)  ## the whole study at toy size, in a copy of its own
	@gridpress smoke

docs: report  ## the rendered report and the README's figures, for visitors of the repository
	@gridpress docs
	@pdftoppm -png -r 70 -f 1 -l 1 -singlefile docs/report.pdf docs/report

check: $(READY)  ## lint, format, types
	ruff check
	ruff format --check
	mypy

test: $(READY)  ## all tests, a file at a time on each of two cores
	pytest -n 2 --dist loadfile

twice: $(READY)  ## the smoke study by two people on the same machine, compared byte by byte
	pytest -s tests/end_to_end/test_twice.py

chaos: $(READY)  ## kill a small study a hundred times; ARGUMENTS='--record' writes benchmarks/results/chaos.json
	@cd tests && nice -n 10 python -m chaos $(ARGUMENTS)

hostile: $(READY)  ## some minutes of bad files and random parameters and records; ARGUMENTS=--record writes benchmarks/results/hostile.json
	@GRIDPRESS_EXAMPLES=$(EXAMPLES) nice -n 10 pytest -q $(ARGUMENTS) tests/properties tests/test_idx.py tests/test_fetch*.py

bench: $(READY)  ## measure what the README says of speed, most of an hour; ONLY="training svm" names some
	@python -m benchmarks $(ONLY)

clean:  ## remove the environment and everything rendered
	rm -rf $(VENV) scratch report/report.html report/report.pdf report/manifest.json report/figures

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gridpress needs Python 3.11 or newer; name one: make PYTHON=python3.11")'
	@echo "Installing into $(VENV): some minutes the first time."
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

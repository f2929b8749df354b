# Everything here is one line on top of the command line: `gridpress --help` lists what it can do.
PYTHON ?= python3
EXAMPLES ?= 500
ARGUMENTS ?=
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# what is set outside of this folder must not reach the Python in it
unexport PYTHONPATH PYTHONHOME PIP_USER
export PYTHONNOUSERSITE := 1

.PHONY: report smoke docs gallery check test test-all twice chaos hostile bench clean environment

report: environment  ## compute what is missing, render the report, say where it lies
	@gridpress repro

environment:  ## .venv with the pinned packages, made again where it cannot be used
	@$(PYTHON) environment.py

smoke: environment  ## the whole study at toy size, in a copy of its own
	@gridpress smoke

docs: report  ## the rendered report and the README's figures, for visitors of the repository
	@gridpress docs
	@python -m benchmarks.first_page docs/report.pdf docs/report.png

gallery: environment  ## three small studies of other images, and the pictures of docs/gallery; half an hour
	@python -m docs.gallery.make $(ONLY)

check: environment  ## lint, format, types
	ruff check
	ruff format --check
	mypy

test: environment  ## whether the installation works: some minutes, on any machine
	pytest -n 2 --dist loadfile -m "not extended" $(ARGUMENTS)

test-all: environment  ## all tests: with a browser, real data, kills; ARGUMENTS='-m extended' those that `test` leaves out
	pytest -n 2 --dist loadfile $(ARGUMENTS)

twice: environment  ## the smoke study by two people on the same machine, compared byte by byte
	pytest -s tests/end_to_end/test_twice.py

chaos: environment  ## kill a small study a hundred times; ARGUMENTS='--record' writes benchmarks/results/chaos.json
	@cd tests && nice -n 10 python -m chaos $(ARGUMENTS)

hostile: environment  ## some minutes of bad files and random parameters and records; ARGUMENTS=--record writes benchmarks/results/hostile.json
	@GRIDPRESS_EXAMPLES=$(EXAMPLES) nice -n 10 pytest -q $(ARGUMENTS) tests/properties tests/data/test_idx.py tests/fetch tests/adding

bench: environment  ## measure what the README says of speed, most of an hour; ONLY="training svm" names some
	@python -m benchmarks $(ONLY)

clean:  ## remove the environment and everything rendered
	rm -rf .venv scratch report/report.html report/report.pdf report/manifest.json report/figures

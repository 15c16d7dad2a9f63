# What people type. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench-charts bench-fault bench-ingest bench-mend bench-polling bench-replay bench-reports bench-resting bench-viewers bench-web lock measure-detection screenshots wheel clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dltv-fleet needs Python 3.11 or newer: make PYTHON=python3.11 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: locks/run.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r locks/run.lock
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: locks/dev.lock $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --require-hashes -r locks/dev.lock
	@touch $@

$(VENV)/assets.stamp: provisioning/assets/package-lock.json provisioning/assets/outline.py provisioning/assets/vendoring.py $(VENV)/run.stamp
	$(BIN)/python -m provisioning.assets
	@touch $@

setup: $(VENV)/dev.stamp $(VENV)/assets.stamp ## prepare everything in .venv, start nothing

run: $(VENV)/run.stamp $(VENV)/assets.stamp ## hub, bench classroom and an agent for this computer: http://127.0.0.1:8080
	@$(BIN)/python -m tools.run

test: setup ## everything that proves it: unit, property and end-to-end tests
	@$(BIN)/python -m tools.test_services
	$(BIN)/python -m pytest --numprocesses=logical --dist=loadfile

check: setup ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench-fault: $(VENV)/run.stamp ## break something in the bench classroom: make bench-fault F=tv-dead
	@$(BIN)/dltv-bench fault $(F)

bench-mend: $(VENV)/run.stamp ## mend it again: make bench-mend F=tv-dead
	@$(BIN)/dltv-bench mend $(F)

bench-charts: setup ## a chart of 90 days with 1,600 devices, and what their hours weigh
	$(BIN)/python -m benchmarks.charts

bench-ingest: setup ## how long does a report take in the hub, from the event to the committed row and back to detection?
	$(BIN)/python -m benchmarks.ingest

bench-polling: setup ## 64 devices on one agent, eight of them hanging: are the others polled on time?
	$(BIN)/python -m benchmarks.polling

bench-replay: setup ## how fast are recordings replayed on one core, and does memory grow with their length?
	$(BIN)/python -m benchmarks.replay

bench-reports: setup ## how long does each report of a fiscal year of 200 schools take?
	$(BIN)/python -m benchmarks.reports

bench-resting: setup ## an agent with ten devices where nothing happens: what does it take of its computer?
	$(BIN)/python -m benchmarks.resting

bench-viewers: setup ## two hundred people have the overview open: how soon do they see a change, and what does it take?
	$(BIN)/python -m benchmarks.viewers

bench-web: setup ## how long does the hub take for each page of a grown district, and what is sent?
	$(BIN)/python -m benchmarks.web

measure-detection: setup ## recall, precision, right cause, delay: six simulated districts, with a plain threshold rule beside the hub
	$(BIN)/python -m benchmarks.detection

lock: ## renew the lock files (needs uv)
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --extra agent --extra snmp --extra hub --extra provisioning --extra bench --output-file locks/run.lock pyproject.toml locks/build.in
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --extra agent --extra snmp --extra hub --extra provisioning --extra bench --extra dev --constraint locks/run.lock --output-file locks/dev.lock pyproject.toml locks/build.in
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --output-file locks/bundle.lock locks/bundle.in

screenshots: setup ## take the pictures of the README anew
	@$(BIN)/python -m tools.test_services
	$(BIN)/python -m tools.screenshots

wheel: $(VENV)/dev.stamp $(VENV)/assets.stamp ## build the wheel, web assets included, into dist/
	$(BIN)/python -m hatchling build -t wheel

clean: ## remove what setup and run made
	rm -rf $(VENV) var node_modules

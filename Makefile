# What people type. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
# A program of ours is started hundreds of times by the tests: it is compiled once, also where the machine says otherwise.
unexport PYTHONDONTWRITEBYTECODE
# What touches the store itself; `make test-postgresql` runs all of the hub. Moves and leases are tried on PostgreSQL in any case.
ON_POSTGRESQL := tests/hub/store tests/hub/ingestion tests/hub/office tests/hub/accounts tests/hub/enrolment tests/hub/trust tests/hub/test_judging.py tests/hub/test_requesting.py --ignore=tests/hub/store/test_moving.py --ignore=tests/hub/store/test_leases.py
# The longest last.
BENCHMARKS := ingest steps polling charts storage reports districts web phone viewers migrate replay flood agent country hub
.PHONY: help setup run abuse sbom audit test test-postgresql chaos check format bench bench-agent bench-charts bench-country bench-districts bench-fault bench-flood bench-hub bench-ingest bench-mend bench-migrate bench-phone bench-polling bench-replay bench-reports bench-steps bench-storage bench-viewers bench-web lock measure-detection screenshots wheel clean

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
	$(BIN)/python -m tools.suite --numprocesses=logical --dist=loadfile --no-loadscope-reorder
	DLTV_TEST_STORE=postgresql $(BIN)/python -m tools.suite --numprocesses=logical --dist=loadfile --no-loadscope-reorder $(ON_POSTGRESQL)

chaos: setup ## rounds of misfortune on real programs, each repeatable by its seed: make chaos ROUNDS=20 SEED=7
	@$(BIN)/python -m tools.test_services
	$(BIN)/python -m tests.chaos --rounds $(or $(ROUNDS),3) $(if $(SEED),--seed $(SEED))

test-postgresql: setup ## all tests of the hub, on PostgreSQL
	@$(BIN)/python -m tools.test_services
	DLTV_TEST_STORE=postgresql $(BIN)/python -m tools.suite --numprocesses=logical --dist=loadfile --no-loadscope-reorder tests/hub

check: setup ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

abuse: setup ## try to break it for some minutes, with a seed of its own: SEED=7 tries that again, TIMES=50 tries longer
	@$(BIN)/python -m tools.test_services
	$(BIN)/python -m tools.abuse $(if $(SEED),--seed $(SEED)) $(if $(TIMES),--times $(TIMES))

sbom: setup ## what a release is made of: dist/sbom.cdx.json (CycloneDX), docs/licences.md
	$(BIN)/python -m tools.sbom
	$(BIN)/python -m tools.licences

audit: setup ## compare it with the faults that are known; without Internet: make audit OSV='PyPI.zip npm.zip'
	$(BIN)/python -m tools.audit $(OSV)

format: setup ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench-fault: $(VENV)/run.stamp ## break something in the bench classroom: make bench-fault F=tv-dead
	@$(BIN)/dltv-bench fault $(F)

bench-mend: $(VENV)/run.stamp ## mend it again: make bench-mend F=tv-dead
	@$(BIN)/dltv-bench mend $(F)

bench: setup ## all benchmarks one after the other, an hour or so; it ends well when each of them does
	@failed=; for each in $(BENCHMARKS); do echo "== $$each"; $(MAKE) --no-print-directory bench-$$each || failed="$$failed $$each"; done; \
	  test -z "$$failed" || { echo "short of what is wanted:$$failed" >&2; exit 1; }

bench-agent: setup ## an agent with ten devices on a quiet day, beside agents of others: memory, processor, wire, disk, start
	$(BIN)/python -m benchmarks.agent

bench-charts: setup ## a chart of 90 days with 1,600 devices, and what their hours weigh
	$(BIN)/python -m benchmarks.charts

bench-country: setup ## a country's morning with a restart of the hub: is every report kept, and how soon? 13,400 nodes: NODES=13400
	$(BIN)/python -m benchmarks.country $(if $(NODES),--nodes $(NODES))

bench-migrate: setup ## how long does a grown district take from SQLite to PostgreSQL, and does a move that was killed go on?
	$(BIN)/python -m benchmarks.migrate

bench-districts: setup ## the page of 245 districts with 13,400 schools: how long does it take, and what does counting cost?
	$(BIN)/python -m benchmarks.districts

bench-storage: setup ## what does a stored value weigh, and what do packing and pruning cost?
	$(BIN)/python -m benchmarks.storage

bench-flood: setup ## one school computer says all that its line carries: how long do the others wait until theirs can be read?
	$(BIN)/python -m benchmarks.flood

bench-hub: setup ## reports that a live hub takes, on SQLite and PostgreSQL, beside what the machine could do; five minutes each: DURATION=300
	$(BIN)/python -m benchmarks.hub $(if $(DURATION),--seconds $(DURATION))

bench-steps: setup ## what do understanding, committing and judging a report of 12 metrics take of the processor?
	$(BIN)/python -m benchmarks.steps

bench-ingest: setup ## how long does a report take in the hub, from the event to the committed row and back to detection?
	$(BIN)/python -m benchmarks.ingest

bench-phone: setup ## how soon does somebody with a phone and a poor signal see a page, and what does it cost them?
	$(BIN)/python -m benchmarks.phone

bench-polling: setup ## 64 devices on one agent, eight of them hanging: are the others polled on time?
	$(BIN)/python -m benchmarks.polling

bench-replay: setup ## how fast are recordings replayed on one core, and does memory grow with their length?
	$(BIN)/python -m benchmarks.replay

bench-reports: setup ## how long does each report of a fiscal year of 200 schools take?
	$(BIN)/python -m benchmarks.reports

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

wheel: $(VENV)/dev.stamp $(VENV)/assets.stamp ## build the wheel, web assets included, into dist/, and what it is made of
	$(BIN)/python -m tools.sbom
	$(BIN)/python -m hatchling build -t wheel

clean: ## remove what setup and run made
	rm -rf $(VENV) var node_modules

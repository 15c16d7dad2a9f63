"""One invented district for all tests here, simulated once: twenty-two schools, nine days of everything."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simulator.__main__ import write
from simulator.scenarios import SCENARIOS
from simulator.world import World, plan

FIRST, DAYS, SCHOOLS, SEED = date(2026, 6, 8), 9, 22, 11


@pytest.fixture(scope="session")
def world() -> World:
    return plan(SEED, SCENARIOS["mixture"], SCHOOLS, FIRST, DAYS)


@pytest.fixture(scope="session")
def written(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the three files of the recording are."""
    directory = tmp_path_factory.mktemp("mixture")
    write(world, directory)
    return directory


@pytest.fixture(scope="session")
def recording(written: Path) -> Path:
    return written / "recording.ndjson.gz"


@pytest.fixture(scope="session")
def labels(written: Path) -> dict[str, Any]:
    return dict(json.loads((written / "labels.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def inventory(written: Path) -> dict[str, Any]:
    return dict(json.loads((written / "inventory.json").read_text("utf-8")))

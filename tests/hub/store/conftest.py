"""A store on a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.store.engine import open_engine, upgrade
from hub.store.unit_of_work import Store
from tests.stores import database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    opened = Store(engine)
    yield opened
    opened.close()

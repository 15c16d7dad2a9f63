"""A database of PostgreSQL as a file, and back: packed days, which are partitions, and all."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from hub.core.hourly import HOUR_MS
from hub.store.engine import open_engine
from hub.store.errors import StoreUnavailable
from hub.store.opening import open_store
from hub.store.snapshots import put_back, snapshot
from hub.store.tables import node
from tests.hub.store.busy_hub import chores
from tests.hub.store.reporting import START, DyingStore, Hub, one
from tests.hub.store.test_killed_chores import judge, stored
from tests.postgresql import databases

LATER = START + 30 * HOUR_MS


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Of a database with reports, some of them packed."""
    url = databases().at(tmp_path / "hub.db")
    with closing(DyingStore(open_engine(url))) as store:
        Hub(store).commit([one(number, START + number * HOUR_MS, cnr=1.0) for number in range(1, 25)])
        judge(store)
        chores(store, LATER)
    return url


def names(url: str) -> list[str]:
    with closing(open_store(url)) as store, store.reading() as connection:
        return list(connection.execute(select(node.c.name).order_by(node.c.name)).scalars())


def add(url: str, name: str) -> None:
    with closing(open_store(url)) as store, store.begin() as work:
        work.connection.execute(insert(node).values(group="cpm3", name=name, school=name, properties={}))


def test_what_is_put_back_is_as_it_was(url: str, tmp_path: Path) -> None:
    taken = snapshot(url, tmp_path)
    before = names(url)
    add(url, "late")
    put_back(url, taken)
    assert names(url) == before
    with closing(DyingStore(open_engine(url))) as store:
        assert stored(store) == dict.fromkeys(range(1, 25), 1)


def test_a_damaged_file_leaves_what_was_there(url: str, tmp_path: Path) -> None:
    taken = snapshot(url, tmp_path)
    taken.write_bytes(taken.read_bytes()[: taken.stat().st_size // 2])
    before = names(url)
    with pytest.raises(StoreUnavailable, match="pg_restore"):
        put_back(url, taken)
    assert names(url) == before


def test_after_a_restore_that_was_killed_another_one_succeeds(url: str, tmp_path: Path) -> None:
    taken = snapshot(url, tmp_path)
    before = names(url)
    with closing(DyingStore(open_engine(url))) as store, store.begin() as work:
        for statement in (
            "ALTER SCHEMA public RENAME TO before_restore",
            "CREATE SCHEMA public",
            "CREATE TABLE node(half int)",
        ):
            work.connection.execute(text(statement))
    put_back(url, taken)
    assert names(url) == before

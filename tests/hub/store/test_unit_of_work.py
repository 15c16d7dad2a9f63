"""One transaction: all or nothing, one writer at a time."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from hub.store.engine import open_engine, upgrade
from hub.store.errors import StoreUnavailable
from hub.store.opening import open_store
from hub.store.tables import metric
from hub.store.unit_of_work import Store
from tests.stores import database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    yield store
    store.close()


def count(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(metric)).scalar_one()


def add(store: Store, name: str) -> None:
    with store.begin() as work:
        work.connection.execute(insert(metric).values(name=name, datatype=1))


def test_leaving_the_block_commits(store: Store) -> None:
    add(store, "a")
    assert count(store) == 1


def test_an_exception_takes_everything_back(store: Store) -> None:
    def fail() -> None:
        with store.begin() as work:
            work.connection.execute(insert(metric).values(name="a", datatype=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(store) == 0


def test_writers_take_turns(store: Store) -> None:
    threads = [threading.Thread(target=lambda n=n: [add(store, f"{n}.{i}") for i in range(20)]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert count(store) == 80


def test_a_reader_sees_one_state_although_others_write(store: Store) -> None:
    with store.reading() as connection:
        before = connection.execute(select(func.count()).select_from(metric)).scalar_one()
        add(store, "a")
        assert connection.execute(select(func.count()).select_from(metric)).scalar_one() == before


def test_what_the_database_forbids_is_not_taken_for_an_outage(store: Store) -> None:
    add(store, "a")
    with pytest.raises(IntegrityError):
        add(store, "a")


def test_a_full_disk_is_an_outage(tmp_path: Path) -> None:
    """SQLite can be told that its disk is full."""
    store = open_store(f"sqlite:///{tmp_path / 'full.db'}")
    with store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    rows = [{"name": f"{number}" * 100, "datatype": 1} for number in range(1000)]

    def fill() -> None:
        with store.begin() as work:
            work.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            work.connection.execute(insert(metric), rows)

    with pytest.raises(StoreUnavailable, match="full"):
        fill()
    assert count(store) == 0
    store.close()


def test_others_are_told_once_it_is_committed(store: Store) -> None:
    told = []
    with store.begin() as work:
        work.after.append(lambda: told.append(count(store)))
        work.connection.execute(insert(metric).values(name="a", datatype=1))
    assert told == [1]


def test_nobody_is_told_of_what_was_taken_back(store: Store) -> None:
    told: list[int] = []

    def fail() -> None:
        with store.begin() as work:
            work.after.append(lambda: told.append(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert told == []

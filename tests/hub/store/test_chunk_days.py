"""Days of packed reports are partitions of a real PostgreSQL: made when they are wanted, and gone as a whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, insert, select

from hub.store.chunk_days import DAY_MS, EARLY_MS, days, days_before, drop_day, make_room
from hub.store.chunk_tables import report_chunk
from hub.store.engine import open_engine, upgrade
from hub.store.kept_reports import END
from hub.store.migrations.run import configuration
from hub.store.opening import open_store
from hub.store.pruning import Pruning
from hub.store.tables import device, epoch, metadata, node
from hub.store.unit_of_work import Store
from tests.postgresql import databases

DAY = 20_700
KEPT = 35
NOW = (DAY + KEPT + 3) * DAY_MS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(databases().at(tmp_path / "hub.db"))
    with opened.begin() as work:
        add_device(work.connection)
    yield opened
    opened.close()


def add_device(connection: Connection) -> None:
    connection.execute(insert(node).values(id=1, group="cpm3", name="1", school="1", properties={}))
    connection.execute(insert(device).values(id=1, node_id=1, key="tv", kind="tv", properties={}, latest={}))
    journal = {"id": 1, "node_id": 1, "uuid": "a", "ours": False, "newest": 9, "judged": 9, "first_seen": 1}
    connection.execute(insert(epoch).values(**journal))


def rows_of(*moments: int) -> list[dict[str, object]]:
    return [
        {"epoch_id": 1, "first": at, "last": at, "device_id": 1, "since": t, "until": t, "reports": 2, "told": 2, "body": b""}
        for at, t in enumerate(moments, start=1)
    ]  # fmt: skip


def keep(store: Store, *moments: int) -> None:
    with store.begin() as work:
        make_room(work.connection, moments)
        work.connection.execute(insert(report_chunk), rows_of(*moments))


def moments(connection: Connection) -> list[int]:
    return list(connection.execute(select(report_chunk.c.until).order_by(report_chunk.c.until)).scalars())


def test_tables_are_as_the_code_names_them_also_in_partitions(store: Store) -> None:
    keep(store, DAY * DAY_MS)
    with store.reading() as connection:
        this = {"include_object": lambda _made, name, kind, _there, _other: kind != "table" or name == "report_chunk"}
        assert compare_metadata(MigrationContext.configure(connection, opts=this), metadata) == []


def test_each_day_has_a_partition_and_wrong_clocks_share_one(store: Store) -> None:
    keep(store, DAY * DAY_MS, (DAY + 1) * DAY_MS - 1, (DAY + 1) * DAY_MS, EARLY_MS - 1, EARLY_MS - 99 * DAY_MS)
    with store.reading() as connection:
        assert days(connection) == [DAY, DAY + 1]
        assert days_before(connection, (DAY + 2) * DAY_MS - 1) == [DAY]
        assert len(moments(connection)) == 5


def test_old_days_go_as_a_whole_and_what_wrong_clocks_told_with_them(store: Store) -> None:
    young = NOW - DAY_MS
    keep(store, DAY * DAY_MS, (DAY + 1) * DAY_MS, young, EARLY_MS - 1)
    pruning = Pruning(store, KEPT)
    while pruning.step(NOW):
        pass
    pruning.step(NOW)
    with store.reading() as connection:
        assert moments(connection) == [young]
        assert days(connection) == [young // DAY_MS]


def test_a_day_that_somebody_reads_is_left_until_later_and_nobody_waits_for_it(store: Store) -> None:
    keep(store, DAY * DAY_MS)
    with store.reading() as reader:
        assert len(moments(reader)) == 1
        with store.begin() as work:
            assert drop_day(work.connection, DAY) is None
            assert work.connection.execute(select(func.count()).select_from(report_chunk)).scalar_one() == 1
        assert len(moments(reader)) == 1
    with store.begin() as work:
        assert drop_day(work.connection, DAY) == 2


def test_what_is_asked_of_some_days_looks_at_no_others(store: Store) -> None:
    keep(store, *(day * DAY_MS for day in range(DAY, DAY + 10)))
    asked = select(report_chunk.c.first).where(report_chunk.c.until >= (DAY + 8) * DAY_MS, report_chunk.c.until < END)
    with store.reading() as connection:
        plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {_sql(connection, asked)}"))
    assert f"report_chunk_d{DAY + 8}" in plan
    assert f"report_chunk_d{DAY + 7}" not in plan


def test_what_was_packed_before_there_were_partitions_is_put_into_them(tmp_path: Path) -> None:
    engine = open_engine(databases().blank("before_days"))
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0026")
        add_device(connection)
        connection.execute(insert(report_chunk), rows_of(DAY * DAY_MS, (DAY + 2) * DAY_MS, EARLY_MS - 1))
    upgrade(engine)
    with engine.connect() as connection:
        assert days(connection) == [DAY, DAY + 2]
        assert moments(connection) == [EARLY_MS - 1, DAY * DAY_MS, (DAY + 2) * DAY_MS]
    engine.dispose()


def _sql(connection: Connection, query: object) -> str:
    return str(query.compile(connection, compile_kwargs={"literal_binds": True}))  # type: ignore[attr-defined]

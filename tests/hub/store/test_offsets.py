"""Ranges as rows: whatever changes, the rows say what the ranges are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from hub.ingestion.ranges import NOTHING, Ranges
from hub.store.engine import open_engine, upgrade
from hub.store.offsets import OffsetRows
from hub.store.tables import committed, epoch, node
from tests.stores import database

SETS = st.sets(st.integers(1, 30)).map(NOTHING.add)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(insert(node).values(group="g", name="n", school="n", properties={}))
        for uuid in "ab":
            connection.execute(insert(epoch).values(node_id=1, uuid=uuid, ours=False, newest=0, judged=0, first_seen=0))
        yield connection
    engine.dispose()


def rows(connection: Connection, epoch_id: int) -> Ranges:
    found = connection.execute(select(committed.c.first, committed.c.last).where(committed.c.epoch_id == epoch_id))
    spans = sorted((row.first, row.last) for row in found)
    ranges = Ranges.of(spans)
    assert list(ranges.spans) == spans, "rows neither touch nor overlap"
    return ranges


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 2), SETS), max_size=6))
def test_rows_follow_the_ranges(connection: Connection, changes: list[tuple[int, Ranges]]) -> None:
    kept = OffsetRows(committed)
    kept.load(connection)
    for epoch_id, ranges in changes:
        kept.write(connection, {epoch_id: ranges}, {})
        kept.settle(done=True)
        assert rows(connection, epoch_id) == kept.of(epoch_id) == ranges


def test_what_a_failed_transaction_wrote_is_forgotten(connection: Connection) -> None:
    kept = OffsetRows(committed)
    with connection.begin_nested() as attempt:
        kept.write(connection, {1: Ranges.of([(1, 5)])}, {})
        attempt.rollback()
    kept.settle(done=False)
    assert kept.of(1) == NOTHING
    kept.write(connection, {1: Ranges.of([(1, 3)])}, {})
    assert rows(connection, 1) == Ranges.of([(1, 3)])

"""Many rows at a time: on either database each gets its own values, and what is there stays as it is."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from hub.store.bulk import insert_new, set_json, set_values
from hub.store.tables import device, epoch, node, report
from hub.store.unit_of_work import Store

_SAID = select(report).order_by(report.c.offset)
_ROWS = [(1, 1, 1, 1000, b"[]"), (1, 2, 2, 1001, b'[[1,"\xe0\xb8\x81"]]'), (1, 3, 1, -5, b"\x00\xff")]


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    """With two devices that have said nothing."""
    with store.begin() as work:
        added = work.connection.execute
        added(node.insert(), [{"id": 1, "group": "cpm3", "name": "1", "school": "1", "properties": {}}])
        devices = [{"id": its, "node_id": 1, "key": f"p{its}", "kind": "tv"} for its in (1, 2)]
        added(device.insert(), [{**each, "properties": {}, "latest": {}} for each in devices])
        added(
            epoch.insert(),
            [{"id": 1, "node_id": 1, "uuid": "e", "ours": False, "newest": 0, "judged": 0, "first_seen": 0}],
        )
        yield work.connection


def test_each_row_is_added_as_it_is(connection: Connection) -> None:
    insert_new(connection, report, _ROWS)
    assert [tuple(row) for row in connection.execute(_SAID)] == _ROWS


def test_a_row_whose_key_is_there_stays_and_the_others_are_added(connection: Connection) -> None:
    insert_new(connection, report, _ROWS[:2])
    insert_new(connection, report, [(1, 2, 1, 7, b"other"), _ROWS[2]])
    assert [tuple(row) for row in connection.execute(_SAID)] == _ROWS


def test_of_no_rows_nothing_comes(connection: Connection) -> None:
    insert_new(connection, report, [])
    set_values(connection, node.c.heard_at, [])
    set_json(connection, device.c.latest, [])
    assert connection.execute(_SAID).all() == []


def test_each_row_gets_its_own_value(connection: Connection) -> None:
    set_values(connection, device.c.stale_since, [(2, 20), (1, 1 << 40)])
    found = connection.execute(select(device.c.id, device.c.stale_since).order_by(device.c.id)).all()
    assert [tuple(row) for row in found] == [(1, 1 << 40), (2, 20)]


def test_json_is_kept_to_the_letter(connection: Connection) -> None:
    told = {"signal/cnr_db": [12.5, 1], 'ก "quoted"\n\\': [True, 2], "none": [None, 3], "far": [1e-9, 1 << 52]}
    set_json(connection, device.c.latest, [(1, told), (2, {})])
    assert list(connection.execute(select(device.c.latest).order_by(device.c.id)).scalars()) == [told, {}]

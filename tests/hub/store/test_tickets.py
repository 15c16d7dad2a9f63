"""Tickets in the database: compare-and-set, one open ticket per fault, a history that only grows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import FindingCleared, FindingOpened
from hub.core.texts import Text
from hub.store.engine import open_engine, upgrade
from hub.store.tables import node, ticket_entry
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import Store
from hub.tickets.machine import State
from hub.tickets.service import Outcome, Tickets
from hub.tickets.ticket import Entry, EntryKind, Ticket

TV = DeviceKey(NodeKey("cpm3", "36030001"), "p1-tv")
SILENT = Text("evidence.tv_failed.silent", {"onset_at": 100, "held_min": 50.0, "witness": ""})
TICKET = Ticket(TV, "tv_failed", 100, 200, ("silent",))
OPENED = FindingOpened(TV, "tv_failed", "silent", 100, 200, (SILENT,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    upgrade(engine)
    opened = Store(engine)
    with opened.begin() as work:
        keys = [NodeKey("cpm3", "36030001"), NodeKey("cmi3", "36030001")]
        rows = [{"group": key.group, "name": key.name, "school": key.school, "properties": {}} for key in keys]
        work.connection.execute(insert(node), rows)
    yield opened
    opened.close()


def test_a_ticket_is_kept_as_it_was_given(store: Store) -> None:
    with store.begin() as work:
        ticket_id = TicketRows(work.connection).add(TICKET, [])
    with store.begin() as work:
        rows = TicketRows(work.connection)
        assert rows.get(ticket_id) == rows.open_ticket(TV, "tv_failed") == replace(TICKET, id=ticket_id, version=1)
        assert rows.get(ticket_id + 1) is None


def test_the_same_device_of_another_district_is_another_one(store: Store) -> None:
    with store.begin() as work:
        rows = TicketRows(work.connection)
        rows.add(TICKET, [Entry(200, EntryKind.OPENED, SILENT)])
        elsewhere = DeviceKey(NodeKey("cmi3", "36030001"), "p1-tv")
        assert rows.open_ticket(elsewhere, "tv_failed") is None
        assert rows.open_ticket(TV, "tv_no_signal") is None
        assert not rows.tells(elsewhere, "tv_failed", 200, SILENT)


def test_a_change_of_an_older_version_is_refused_and_writes_nothing(store: Store) -> None:
    with store.begin() as work:
        rows = TicketRows(work.connection)
        ticket = rows.get(rows.add(TICKET, []))
        assert ticket is not None
        assert rows.change(replace(ticket, state=State.INSPECTING), [])
        assert not rows.change(replace(ticket, state=State.CANCELLED), [Entry(1, EntryKind.MOVED, SILENT)])
        now = rows.get(ticket.id)
        assert now is not None
        assert (now.state, now.version) == (State.INSPECTING, 2)
        assert work.connection.execute(select(ticket_entry)).all() == []


def test_a_fault_has_one_open_ticket_whatever_happens(store: Store) -> None:
    with store.begin() as work:
        TicketRows(work.connection).add(TICKET, [])

    def open_another() -> None:
        with store.begin() as work:
            TicketRows(work.connection).add(TICKET, [])

    with pytest.raises(IntegrityError):
        open_another()


def test_a_closed_ticket_makes_room_for_the_next(store: Store) -> None:
    with store.begin() as work:
        rows = TicketRows(work.connection)
        ticket = rows.get(rows.add(TICKET, []))
        assert ticket is not None
        rows.change(replace(ticket, state=State.CLOSED, closed_at=900), [])
        assert rows.open_ticket(TV, "tv_failed") is None
        assert rows.add(TICKET, []) != ticket.id


def test_the_history_is_found_again_by_time_and_text(store: Store) -> None:
    with store.begin() as work:
        rows = TicketRows(work.connection)
        rows.add(TICKET, [Entry(200, EntryKind.OPENED, SILENT)])
        assert rows.tells(TV, "tv_failed", 200, SILENT)
        assert not rows.tells(TV, "tv_failed", 201, SILENT)
        assert not rows.tells(TV, "tv_failed", 200, Text(SILENT.code, {"onset_at": 99}))


def test_a_fault_s_whole_life_is_in_the_database(store: Store) -> None:
    tickets = Tickets()
    cleared = FindingCleared(TV, "tv_failed", "silent", 300, (Text("cleared.tv_failed.silent", {"cleared_at": 300}),))
    with store.begin() as work:
        rows = TicketRows(work.connection)
        (ticket_id,) = tickets.apply(rows, [OPENED, cleared])
        assert tickets.apply(rows, [OPENED, cleared]) == set()
        assert tickets.move(rows, ticket_id, "closed", version=2, note="ok", now=400) is Outcome.MOVED
        assert tickets.move(rows, ticket_id, "closed", version=2, note="ok", now=400) is Outcome.STALE
        ended = rows.get(ticket_id)
        kinds = work.connection.execute(select(ticket_entry.c.kind).order_by(ticket_entry.c.id)).scalars().all()
    assert ended is not None
    assert (ended.state, ended.recovered_at, ended.closed_at, ended.version) == (State.CLOSED, 300, 400, 3)
    assert kinds == ["opened", "recovered", "moved"]

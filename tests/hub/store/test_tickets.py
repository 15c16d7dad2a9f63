"""Tickets in the database: compare-and-set, one open ticket per fault, a history that only grows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Alternative, FindingCleared, FindingOpened, Place
from hub.core.texts import Text
from hub.store.engine import open_engine, upgrade
from hub.store.tables import node, ticket_entry
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import Store
from hub.tickets.desk import Desk, Outcome
from hub.tickets.machine import State
from hub.tickets.service import Tickets, Told
from hub.tickets.ticket import Entry, EntryKind, Ticket
from tests.stores import database

NODE = NodeKey("cpm3", "36030001")
TV = Place(DeviceKey(NODE, "p1-tv"))
SILENT = Text("evidence.tv_failed.silent", {"onset_at": 100, "held_min": 50.0, "witness": ""})
BELIEF = (Alternative("tv_failed", 0.75), Alternative("tv_no_signal", 0.25))
TICKET = Ticket(TV, "tv_failed", 100, 200, ("silent",), BELIEF, snoozed_until=900, earlier=1)
OPENED = FindingOpened(TV, "tv_failed", "silent", 100, 200, (SILENT,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
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
        elsewhere = Place(DeviceKey(NodeKey("cmi3", "36030001"), "p1-tv"))
        assert rows.open_ticket(elsewhere, "tv_failed") is None
        assert rows.open_ticket(TV, "tv_no_signal") is None
        assert rows.hear(Told(elsewhere, "opened", "tv_failed", "silent", 200))


def test_a_dish_of_a_node_is_no_device_of_it_and_no_other_dish(store: Store) -> None:
    host = DeviceKey(NODE)
    with store.begin() as work:
        rows = TicketRows(work.connection)
        ticket_id = rows.add(replace(TICKET, place=Place(host, "d1"), cause="lnb_failed"), [])
        found = rows.open_ticket(Place(host, "d1"), "lnb_failed")
        assert found is not None
        assert (found.id, found.place) == (ticket_id, Place(host, "d1"))
        assert rows.open_ticket(Place(host), "lnb_failed") is None
        assert rows.open_ticket(Place(host, "d2"), "lnb_failed") is None


def test_the_open_tickets_of_a_place_are_found_whatever_their_cause(store: Store) -> None:
    dish = Place(DeviceKey(NODE), "d1")
    elsewhere = (
        Place(DeviceKey(NODE), "d2"),
        Place(DeviceKey(NODE)),
        Place(DeviceKey(NodeKey("cmi3", NODE.name)), "d1"),
    )
    with store.begin() as work:
        rows = TicketRows(work.connection)
        for place in elsewhere:
            rows.add(replace(TICKET, place=place), [])
        rows.add(replace(TICKET, place=dish, cause="lnb_failed", state=State.CLOSED), [])
        wanted = [rows.add(replace(TICKET, place=dish, cause=cause), []) for cause in ("lnb_failed", "dish_misaligned")]
        assert [(each.id, each.place) for each in rows.open_at(dish)] == [(number, dish) for number in wanted]
        assert rows.open_at(TV) == []


def test_a_ticket_that_is_set_right_in_the_database_is_found_by_its_new_cause_alone(store: Store) -> None:
    dish = Place(DeviceKey(NODE), "d1")
    moved = replace(OPENED, place=dish, cause="dish_misaligned", onset_at=150)
    sinks = replace(OPENED, place=dish, cause="signal_degrading", sign="trend", opened_at=300)
    with store.begin() as work:
        assert Tickets().apply(TicketRows(work.connection), [moved, sinks]) == {1}
    with store.begin() as work:
        rows = TicketRows(work.connection)
        assert Tickets().apply(rows, [moved, sinks]) == set()
        found = rows.open_ticket(dish, "signal_degrading")
        assert rows.open_ticket(dish, "dish_misaligned") is None
    assert found is not None
    assert (found.id, found.onset_at, found.signs) == (1, 100, ("trend",))


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


def test_what_was_told_is_known_again_by_place_time_and_what_it_was(store: Store) -> None:
    told = Told(TV, "opened", "tv_failed", "silent", 200)
    others = [replace(told, t=201), replace(told, what="cleared"), replace(told, place=Place(DeviceKey(NODE), "d1"))]
    with store.begin() as work:
        rows = TicketRows(work.connection)
        assert [rows.hear(each) for each in (told, told, *others, *others)] == [True, False, *[True] * 3, *[False] * 3]


def test_findings_of_a_merged_ticket_go_to_the_one_that_goes_on(store: Store) -> None:
    desk, tickets = Desk(), Tickets()
    second = replace(OPENED, cause="tv_no_signal", sign="no_signal")
    third = replace(OPENED, place=Place(DeviceKey(NODE, "p2-tv")))
    with store.begin() as work:
        rows = TicketRows(work.connection)
        assert tickets.apply(rows, [OPENED, second, third]) == {1, 2, 3}
        assert desk.merge(rows, 2, 1, version=1, note="", now=300) is Outcome.MOVED
        assert desk.merge(rows, 1, 3, version=2, note="", now=400) is Outcome.MOVED
        assert tickets.apply(rows, [replace(second, sign="other", opened_at=500)]) == {3}
        ended, goes_on = rows.newest(TV, "tv_no_signal"), rows.get(3)
    assert ended is not None
    assert goes_on is not None
    assert (ended.merged_into, ended.state) == (3, State.DUPLICATE_OF)
    assert "tv_no_signal.other@36030001/p1-tv" in goes_on.signs


def test_a_fault_s_whole_life_is_in_the_database(store: Store) -> None:
    tickets, desk = Tickets(), Desk()
    cleared = FindingCleared(TV, "tv_failed", "silent", 300, (Text("cleared.tv_failed.silent", {"cleared_at": 300}),))
    with store.begin() as work:
        rows = TicketRows(work.connection)
        (ticket_id,) = tickets.apply(rows, [OPENED, cleared])
        assert tickets.apply(rows, [OPENED, cleared]) == set()
        desk.follow(rows, ticket_id, State.CLOSED, note="ok", now=400)
        desk.follow(rows, ticket_id, State.CLOSED, note="ok", now=400)
        ended = rows.get(ticket_id)
        kinds = work.connection.execute(select(ticket_entry.c.kind).order_by(ticket_entry.c.id)).scalars().all()
    assert ended is not None
    assert (ended.state, ended.recovered_at, ended.closed_at, ended.version) == (State.CLOSED, 300, 400, 3)
    assert kinds == ["opened", "recovered", "moved"]


def test_a_ticket_that_was_told_of_the_wrong_place_is_found_at_the_right_one(store: Store) -> None:
    dish, receiver = Place(DeviceKey(NODE, ""), "d1"), Place(DeviceKey(NodeKey("cpm3", "36030001-2"), "p2-receiver"))
    with store.begin() as work:
        work.connection.execute(
            insert(node), [{"group": "cpm3", "name": "36030001-2", "school": "36030001", "properties": {}}]
        )
        rows = TicketRows(work.connection)
        rows.add(replace(TICKET, place=dish, cause="lnb_failed"), [])
        of_dish = rows.open_ticket(dish, "lnb_failed")
        assert of_dish is not None
        assert rows.change(replace(of_dish, place=receiver, cause="receiver_failed"), [])
    with store.reading() as connection:
        rows = TicketRows(connection)
        moved = replace(of_dish, place=receiver, cause="receiver_failed", version=2)
        assert rows.open_ticket(receiver, "receiver_failed") == rows.get(of_dish.id) == moved
        assert rows.open_at(dish) == []

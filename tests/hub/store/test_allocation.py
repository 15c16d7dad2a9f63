"""Rounds of allocation in the database."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from hub.allocation.lines import Line, Source, Stage, Work
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rules import SchoolFacts
from hub.core.assets import Asset, AssetState
from hub.core.assets import Deed as AssetDeed
from hub.core.findings import RoomDay
from hub.core.insights import RoomUse
from hub.core.people import AT_THE_CONSOLE
from hub.core.texts import Text
from hub.store.allocation import AllocationRows, Deed
from hub.store.assets import AssetRows
from hub.store.eligibility import idle_sets, school_facts
from hub.store.lessons import keep_room_days
from hub.store.tables import device, node, school
from hub.store.unit_of_work import Store

NOW, ZONE = 1_795_157_100_000, ZoneInfo("Asia/Bangkok")
ADDED = Deed(AT_THE_CONSOLE, NOW, Text("line.added"), "asked for")
LINE = Line(
    round="AL-2570-0001",
    group="cpm3",
    school="30010012",
    kind="tv",
    what="TV 55",
    quantity=2,
    work=Work.NEW,
    price_satang=2_400_000,
    source=Source.PURCHASE,
    reasons=(Text("need.faults", {"count": 3, "months": 24}),),
    reason="asked for",
    need="asset:1",
    done={Stage.RESERVED: 1},
    serials=("SN1",),
)


def test_a_line_comes_back_as_it_was_added(store: Store) -> None:
    with store.begin() as work:
        rows = AllocationRows(work.connection)
        rows.begin(LINE.round, ["cpm3"], NOW)
        rows.begin(LINE.round, None, NOW + 1)
        first, second = rows.add(LINE, ADDED), rows.add(LINE, ADDED)
        assert (rows.line(first.id), second.place) == (replace(LINE, id=1, place=1, version=1), 2)
        assert rows.lines(LINE.round) == (first, second)
        found = rows.round(LINE.round)
        assert found is not None
        assert (found.groups, found.proposed_at) == (("cpm3",), NOW)


def test_whoever_saw_an_older_line_changes_nothing(store: Store) -> None:
    with store.begin() as work:
        rows = AllocationRows(work.connection)
        rows.begin(LINE.round, None, NOW)
        line = rows.add(LINE, ADDED)
        rows.change(replace(line, quantity=3), ADDED)
        for act in (rows.change, rows.remove):
            with pytest.raises(PlanRefused) as refused:
                act(line, ADDED)
            assert refused.value.flaw is PlanFlaw.STALE


def test_what_is_taken_out_keeps_its_history(store: Store) -> None:
    with store.begin() as work:
        rows = AllocationRows(work.connection)
        rows.begin(LINE.round, None, NOW)
        line = rows.add(LINE, ADDED)
        rows.remove(line, Deed(AT_THE_CONSOLE, NOW, Text("line.removed"), "not now"))
        assert (rows.lines(LINE.round), [each.id for each in rows.removed(LINE.round)]) == ((), [1])
        assert [(each.text.code, each.note) for each in rows.history(LINE.round)[1]] == [
            ("line.added", "asked for"),
            ("line.removed", "not now"),
        ]


@pytest.mark.parametrize("deed", ["UPDATE allocation_entry SET note = 'x'", "DELETE FROM allocation_entry"])
def test_the_history_of_a_line_cannot_be_changed(store: Store, deed: str) -> None:
    with store.begin() as work:
        AllocationRows(work.connection).begin(LINE.round, None, NOW)
        AllocationRows(work.connection).add(LINE, ADDED)
    with pytest.raises(IntegrityError), store.begin() as work:
        work.connection.execute(text(deed))


def test_ticks_of_a_school_are_those_that_were_given_last(store: Store) -> None:
    place = ("cpm3", "30010012")
    with store.begin() as work:
        rows = AllocationRows(work.connection)
        rows.begin(LINE.round, None, NOW)
        rows.tick(LINE.round, place, ["teachers", "stays"], AT_THE_CONSOLE, NOW)
        rows.tick(LINE.round, place, ["stays", "size"], AT_THE_CONSOLE, NOW)
        assert rows.ticks(LINE.round) == {place: {"stays", "size"}}


def test_a_school_is_known_by_register_and_telemetry(store: Store) -> None:
    tv = Asset("cpm3", "tv", school="30010012", acquired_on=date(2024, 5, 1))
    with store.begin() as work:
        work.connection.execute(insert(school).values(group="cpm3", code="30010012", name="A", pupils=80))
        row = insert(node).values(group="cpm3", name="30010012", school="30010012", properties={})
        node_id = work.connection.execute(row).inserted_primary_key[0]  # type: ignore[index]
        told = {"node_id": node_id, "key": "", "kind": "computer", "properties": {}}
        work.connection.execute(insert(device).values(**told, latest={"net/internet": [True, NOW]}))
        AssetRows(work.connection).add(tv, AssetDeed("added", "x", "", NOW))
        lost = {"school_power_outage": 200.0, "tv_failed": 100.0}
        keep_room_days(work.connection, [RoomDay("cpm3", "30010012", "p1", "2026-11-20", lost=lost, used=700.0)])
    with store.reading() as connection:
        found = school_facts(connection, None, date(2026, 11, 21), 120, ZONE)
        assert found == {("cpm3", "30010012"): SchoolFacts(80, date(2024, 5, 1), True, 0.2, True)}
        assert school_facts(connection, ["cmi3"], date(2026, 11, 21), 120, ZONE) == {}


def test_what_was_moved_or_allocated_to_a_school_was_given_to_it_then(store: Store) -> None:
    with store.begin() as work:
        rows = AssetRows(work.connection)
        old = rows.add(
            Asset("cpm3", "tv", school="30010027", acquired_on=date(2015, 5, 1)), AssetDeed("added", "x", "", 1)
        )
        there = rows.change(replace(old, school="30010012"), AssetDeed("moved", "x", "", NOW))
        rows.change(replace(there, room="p2"), AssetDeed("moved", "x", "", NOW + 90 * 86_400_000))
    with store.reading() as connection:
        found = school_facts(connection, None, date(2026, 11, 21), 120, ZONE)
    assert found == {("cpm3", "30010012"): SchoolFacts(None, date(2026, 11, 20), True)}


def test_idle_sets_are_what_the_register_calls_so_and_what_shows_nothing(store: Store) -> None:
    used = Asset("cpm3", "tv", "1", school="30010027", room="p1")
    room = RoomUse("cpm3", "30010027", None, "p2", 60, 0, 0.0, 40, None, True)
    with store.begin() as work:
        rows = AssetRows(work.connection)
        for each in (
            used,
            replace(used, number="2", room="p2"),
            replace(used, number="3", kind="computer", room="p2"),
            replace(used, number="4", school="", room="", state=AssetState.SPARE),
        ):
            rows.add(each, AssetDeed("added", "x", "", NOW))
    with store.reading() as connection:
        found = idle_sets(connection, None, [room])
    assert [(each.asset, each.school, each.days) for each in found] == [(2, "30010027", 40), (4, "", 0)]

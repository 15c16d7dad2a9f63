"""Old reports go and their hours stay; what is told late is added to them once, whatever was killed meanwhile."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hub.core.equipment import DeviceKey
from hub.core.hourly import HOUR_MS
from hub.core.reports import Report
from hub.store.folding import Folding
from hub.store.hourly_tables import hourly_mark
from hub.store.kept_reports import told_between
from hub.store.packing import BLOCK_MS, Packing
from hub.store.pruning import Pruning
from hub.store.refolding import fold_again
from tests.hub.store.reporting import NODE, START, Hub, Killed, a_hub, one, values
from tests.hub.store.test_folding import compare, kept, naive

DAYS = 35.0
DAY_MS = 86_400_000
LATER = START + 37 * DAY_MS
APART_MS = 22 * 60_000
"""Longer than a value holds: what each adds to its hour does not depend on the others."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with a_hub() as made:
        yield made


def tidy(hub: Hub, now: int = LATER) -> None:
    hub.fold(now)
    for chore in (Packing(hub.store, DAYS), Pruning(hub.store, DAYS)):
        while chore.step(now):
            pass


def told(hub: Hub) -> int:
    with hub.store.reading() as connection:
        return len(told_between(connection, 1))


def test_old_reports_go_and_their_hours_stay(hub: Hub) -> None:
    hub.commit([one(n, START + n * APART_MS, cnr=float(n)) for n in range(1, 30)])
    hub.commit([one(30, LATER - DAY_MS, cnr=30.0)])
    tidy(hub)
    assert told(hub) == 1
    compare(kept(hub.store), naive(hub, LATER))
    assert fold_again(hub.store, LATER) == 1
    compare(kept(hub.store), naive(hub, LATER))


def test_a_late_report_is_added_to_an_hour_whose_reports_are_gone(hub: Hub) -> None:
    hub.commit([one(n, START + n * APART_MS, cnr=float(n)) for n in (0, 2)])
    tidy(hub)
    hub.commit([one(1, START + APART_MS, cnr=9.0)])
    hub.fold(LATER)
    compare(kept(hub.store), naive(hub, LATER))
    assert kept(hub.store)["p1-tv", START // HOUR_MS, "signal/cnr_db"][0] == 3
    tidy(hub)
    tidy(hub)
    compare(kept(hub.store), naive(hub, LATER))


def test_an_hour_that_was_never_told_is_made_of_what_comes_late(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=1.0)])
    tidy(hub)
    late = [one(n, START + 5 * HOUR_MS + n * 120_000, cnr=float(n)) for n in range(2, 12)]
    hub.commit(late)
    hub.fold(LATER, batch=3)
    compare(kept(hub.store), naive(hub, LATER))


def test_hours_that_end_before_the_limit_have_all_their_reports_or_are_marked(hub: Hub) -> None:
    hub.commit([one(n, START + n * BLOCK_MS, cnr=float(n)) for n in range(1, 12)])
    tidy(hub, START + 36 * DAY_MS)
    with hub.store.reading() as connection:
        before = connection.execute(select(hourly_mark.c.pruned_before)).scalar_one()
        left = [each.t for each in told_between(connection, 1)]
    assert before == START + DAY_MS
    assert left == [START + n * BLOCK_MS for n in range(4, 12)]


def test_a_fold_that_had_read_before_pruning_began_begins_anew(hub: Hub) -> None:
    hub.commit([one(n, START + n * APART_MS, cnr=float(n)) for n in range(4)])
    hub.fold(LATER)
    hub.commit([one(5, START + 10 * HOUR_MS, cnr=1.0), one(4, START + 4 * APART_MS, cnr=9.0)])
    slow = Folding(hub.store, batch=1)
    slow.step(LATER)
    for chore in (Packing(hub.store, DAYS), Pruning(hub.store, DAYS)):
        while chore.step(LATER):
            pass
    while slow.step(LATER):
        pass
    compare(kept(hub.store), naive(hub, LATER))


@st.composite
def reports(draw: st.DrawFn) -> list[Report]:
    numbers = draw(st.lists(st.integers(0, 16), unique=True, min_size=1, max_size=20))
    found = []
    for offset, number in enumerate(numbers, 1):
        hour, place = divmod(number, 2)
        samples = values(cnr=float(draw(st.integers(-8, 8))), on=draw(st.booleans()))
        key = DeviceKey(NODE, draw(st.sampled_from(["p1-tv", "p1-receiver"])))
        found.append(Report(key, "e1", offset, START + hour * HOUR_MS + place * APART_MS, samples))
    return found


@settings(max_examples=20, deadline=None)
@given(reports(), st.data())
def test_hours_hold_every_report_once_whenever_others_were_pruned(reports: list[Report], data: st.DataObject) -> None:
    with a_hub() as hub:
        waiting = list(reports)
        while waiting:
            taken = data.draw(st.integers(1, len(waiting)))
            hub.commit(waiting[:taken])
            del waiting[:taken]
            now = START + 35 * DAY_MS + data.draw(st.integers(0, 12)) * HOUR_MS
            for make in (Folding, lambda store: Packing(store, DAYS), lambda store: Pruning(store, DAYS)):
                chore = make(hub.store)
                for hub.store.dies in data.draw(st.lists(st.booleans(), max_size=4)):
                    try:
                        chore.step(now)
                    except Killed:
                        chore = make(hub.store)
            hub.store.dies = False
        tidy(hub)
        compare(kept(hub.store), naive(hub, LATER))
        assert told(hub) == 0


def test_a_tick_prunes_and_then_looks_again_after_an_hour(hub: Hub) -> None:
    pruning = Pruning(hub.store, DAYS)
    pruning.tick(LATER)
    hub.commit([one(1, START, cnr=1.0)])
    hub.fold(LATER)
    packing = Packing(hub.store, DAYS)
    while packing.step(LATER):
        pass
    pruning.tick(LATER + 60_000)
    assert told(hub) == 1
    pruning.tick(LATER + HOUR_MS)
    assert told(hub) == 0

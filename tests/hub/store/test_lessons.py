"""Days of rooms stand as they were told last."""

from dataclasses import replace

import pytest

from hub.core.findings import RoomDay
from hub.store.lessons import keep_room_days, room_days
from hub.store.unit_of_work import Store

MONDAY = RoomDay("cpm3", "36030001", "p1", "2026-06-01", {"rain_fade": 30.0, "tv_failed": 12.5}, 240.0)
TUESDAY = replace(MONDAY, date="2026-06-02", lost={}, used=100.0)
ELSEWHERE = replace(MONDAY, school="36030002", lost={})


def keep(store: Store, *told: RoomDay) -> None:
    with store.begin() as work:
        keep_room_days(work.connection, told)


def read(store: Store, *place: str, **days: str) -> list[RoomDay]:
    with store.reading() as connection:
        return list(room_days(connection, *place, **days))


def test_days_come_back_as_they_were_told(store: Store) -> None:
    keep(store, TUESDAY, MONDAY, ELSEWHERE)
    assert read(store) == [MONDAY, TUESDAY, ELSEWHERE]


def test_what_is_told_anew_replaces_what_was_told_before(store: Store) -> None:
    keep(store, MONDAY)
    corrected = replace(MONDAY, lost={"dish_misaligned": 30.0}, used=241.0)
    for _ in range(2):
        keep(store, corrected)
    assert read(store) == [corrected]


def test_of_two_that_are_told_together_the_later_stands(store: Store) -> None:
    keep(store, MONDAY, replace(MONDAY, lost={}))
    assert read(store) == [replace(MONDAY, lost={})]


def test_nothing_told_is_nothing_kept(store: Store) -> None:
    keep(store)
    assert read(store) == []


@pytest.mark.parametrize(
    ("place", "days", "found"),
    [
        (("cpm3", "36030001"), {}, [MONDAY, TUESDAY]),
        (("cpm4",), {}, []),
        (("cpm3", "36030001"), {"first": "2026-06-02"}, [TUESDAY]),
        ((), {"last": "2026-06-01"}, [MONDAY, ELSEWHERE]),
    ],
)
def test_days_are_found_by_place_and_date(
    store: Store, place: tuple[str, ...], days: dict[str, str], found: list[RoomDay]
) -> None:
    keep(store, MONDAY, TUESDAY, ELSEWHERE)
    assert read(store, *place, **days) == found

"""The day's numbers, made of rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.overview import DayNumbers, Pending, SchoolState, StateAges, Waiting, by_age, class_minutes

NOW, HOUR, DAY = 1_795_157_100_000, 3_600_000, 86_400_000
STATES = ("reported", "inspecting", "closed")


def test_what_could_be_shown_is_what_was_not_lost() -> None:
    day = DayNumbers(rooms=2, class_min=600.0, lost=(("rain_fade", 45.0), ("tv_failed", 15.0)))
    assert day.lost_min == 60.0
    assert day.available == pytest.approx(0.9)


def test_before_class_nothing_is_said_of_it() -> None:
    assert DayNumbers(rooms=2, class_min=0.0).available is None


def test_more_lost_than_there_was_is_nothing_left_and_not_less() -> None:
    assert DayNumbers(rooms=1, class_min=10.0, lost=(("tv_failed", 12.0),)).available == 0.0


def test_each_room_has_the_class_of_its_school() -> None:
    rooms = {("cpm3", "1"): 3, ("cpm3", "2"): 1, ("cpm3", "3"): 2}
    assert class_minutes(rooms, {("cpm3", "1"): 60.0, ("cpm3", "2"): 30.0}) == 210.0


def test_tickets_are_counted_by_state_and_age() -> None:
    opened = [("inspecting", NOW - HOUR), ("reported", NOW - 2 * DAY), ("reported", NOW - 30 * DAY)]
    assert by_age(opened, NOW, STATES) == (
        StateAges("reported", (0, 1, 0, 1)),
        StateAges("inspecting", (1, 0, 0, 0)),
    )


def test_a_ticket_of_exactly_a_day_is_no_longer_of_today() -> None:
    assert by_age([("reported", NOW - DAY)], NOW, STATES) == (StateAges("reported", (0, 1, 0, 0)),)


def test_a_state_that_nobody_knows_comes_last() -> None:
    found = by_age([("odd", NOW), ("closed", NOW)], NOW, STATES)
    assert [each.state for each in found] == ["closed", "odd"]


@given(st.lists(st.tuples(st.sampled_from([*STATES, "odd"]), st.integers(0, 2 * NOW))))
def test_no_ticket_is_lost_or_counted_twice(opened: list[tuple[str, int]]) -> None:
    assert sum(each.total for each in by_age(opened, NOW, STATES)) == len(opened)


def test_trouble_is_worse_than_silence_and_silence_worse_than_all_is_well() -> None:
    order = sorted(SchoolState, key=lambda state: state.badness)
    assert order[0] is SchoolState.TROUBLE
    assert order.index(SchoolState.SILENT) < order.index(SchoolState.WELL)


def test_what_is_late_comes_before_what_waits_longer() -> None:
    late, long = Waiting(Pending.MINE, 1, NOW, late=1), Waiting(Pending.UNASSIGNED, 4, NOW - DAY)
    assert sorted([long, late], key=lambda each: each.order) == [late, long]

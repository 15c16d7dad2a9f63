"""Class hours: off at night, on weekends, holidays and between terms is no fault; each school can differ."""

from datetime import date, time
from types import SimpleNamespace
from typing import Any

import pytest


def _silent_from(lab: SimpleNamespace, start: int, end: int, **calendar: Any) -> Any:
    kind = type(lab.Town().calendar)
    town = lab.Town(calendar=kind(**calendar))
    school = town.school(*lab.rooms(2))
    school.lives(start - lab.DAY, end, every_min=30)
    school.says(start, "p1-tv", device__reachable=False)
    return town.play(end)


@pytest.mark.parametrize(
    ("what", "start", "end"),
    [
        ("night", ("15:31", 0), ("08:30", 1)),
        ("weekend", ("15:31", 4), ("08:30", 7)),
        ("holiday", ("15:31", 49), ("08:00", 52)),
        ("between terms", ("15:31", 123), ("08:00", 146)),
    ],
)
def test_silence_without_class_is_no_fault(
    lab: SimpleNamespace, what: str, start: tuple[str, int], end: tuple[str, int]
) -> None:
    """28 and 29 July are holidays; the term ends on Saturday 10 October and the next begins on Sunday 1 November."""
    assert _silent_from(lab, lab.at(*start), lab.at(*end)).faults == []


def test_the_wait_goes_on_where_class_goes_on(lab: SimpleNamespace) -> None:
    (fault,) = _silent_from(lab, lab.at("15:00", 4), lab.at("10:00", 7)).faults
    assert (fault.onset_at, fault.opened_at) == (lab.at("15:00", 4), lab.at("08:50", 7))


def test_the_inventory_s_hours_and_holidays_are_those_that_count(lab: SimpleNamespace) -> None:
    start, end = lab.at("09:00", 1), lab.at("12:00", 1)
    afternoon = {"class_hours": (time(13, 0), time(16, 0))}
    assert _silent_from(lab, start, end, **afternoon).faults == []
    assert _silent_from(lab, start, end, holidays=(date(2026, 6, 9),)).faults == []
    assert len(_silent_from(lab, start, end).faults) == 1


def test_each_school_can_differ(lab: SimpleNamespace) -> None:
    kind = type(lab.Town().calendar)
    town = lab.Town(calendar=kind(schools={"36030001": {"no_class": ["2026-06-09"]}}))
    end = lab.at("12:00", 1)
    for school in town.row(2):
        school.lives(lab.at("00:00"), end, every_min=30)
        school.says(lab.at("09:00", 1), "p1-tv", device__reachable=False)
    assert town.play(end).tickets == [("36030002 p1-tv", "tv_failed")]

"""school_offline: silent for over four class hours and nothing explains it yet; corrected when the node returns and tells."""

from types import SimpleNamespace
from typing import Any

import pytest


def _school(lab: SimpleNamespace, start: int, end: int, back: int | None = None, uptime_min: float = 1) -> Any:
    town = lab.Town()
    school = town.school(*lab.rooms(1))
    school.lives(lab.at("00:00"), end, every_min=30)
    school.said = [row for row in school.said if row[0] < start or (back is not None and row[0] >= back)]
    school.dies(start)
    if back is not None:
        school.born(back, uptime_min=uptime_min)
    return town


def test_four_class_hours_of_silence_are_a_ticket(lab: SimpleNamespace) -> None:
    start, end = lab.at("14:30", 1), lab.at("15:30", 2)
    (fault,) = _school(lab, start, end).play(end).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001", "school_offline", "unheard")
    assert (fault.onset_at, fault.opened_at) == (start, lab.at("11:30", 2))


def test_a_weekend_does_not_count(lab: SimpleNamespace) -> None:
    end = lab.at("08:00", 7)
    assert _school(lab, lab.at("12:00", 4), end).play(end).faults == []


@pytest.mark.parametrize(("uptime_min", "cause"), [(1, "school_power_outage"), (6000, "school_link_outage")])
def test_when_it_returns_its_cause_is_corrected(lab: SimpleNamespace, uptime_min: float, cause: str) -> None:
    start, back, end = lab.at("09:00", 1), lab.at("10:00", 2), lab.at("15:30", 2)
    (fault,) = _school(lab, start, end, back, uptime_min).play(end).faults
    assert fault.causes == ["school_offline", cause]
    assert fault.cleared_at == back


def test_a_node_that_dies_unseen_is_missed_too(lab: SimpleNamespace) -> None:
    """Its broker never told its death: by its pauses it is seen that it says nothing any more."""
    town = _school(lab, lab.at("09:00", 9), lab.at("15:30", 10))
    town.schools[0].session = [row for row in town.schools[0].session if row[0] < lab.at("09:00", 9)]
    (fault,) = town.play(lab.at("15:30", 10)).faults
    assert (fault.where, fault.cause) == ("36030001", "school_offline")


def test_the_sets_and_dishes_of_a_silent_school_open_none(lab: SimpleNamespace) -> None:
    town = _school(lab, lab.at("09:00", 1), lab.at("15:30", 3))
    school = town.schools[0]
    school.says(lab.at("08:58", 1), "p1-receiver", signal__lock=False)
    school.says(lab.at("08:58", 1), "p1-tv", device__reachable=False)
    assert town.play(lab.at("15:30", 3)).tickets == [("36030001", "school_offline")]


def test_a_node_that_is_there_and_has_little_to_say_is_not_missed(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school, end = town.school(), lab.at("15:30", 4)
    school.born(lab.at("00:00"))
    school.says(lab.at("08:00", 1), "p1-receiver", signal__lock=True)
    assert town.play(end).faults == []

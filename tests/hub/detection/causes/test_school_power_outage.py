"""school_power_outage: at its return the node has been up for less than it was away. A ticket only where it keeps coming back."""

from types import SimpleNamespace
from typing import Any

import pytest


def _school(lab: SimpleNamespace, end: int, cuts: list[tuple[int, int]], *, begin: int = 0, **how: Any) -> Any:
    """A school whose mains fail from one time to another; its computer boots when they are back."""
    town = lab.Town()
    school = town.school()
    school.lives(begin or lab.at("00:00"), end, **how)
    for start, back in cuts:
        school.said = [row for row in school.said if not start <= row[0] < back]
        school.dies(start)
        school.born(back + lab.MINUTE, uptime_min=1)
    return town


def test_a_power_cut_is_an_incident_and_no_ticket(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("10:00", 1), lab.at("11:00", 1), lab.at("15:30", 1)
    outcome = _school(lab, end, [(start, back)]).play(end)
    assert outcome.faults == []
    (cut,) = outcome.told("school_power_outage")
    assert set(cut.schools) == {"36030001"}
    assert abs(cut.start - start) <= 5 * lab.MINUTE
    assert abs((cut.end or 0) - back) <= 5 * lab.MINUTE


def test_without_power_the_lesson_is_lost(lab: SimpleNamespace) -> None:
    end = lab.at("15:30", 1)
    lost = _school(lab, end, [(lab.at("10:00", 1), lab.at("11:00", 1))]).play(end).lost("36030001", 1)
    assert set(lost) == {"school_power_outage"}
    assert abs(lost["school_power_outage"] - 60) <= 5


def test_three_cuts_in_two_weeks_are_a_fault_of_the_school_s_own_supply(lab: SimpleNamespace) -> None:
    cuts = [(lab.at("10:00", day), lab.at("10:40", day)) for day in (4, 8, 11)]
    (fault,) = _school(lab, lab.at("15:30", 11), cuts, every_min=60).play(lab.at("15:30", 11)).faults
    assert (fault.where, fault.cause) == ("36030001", "school_power_outage")
    assert lab.at("10:40", 11) <= fault.opened_at <= lab.at("11:30", 11)
    assert fault.evidence["count"] == 3


@pytest.mark.parametrize("days", [(4, 8), (1, 11, 22)])
def test_two_or_three_over_a_month_are_not(lab: SimpleNamespace, days: tuple[int, ...]) -> None:
    cuts = [(lab.at("10:00", day), lab.at("10:40", day)) for day in days]
    assert _school(lab, lab.at("15:30", 23), cuts, every_min=60).play(lab.at("15:30", 23)).faults == []


def test_a_school_that_switches_off_its_mains_each_evening_has_no_fault(lab: SimpleNamespace) -> None:
    evenings = [(lab.at(f"16:{5 * day % 60:02}", day), lab.at("07:40", day + 1)) for day in range(12)]
    end = lab.at("15:30", 12)
    outcome = _school(lab, end, evenings, every_min=30).play(end)
    assert outcome.faults == []
    assert all(outcome.lost("36030001", day) == {} for day in range(13))


def test_a_cut_of_a_minute_is_told_to_nobody(lab: SimpleNamespace) -> None:
    start, end = lab.at("10:00", 1), lab.at("15:30", 1)
    outcome = _school(lab, end, [(start, start + lab.MINUTE)]).play(end)
    assert outcome.faults == []
    assert outcome.told("school_power_outage") == []


def test_sets_of_a_school_without_power_open_no_tickets(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("08:40", 1), lab.at("15:00", 1), lab.at("15:30", 1)
    town = _school(lab, end, [(start, back)])
    town.schools[0].says(start - lab.MINUTE, "p1-tv", device__reachable=False)
    assert [each for each in town.play(end).faults if each.place.device.device] == []

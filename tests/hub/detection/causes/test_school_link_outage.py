"""school_link_outage: the node was silent, and at its return it had been up all along, its journal intact."""

from types import SimpleNamespace
from typing import Any


def _school(lab: SimpleNamespace, start: int, back: int, end: int, *, uptime: bool = True) -> Any:
    """It goes on writing its journal while nobody hears it."""
    town = lab.Town()
    school = town.school()
    school.lives(lab.at("00:00"), end)
    school.dies(start)
    school.born(back, uptime_min=4000)
    if not uptime:
        school.session[-3] = (back, "", {"node/online": True})
    return town


def test_an_hour_without_internet_is_an_incident_and_no_ticket(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("10:00", 1), lab.at("11:00", 1), lab.at("15:30", 1)
    outcome = _school(lab, start, back, end).play(end)
    assert outcome.faults == []
    (cut,) = outcome.told("school_link_outage")
    assert (cut.start, cut.end) == (start, back)


def test_the_lesson_goes_on_without_internet(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("10:00", 1), lab.at("11:00", 1), lab.at("15:30", 1)
    assert _school(lab, start, back, end).play(end).lost("36030001", 1) == {}


def test_over_four_class_hours_it_is_a_ticket(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("09:00", 1), lab.at("14:00", 1), lab.at("15:30", 1)
    (fault,) = _school(lab, start, back, end).play(end).faults
    assert (fault.where, fault.causes) == ("36030001", ["school_offline", "school_link_outage"])
    assert (fault.onset_at, fault.opened_at, fault.cleared_at) == (start, lab.at("13:00", 1), back)


def test_where_the_uptime_is_not_told_the_journal_s_history_tells_it(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("10:00", 1), lab.at("11:00", 1), lab.at("15:30", 1)
    assert len(_school(lab, start, back, end, uptime=False).play(end).told("school_link_outage")) == 1


def test_what_happened_meanwhile_is_judged_as_if_it_had_been_heard(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("09:00", 1), lab.at("12:30", 1), lab.at("15:30", 1)
    town = _school(lab, start, back, end)
    school = town.schools[0]
    school.says(lab.at("09:30", 1), "p1-tv", device__reachable=False)
    school.session = [row for row in school.session if row[:2] != (back, "p1-tv")]
    (fault,) = [each for each in town.play(end).faults if each.place.device.device]
    assert (fault.where, fault.cause) == ("36030001 p1-tv", "tv_failed")
    assert fault.onset_at <= back


def test_a_glitch_of_the_broker_is_told_to_nobody(lab: SimpleNamespace) -> None:
    town = lab.Town()
    end = lab.at("15:30", 1)
    for school in town.row(5):
        school.lives(lab.at("00:00"), end)
        school.dies(lab.at("10:00", 1))
        school.born(lab.at("10:02", 1))
    outcome = town.play(end)
    assert outcome.faults == []
    assert outcome.incidents == {}


def test_a_night_without_internet_is_no_matter(lab: SimpleNamespace) -> None:
    end = lab.at("15:30", 2)
    assert _school(lab, lab.at("16:00", 1), lab.at("08:00", 2), end).play(end).faults == []

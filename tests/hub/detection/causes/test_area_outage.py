"""area_outage: several neighbouring nodes die within minutes: one incident, its members named, no tickets per school."""

from types import SimpleNamespace
from typing import Any


def _valley(
    lab: SimpleNamespace, start: int, back: int | None, end: int, *, struck: int = 4, apart_km: float = 4.0
) -> Any:
    """The power company loses a line: the first schools of a road go dark one after the other, within minutes."""
    town = lab.Town()
    for n, school in enumerate(town.row(7, apart_km)):
        school.lives(lab.at("00:00"), end)
        if n < struck:
            _cut(lab, school, start + n * 40_000, None if back is None else back + n * lab.MINUTE)
    return town


def _cut(lab: SimpleNamespace, school: Any, start: int, back: int | None) -> None:
    school.said = [row for row in school.said if row[0] < start or (back is not None and row[0] >= back)]
    school.dies(start)
    if back is not None:
        school.born(back, uptime_min=1)


def test_neighbours_that_die_together_are_one_incident_and_no_ticket(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("10:00", 1), lab.at("12:00", 1), lab.at("15:30", 1)
    town = _valley(lab, start, back, end)
    outcome = town.play(end)
    assert outcome.faults == []
    (outage,) = outcome.told("area_outage")
    assert set(outage.schools) == {school.code for school in town.schools[:4]}
    assert abs(outage.start - start) <= 5 * lab.MINUTE
    assert abs((outage.end or 0) - back) <= 10 * lab.MINUTE
    assert outcome.told("school_power_outage") == []


def test_its_lesson_minutes_are_its_own(lab: SimpleNamespace) -> None:
    end = lab.at("15:30", 1)
    outcome = _valley(lab, lab.at("10:00", 1), lab.at("12:00", 1), end).play(end)
    lost = outcome.lost("36030002", 1)
    assert set(lost) == {"area_outage"}
    assert abs(lost["area_outage"] - 120) <= 5


def test_one_that_lasts_for_the_whole_day_opens_no_tickets_either(lab: SimpleNamespace) -> None:
    end = lab.at("15:30", 1)
    assert _valley(lab, lab.at("08:31", 1), None, end).play(end).faults == []


def test_whoever_stays_away_after_the_others_came_back_is_missed_for_itself(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("09:00", 1), lab.at("10:00", 1), lab.at("15:30", 2)
    town = _valley(lab, start, back, end)
    lost = town.schools[2]
    lost.session = [row for row in lost.session if row[0] < start + 40 * lab.MINUTE]
    lost.said = [row for row in lost.said if row[0] < start]
    assert town.play(end).tickets == [(lost.code, "school_offline")]


def test_schools_far_from_each_other_are_no_area(lab: SimpleNamespace) -> None:
    end = lab.at("15:30", 1)
    town = _valley(lab, lab.at("10:00", 1), lab.at("11:00", 1), end, apart_km=60.0)
    assert town.play(end).told("area_outage") == []


def test_two_are_a_coincidence(lab: SimpleNamespace) -> None:
    end = lab.at("15:30", 1)
    outcome = _valley(lab, lab.at("10:00", 1), lab.at("11:00", 1), end, struck=2).play(end)
    assert outcome.told("area_outage") == []
    assert len(outcome.told("school_power_outage")) == 2


def test_schools_that_switch_off_at_the_same_hour_each_evening_are_no_outage(lab: SimpleNamespace) -> None:
    town = lab.Town()
    end = lab.at("15:30", 10)
    for n, school in enumerate(town.row(5)):
        school.lives(lab.at("00:00"), end, every_min=30)
        for day in range(10):
            leaving = lab.at("16:30", day) + n * lab.MINUTE
            back = lab.at("07:30", day + 1)
            school.said = [row for row in school.said if not leaving <= row[0] < back]
            school.dies(leaving)
            school.born(back, uptime_min=1)
    outcome = town.play(end)
    assert outcome.faults == []
    assert [each for each in outcome.told("area_outage") if each.start > lab.at("00:00", 4)] == []


def test_one_whose_battery_carries_it_for_a_while_belongs_to_it(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("10:00", 1), lab.at("12:00", 1), lab.at("15:30", 1)
    town = _valley(lab, start, back, end)
    _cut(lab, town.schools[5], start + 20 * lab.MINUTE, back + 5 * lab.MINUTE)
    outcome = town.play(end)
    (outage,) = outcome.told("area_outage")
    assert set(outage.schools) == {school.code for school in (*town.schools[:4], town.schools[5])}
    assert outcome.told("school_power_outage") == []


def test_one_that_dies_when_the_valley_has_its_power_again_has_a_power_cut_of_its_own(lab: SimpleNamespace) -> None:
    start, back, end = lab.at("10:00", 1), lab.at("10:30", 1), lab.at("15:30", 1)
    town = _valley(lab, start, back, end)
    _cut(lab, town.schools[5], back + 10 * lab.MINUTE, back + 50 * lab.MINUTE)
    outcome = town.play(end)
    assert [list(each.schools) for each in outcome.told("school_power_outage")] == [[town.schools[5].code]]


def test_cuts_of_four_minutes_are_no_fault_of_the_schools_however_often_they_come(lab: SimpleNamespace) -> None:
    """A line that a branch has touched is switched on again within minutes."""
    town, end = lab.Town(), lab.at("15:30", 11)
    for n, school in enumerate(town.row(7)):
        school.lives(lab.at("00:00"), end, every_min=30)
        for day in (4, 8, 11) if n < 4 else ():
            start = lab.at("10:00", day) + n * 20_000
            _cut(lab, school, start, start + 4 * lab.MINUTE)
    outcome = town.play(end)
    assert outcome.faults == []
    assert outcome.told("school_power_outage") == []
    assert [len(each.schools) for each in outcome.told("area_outage")] == [4, 4, 4]


def test_batteries_that_carry_a_school_for_a_while_make_no_fault_of_its_own_supply(lab: SimpleNamespace) -> None:
    town, end = lab.Town(), lab.at("15:30", 11)
    for n, school in enumerate(town.row(5)):
        school.lives(lab.at("00:00"), end, every_min=30)
        for day in (4, 8, 11):
            held = 25 * lab.MINUTE if n == 4 else n * 20_000
            _cut(lab, school, lab.at("10:00", day) + held, lab.at("11:00", day) + n * lab.MINUTE)
    assert town.play(end).faults == []

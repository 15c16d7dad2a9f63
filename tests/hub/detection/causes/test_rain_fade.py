"""rain_fade: an incident while it lasts, with those that it falls on; never a ticket."""

from types import SimpleNamespace

import pytest


def _night_before(lab: SimpleNamespace) -> tuple[int, int]:
    return lab.at("00:00"), lab.at("15:00", 1)


def test_rain_over_neighbours_is_one_incident_and_no_ticket(lab: SimpleNamespace) -> None:
    town = lab.Town()
    begin, end = _night_before(lab)
    start = lab.at("09:30", 1)
    for n, school in enumerate(town.row(5)):
        wet = lab.shower(start + n * 5 * lab.MINUTE, 70, 5.0)
        school.lives(begin, end, wet if n < 3 else lab.clear_sky)
    outcome = town.play(end)
    assert outcome.faults == []
    (rain,) = outcome.told("rain_fade")
    assert set(rain.schools) == {school.code for school in town.schools[:3]}
    assert abs(rain.start - start) <= 30 * lab.MINUTE
    assert rain.end is not None
    assert abs(rain.end - start - 80 * lab.MINUTE) <= 40 * lab.MINUTE


@pytest.mark.parametrize("minutes", [10, 45, 110])
def test_rain_over_one_school_alone_is_no_ticket_either(lab: SimpleNamespace, minutes: int) -> None:
    town = lab.Town()
    begin, end = _night_before(lab)
    for n, school in enumerate(town.row(4)):
        school.lives(begin, end, lab.shower(lab.at("10:00", 1), minutes, 8.0) if n == 0 else lab.clear_sky)
    assert town.play(end).faults == []


def test_lock_that_is_lost_in_a_storm_costs_lessons_and_no_journey(lab: SimpleNamespace) -> None:
    town = lab.Town()
    begin, end = _night_before(lab)
    for n, school in enumerate(town.row(6)):
        wet = lab.shower(lab.at("10:00", 1) + n * 12 * lab.MINUTE, 90, 16.0)
        school.lives(begin, end, wet if n < 3 else lab.clear_sky, every_min=5)
    outcome = town.play(end)
    assert outcome.faults == []
    lost = outcome.lost("36030001", 1)
    assert set(lost) == {"rain_fade"}
    assert 30 <= lost["rain_fade"] <= 90


def test_a_dish_that_does_not_come_back_after_the_storm_was_moved_by_it(lab: SimpleNamespace) -> None:
    town = lab.Town()
    begin, end = lab.at("00:00"), lab.at("20:00", 1)
    storm = lab.shower(lab.at("02:00", 1), 90, 6.0)
    for n, school in enumerate(town.row(4)):
        school.lives(begin, end, lab.both(storm, lab.step(lab.at("02:10", 1), 4.5)) if n == 1 else storm)
    assert town.play(end).tickets == [("36030002 dish dish", "dish_misaligned")]


def test_showers_on_every_afternoon_are_no_fault(lab: SimpleNamespace) -> None:
    town = lab.Town()
    begin, end = lab.at("00:00"), lab.at("20:00", 4)
    rain = lab.both(*(lab.shower(lab.at("14:00", day), 100, 7.0) for day in range(5)))
    for n, school in enumerate(town.row(3)):
        school.lives(begin, end, rain if n < 2 else lab.clear_sky)
    outcome = town.play(end)
    assert outcome.faults == []
    assert len(outcome.told("rain_fade")) == 5

"""satellite_outage: nearly all schools lose lock at once while their nodes stay online: one incident, no tickets."""

from types import SimpleNamespace
from typing import Any


def _outage(lab: SimpleNamespace, minutes: int, *, struck: int = 8, count: int = 8) -> Any:
    """Schools all over the province; the first so many lose lock."""
    town = lab.Town()
    start, end = lab.at("10:00", 1), lab.at("20:00", 1)
    for n, school in enumerate(town.row(count, 25.0)):
        lost = lab.dark(start + n * 10_000, start + minutes * lab.MINUTE)
        school.lives(lab.at("00:00"), end, lost if n < struck else lab.clear_sky, every_min=5)
    return town, start, end


def test_it_is_one_incident_for_the_district_and_no_ticket(lab: SimpleNamespace) -> None:
    town, start, end = _outage(lab, 90)
    outcome = town.play(end)
    assert outcome.faults == []
    (outage,) = outcome.told("satellite_outage")
    assert len(outage.schools) == 8
    assert abs(outage.start - start) <= 10 * lab.MINUTE
    assert outage.end is not None
    assert abs(outage.end - start - 90 * lab.MINUTE) <= 20 * lab.MINUTE
    assert outcome.told("rain_fade") == []


def test_its_lesson_minutes_are_its_own(lab: SimpleNamespace) -> None:
    town, _, end = _outage(lab, 90)
    outcome = town.play(end)
    for school in town.schools:
        lost = outcome.lost(school.code, 1)
        assert set(lost) == {"satellite_outage"}
        assert abs(lost["satellite_outage"] - 90) <= 12


def test_one_that_lasts_for_a_day_opens_no_tickets_either(lab: SimpleNamespace) -> None:
    town, _, end = _outage(lab, 540)
    assert town.play(end).faults == []


def test_it_takes_the_lessons_of_a_dish_with_a_told_fault_too_that_had_lock(lab: SimpleNamespace) -> None:
    town = lab.Town()
    start, end = lab.at("10:00", 2), lab.at("20:00", 2)
    for n, school in enumerate(town.row(8, 25.0)):
        out = lab.dark(start + n * 10_000, start + 90 * lab.MINUTE)
        school.lives(
            lab.at("00:00"), end, lab.both(lab.step(lab.at("09:00", 1), 4.0), out) if n == 3 else out, every_min=5
        )
    outcome = town.play(end)
    assert outcome.tickets == [("36030004 dish dish", "dish_misaligned")]
    lost = outcome.lost("36030004", 2)
    assert set(lost) == {"satellite_outage"}
    assert abs(lost["satellite_outage"] - 90) <= 12


def test_half_of_the_schools_are_not_the_satellite(lab: SimpleNamespace) -> None:
    town, _, end = _outage(lab, 30, struck=4)
    assert town.play(end).told("satellite_outage") == []


def test_a_dish_that_stays_dark_when_all_others_are_back_is_a_fault_of_its_own(lab: SimpleNamespace) -> None:
    town = lab.Town()
    start, end = lab.at("10:00", 1), lab.at("15:30", 2)
    for n, school in enumerate(town.row(8, 25.0)):
        back = None if n == 3 else start + lab.HOUR
        school.lives(lab.at("00:00"), end, lab.dark(start, back), every_min=5)
    outcome = town.play(end)
    assert [where for where, _ in outcome.tickets] == ["36030004 dish dish"]
    assert len(outcome.told("satellite_outage")) == 1
    lost = dict(outcome.lost("36030004", 1))
    assert abs(lost.pop("satellite_outage") - 60) <= 12
    assert abs(sum(lost.values()) - 270) <= 12


def test_where_the_whole_broker_went_no_satellite_is_blamed(lab: SimpleNamespace) -> None:
    """All sessions end at once: nothing is seen of any dish."""
    town = lab.Town()
    start, end = lab.at("10:00", 1), lab.at("15:00", 1)
    for school in town.row(8, 25.0):
        school.lives(lab.at("00:00"), end)
        school.dies(start)
        school.born(start + 2 * lab.MINUTE)
    outcome = town.play(end)
    assert outcome.faults == []
    assert outcome.told("satellite_outage") == []


def test_a_room_whose_receiver_is_off_could_show_no_lesson_either(lab: SimpleNamespace) -> None:
    town, _, end = _outage(lab, 90)
    idle = town.school(km=200.0)
    idle.lives(lab.at("00:00"), lab.at("07:00", 1))
    idle.says(lab.at("07:00", 1), "p1-receiver", power__on=False)
    idle.beats(lab.at("07:00", 1), end)
    lost = town.play(end).lost(idle.code, 1)
    assert set(lost) == {"satellite_outage"}
    assert abs(lost["satellite_outage"] - 90) <= 12

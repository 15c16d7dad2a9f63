"""One fault is one ticket; a fault behind another opens none; what goes away by itself is said to have gone."""

from types import SimpleNamespace
from typing import Any


def _quiet(lab: SimpleNamespace, *devices: Any) -> tuple[Any, Any, int]:
    town = lab.Town()
    school, end = town.school(*devices), lab.at("15:30", 1)
    school.lives(lab.at("00:00"), end)
    for each in devices:
        if each.kind == "tv":
            school.says(lab.at("08:10", 1), each.key, power__on=True, input__signal=True)
    return town, school, end


def test_a_dead_lnb_is_one_ticket_and_none_for_its_receivers_and_sets(lab: SimpleNamespace) -> None:
    town = lab.Town()
    died, end = lab.at("09:00", 1), lab.at("15:30", 1)
    for n, school in enumerate(town.row(3, 4.0, *lab.rooms(3))):
        school.lives(lab.at("00:00"), end, lab.dark(died) if n == 0 else lab.clear_sky)
        for room in ("p1", "p2", "p3"):
            school.says(lab.at("08:30", 1), f"{room}-tv", power__on=True, input__signal=True)
            school.says(died, f"{room}-tv", input__signal=n != 0)
    assert town.play(end).tickets == [("36030001 dish d1", "lnb_failed")]


def test_a_receiver_that_dies_is_one_ticket_and_none_for_the_set_that_waits_for_it(lab: SimpleNamespace) -> None:
    town, school, end = _quiet(lab, *lab.rooms(2))
    school.said = [row for row in school.said if row[1] != "p1-receiver" or row[0] < lab.at("09:00", 1)]
    school.says(lab.at("09:00", 1), "p1-receiver", device__reachable=False)
    school.says(lab.at("09:00", 1), "p1-tv", input__signal=False)
    assert town.play(end).tickets == [("36030001 p1-receiver", "receiver_failed")]


def test_a_fault_that_flaps_within_minutes_is_one_ticket(lab: SimpleNamespace) -> None:
    town, school, end = _quiet(lab, *lab.rooms(2))
    school.says(lab.at("09:00", 1), "p1-tv", device__reachable=False)
    for minute in range(0, 50, 10):
        school.says(lab.at(f"10:{minute:02}", 1), "p1-tv", device__reachable=True)
        school.says(lab.at(f"10:{minute + 4:02}", 1), "p1-tv", device__reachable=False)
    (fault,) = town.play(end).faults
    assert fault.cleared_at is None


def test_a_dish_that_wavers_after_it_moved_is_one_ticket(lab: SimpleNamespace) -> None:
    town = lab.Town()
    moved, end = lab.at("09:00", 1), lab.at("15:30", 3)
    lower = lab.both(lab.step(moved, 3.0), lambda t: 0.5 * (t // lab.HOUR % 3))
    for n, school in enumerate(town.row(3, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, lower if n == 0 else lab.clear_sky)
    (fault,) = town.play(end).faults
    assert fault.cause == "dish_misaligned"


def test_a_dish_that_moves_further_until_it_is_dark_stays_one_ticket(lab: SimpleNamespace) -> None:
    town = lab.Town()
    moved, end = lab.at("20:00"), lab.at("15:30", 2)
    worse = lab.both(lab.step(moved, 4.0), lab.dark(lab.at("09:00", 2)))
    for n, school in enumerate(town.row(3, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, worse if n == 0 else lab.clear_sky)
    assert len(town.play(end).faults) == 1


def test_two_dishes_of_a_school_are_two_places(lab: SimpleNamespace) -> None:
    town = lab.Town()
    died, end = lab.at("09:00", 1), lab.at("15:30", 1)
    school = town.school(lab.receiver("p1", dish="d1"), lab.receiver("p2", dish="d2"))
    town.school(km=5).lives(lab.at("00:00"), end)
    school.born(lab.at("00:00"))
    school.beats(lab.at("00:00"), end)
    school.hears(lab.at("00:00"), end, lab.dark(died), only=["p1-receiver"])
    school.hears(lab.at("00:00"), end, only=["p2-receiver"])
    assert town.play(end).tickets == [("36030001 dish d1", "lnb_failed")]


def test_what_goes_away_by_itself_is_said_to_have_gone(lab: SimpleNamespace) -> None:
    town, school, end = _quiet(lab, *lab.rooms(2))
    school.says(lab.at("09:00", 1), "p1-tv", device__reachable=False)
    school.says(lab.at("12:00", 1), "p1-tv", device__reachable=True)
    (fault,) = town.play(end).faults
    assert fault.cleared_at == lab.at("12:00", 1)


def test_the_same_fault_on_another_day_is_another_fault(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school, end = town.school(*lab.rooms(2)), lab.at("15:30", 3)
    school.lives(lab.at("00:00"), end)
    for day in (1, 3):
        school.says(lab.at("09:00", day), "p1-tv", device__reachable=False)
        school.says(lab.at("12:00", day), "p1-tv", device__reachable=True)
    first, second = town.play(end).faults
    assert (first.cleared_at, second.onset_at) == (lab.at("12:00", 1), lab.at("09:00", 3))

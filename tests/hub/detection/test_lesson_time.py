"""Lesson time lost and equipment used: per room and day, in minutes of class, by cause."""

from types import SimpleNamespace
from typing import Any

import pytest

from hub.detection.facts import DeviceFacts


def _school(lab: SimpleNamespace, until: int) -> tuple[Any, Any]:
    town = lab.Town()
    school = town.school(*lab.rooms(2))
    school.lives(lab.at("00:00"), until)
    return town, school


def test_what_is_lost_by_a_dead_set_is_counted_from_its_onset_to_its_end(lab: SimpleNamespace) -> None:
    end = lab.at("16:00", 1)
    town, school = _school(lab, end)
    school.says(lab.at("09:00", 1), "p1-tv", device__reachable=False)
    school.says(lab.at("12:00", 1), "p1-tv", device__reachable=True)
    outcome = town.play(end)
    assert outcome.lost("36030001", 1) == {"tv_failed": 180}
    assert outcome.lost("36030001", 1, "p2") == {}


def test_it_is_counted_day_by_day_and_of_class_only(lab: SimpleNamespace) -> None:
    end = lab.at("16:00", 2)
    town, school = _school(lab, end)
    school.says(lab.at("12:00", 1), "p1-tv", device__reachable=False)
    school.says(lab.at("10:00", 2), "p1-tv", device__reachable=True)
    outcome = town.play(end)
    assert outcome.lost("36030001", 1) == {"tv_failed": 210}
    assert outcome.lost("36030001", 2) == {"tv_failed": 90}


def test_what_still_lasts_is_counted_up_to_now(lab: SimpleNamespace) -> None:
    town, school = _school(lab, lab.at("11:00", 1))
    school.says(lab.at("09:00", 1), "p1-tv", device__reachable=False)
    assert town.play(lab.at("11:00", 1)).lost("36030001", 1) == {"tv_failed": 120}


@pytest.mark.parametrize("minutes", [5, 30, 49])
def test_less_than_a_lesson_is_a_teacher_s_business(lab: SimpleNamespace, minutes: int) -> None:
    end = lab.at("16:00", 1)
    town, school = _school(lab, end)
    start = lab.at("09:00", 1)
    school.says(start, "p1-tv", device__reachable=False)
    school.says(start + minutes * lab.MINUTE, "p1-tv", device__reachable=True)
    school.says(start, "p2-tv", power__on=True, input__signal=False)
    school.says(start + minutes * lab.MINUTE, "p2-tv", input__signal=True)
    outcome = town.play(end)
    assert outcome.faults == []
    assert outcome.lost("36030001", 1) == {}


def test_a_minute_is_lost_once(lab: SimpleNamespace) -> None:
    """The set is dead, and then the power fails too."""
    end = lab.at("16:00", 1)
    town, school = _school(lab, end)
    school.says(lab.at("09:00", 1), "p1-tv", device__reachable=False)
    start, back = lab.at("11:00", 1), lab.at("12:00", 1)
    school.said = [row for row in school.said if not start <= row[0] < back]
    school.dies(start)
    school.born(back, uptime_min=1, but=["p1-tv"])
    outcome = town.play(end)
    assert sum(outcome.lost("36030001", 1).values()) == pytest.approx(390, abs=2)
    assert outcome.lost("36030001", 1, "p2") == {"school_power_outage": 60}


def test_a_second_set_in_the_room_stands_in(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school, end = town.school(lab.receiver(), lab.tv(), lab.tv(kind="projector")), lab.at("16:00", 1)
    school.lives(lab.at("00:00"), end)
    school.says(lab.at("09:00", 1), "p1-tv", device__reachable=False)
    outcome = town.play(end)
    assert len(outcome.faults) == 1
    assert outcome.lost("36030001", 1) == {}


def test_a_room_is_used_while_its_set_is_on_and_its_receiver_locked(lab: SimpleNamespace) -> None:
    end = lab.at("16:00", 1)
    town, school = _school(lab, end)
    school.says(lab.at("09:00", 1), "p1-tv", power__on=True)
    school.says(lab.at("10:30", 1), "p1-tv", power__on=False)
    school.says(lab.at("13:00", 1), "p1-tv", power__on=True)
    outcome = town.play(end)
    assert outcome.used("36030001", 1) == 240
    assert outcome.used("36030001", 1, "p2") == 0


def test_a_set_that_is_off_is_not_used_and_not_broken(lab: SimpleNamespace) -> None:
    end = lab.at("16:00", 3)
    town, school = _school(lab, end)
    school.says(lab.at("08:00"), "p1-tv", power__on=False)
    outcome = town.play(end)
    assert outcome.faults == []
    assert outcome.used("36030001", 2) == 0


def test_a_set_that_shows_no_lesson_for_lack_of_lock_is_not_used(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school, end = town.school(), lab.at("16:00", 1)
    school.lives(lab.at("00:00"), end, lab.dark(lab.at("10:00", 1), lab.at("12:00", 1)), every_min=5)
    school.says(lab.at("08:00", 1), "p1-tv", power__on=True)
    assert town.play(end).used("36030001", 1) == pytest.approx(300, abs=10)


def test_use_ends_when_the_node_goes_away(lab: SimpleNamespace) -> None:
    end = lab.at("16:00", 1)
    town, school = _school(lab, end)
    school.says(lab.at("09:00", 1), "p1-tv", power__on=True)
    start = lab.at("10:00", 1)
    school.said = [row for row in school.said if row[0] < start]
    school.dies(start)
    assert town.play(end).used("36030001", 1) == 60


def test_use_on_a_day_without_class_is_not_counted(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school, end = town.school(), lab.at("16:00", 6)
    school.lives(lab.at("00:00", 4), end)
    school.says(lab.at("09:00", 5), "p1-tv", power__on=True)
    outcome = town.play(end)
    assert not [key for key in outcome.days if key[2] in ("2026-06-13", "2026-06-14")]


def test_a_fault_that_comes_back_keeps_what_it_cost_before(lab: SimpleNamespace) -> None:
    end = lab.at("16:00", 2)
    town, school = _school(lab, end)
    for day in (1, 2):
        school.says(lab.at("09:00", day), "p1-tv", device__reachable=False)
        school.says(lab.at("11:00", day), "p1-tv", device__reachable=True)
    outcome = town.play(end)
    assert [outcome.lost("36030001", day) for day in (1, 2)] == [{"tv_failed": 120}, {"tv_failed": 120}]


def test_a_room_without_a_receiver_has_no_lesson_to_lose(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school = town.school(lab.receiver(), lab.tv(), lab.tv(room="staff"))
    school.lives(lab.at("00:00"), lab.at("10:00", 1))
    school.dies(lab.at("10:00", 1))
    school.lives(lab.at("11:00", 1), lab.at("16:00", 1), uptime_min=1)
    outcome = town.play(lab.at("16:00", 1))
    assert outcome.lost("36030001", 1) == {"school_power_outage": 60}
    assert outcome.lost("36030001", 1, "staff") == {}


def test_a_room_whose_receiver_is_off_has_no_lesson_either_while_its_dish_is_dark(lab: SimpleNamespace) -> None:
    end, start, back = lab.at("16:00", 1), lab.at("10:00", 1), lab.at("10:40", 1)
    town = lab.Town()
    school = town.school(*lab.rooms(2))
    school.lives(lab.at("00:00"), end, lab.dark(start, back), only=["p1-receiver"], every_min=5)
    school.says(lab.at("00:05"), "p2-receiver", power__on=False)
    outcome = town.play(end)
    for room in ("p1", "p2"):
        assert outcome.lost("36030001", 1, room) == {"rain_fade": pytest.approx(40, abs=6)}


def test_what_a_receiver_loses_alone_stays_its_own_when_the_others_are_switched_off(lab: SimpleNamespace) -> None:
    failed, end = lab.at("09:00", 1), lab.at("16:00", 2)
    town = lab.Town()
    school = town.school(*lab.rooms(2))
    school.born(lab.at("00:00"))
    school.beats(lab.at("00:01"), end)
    school.hears(lab.at("00:01"), end, lab.dark(failed), only=["p1-receiver"])
    school.hears(lab.at("00:02"), end, only=["p2-receiver"])
    for day in (1, 2):
        school.says(lab.at("08:00", day), "p2-receiver", power__on=True)
        school.says(lab.at("14:00", day), "p2-receiver", power__on=False)
    outcome = town.play(end)
    assert outcome.tickets == [("36030001 p1-receiver", "receiver_failed")]
    assert list(outcome.lost("36030001", 2)) == ["receiver_failed"]
    assert outcome.lost("36030001", 2) == {"receiver_failed": 420}


def test_what_a_receiver_lost_alone_is_its_own_also_where_the_other_is_heard_only_days_later(
    lab: SimpleNamespace,
) -> None:
    """It lost lock while the other was off; that one is well when it is switched on again, and its room had lost nothing."""
    failed, end = lab.at("11:00", 1), lab.at("16:00", 2)
    town = lab.Town()
    school = town.school(*lab.rooms(2))
    school.born(lab.at("00:00"))
    school.beats(lab.at("00:01"), end)
    school.hears(lab.at("00:01"), end, lab.dark(failed), only=["p1-receiver"])
    for t in range(lab.at("00:01"), end, 10 * lab.MINUTE):
        school.says(t, "p1-receiver", signal__strength_dbm=-45.0)
    school.hears(lab.at("00:02"), lab.at("15:00"), only=["p2-receiver"])
    school.says(lab.at("15:00"), "p2-receiver", power__on=False, signal__lock=None, signal__cnr_db=None)
    school.says(lab.at("08:00", 2), "p2-receiver", power__on=True)
    school.hears(lab.at("08:01", 2), end, only=["p2-receiver"])
    outcome = town.play(end)
    assert outcome.tickets == [("36030001 p1-receiver", "receiver_failed")]
    for day, minutes in ((1, 270), (2, 420)):
        assert outcome.lost("36030001", day) == {"receiver_failed": pytest.approx(minutes, abs=6)}
        assert outcome.lost("36030001", day, "p2") == {}


def test_what_was_mended_while_nobody_looked_was_lost_for_half_of_that(lab: SimpleNamespace) -> None:
    end = lab.at("16:00", 2)
    town, school = _school(lab, end)
    school.says(lab.at("08:30", 1), "p1-tv", power__on=True, input__signal=True)
    school.says(lab.at("09:00", 1), "p1-tv", input__signal=False)
    school.says(lab.at("11:00", 1), "p1-tv", power__on=False, input__signal=None)
    school.says(lab.at("13:00", 1), "p1-tv", power__on=True, input__signal=True)
    (fault,) = town.play(end).faults
    assert fault.cleared_at == lab.at("13:00", 1)
    assert town.play(end).lost("36030001", 1) == {"tv_no_signal": 180}


def test_where_lock_comes_and_goes_a_receiver_that_is_off_has_lost_nothing(lab: SimpleNamespace) -> None:
    """The dish is low; one receiver has lost lock and found it again, the other had it whenever it was on."""
    town = lab.Town()
    moved, end = lab.at("09:00", 1), lab.at("15:30", 2)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        if n != 1:
            school.lives(lab.at("00:00"), end)
            continue
        first, last = lab.at("09:00", 2), lab.at("13:00", 2)
        school.lives(lab.at("00:00"), first, lab.step(moved, 5.0))
        school.beats(first, end)
        school.says(first, "p2-receiver", power__on=False)
        for t in range(first, end, 10 * lab.MINUTE):
            lock = t % lab.HOUR >= 30 * lab.MINUTE or t > last
            school.says(t, "p1-receiver", signal__lock=lock, signal__cnr_db=8.0 if lock else None)
    outcome = town.play(end)
    assert outcome.tickets == [("36030002 dish d1", "dish_misaligned")]
    assert sum(outcome.lost("36030002", 2).values()) == pytest.approx(120, abs=35)
    assert sum(outcome.lost("36030002", 2, "p2").values()) <= 35


def test_nobody_has_lessons_where_the_reference_of_a_dish_stands(lab: SimpleNamespace) -> None:
    town = lab.Town()
    tuner = DeviceFacts("roof-receiver", "receiver", "roof", "tuner/reference", "d1")
    school = town.school(*lab.rooms(2), tuner)
    fell, end = lab.at("09:00", 1), lab.at("12:00", 1)
    school.lives(lab.at("00:00"), end, lab.dark(fell))
    outcome = town.play(end)
    assert outcome.lost("36030001", 1)
    assert outcome.lost("36030001", 1, "roof") == {}

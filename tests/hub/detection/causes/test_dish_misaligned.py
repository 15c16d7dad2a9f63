"""dish_misaligned: every receiver on the dish steps down by 2 dB or more and stays, rain or no rain."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from hub.core.findings import FindingOpened
from hub.detection.calendars import Calendars
from hub.detection.service import Detection
from hub.detection.settings import Maintenance


def _date(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+07:00")


def _row(lab: SimpleNamespace, drop: object, until: int, **how: object) -> object:
    """Four schools; the dish of the second does as told."""
    town = lab.Town()
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), until, drop if n == 1 else lab.clear_sky, **how)
    return town.play(until)


@pytest.mark.parametrize("db", [2.2, 4.5])
def test_a_step_that_stays_is_a_ticket_for_the_dish(lab: SimpleNamespace, db: float) -> None:
    moved = lab.at("09:00", 1)
    outcome = _row(lab, lab.step(moved, db), lab.at("15:00", 2))
    (fault,) = outcome.faults
    assert (fault.where, fault.cause) == ("36030002 dish d1", "dish_misaligned")
    assert abs(fault.onset_at - moved) <= 30 * lab.MINUTE
    assert moved + lab.HOUR <= fault.opened_at <= moved + (12 if db > 2.4 else 24) * lab.HOUR
    assert abs(fault.evidence["drop_db"] - db) <= 0.5
    assert fault.evidence["receivers"] == 2
    assert fault.alternatives[0] == "dish_misaligned"


def test_moved_so_far_that_lock_is_gone_while_the_cable_still_carries_noise(lab: SimpleNamespace) -> None:
    town = lab.Town()
    moved, end = lab.at("09:00", 1), lab.at("15:00", 1)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, lab.dark(moved) if n == 1 else lab.clear_sky)
        for t in range(lab.at("00:05"), end, 10 * lab.MINUTE):
            school.says(t, "p1-receiver", signal__strength_dbm=-42.0 if t < moved or n != 1 else -43.5)
    assert town.play(end).tickets == [("36030002 dish d1", "dish_misaligned")]


def test_lessons_are_not_lost_where_lock_remains(lab: SimpleNamespace) -> None:
    outcome = _row(lab, lab.step(lab.at("09:00", 1), 4.0), lab.at("15:00", 1))
    assert outcome.faults
    assert outcome.lost("36030002", 1) == {}


def test_a_dish_that_is_put_right_is_verified_from_telemetry(lab: SimpleNamespace) -> None:
    moved, mended = lab.at("09:00", 1), lab.at("11:00", 2)
    outcome = _row(lab, lab.step(moved, 4.0, mended), lab.at("15:00", 2))
    (fault,) = outcome.faults
    assert fault.cleared_at is not None
    assert mended - lab.MINUTE <= fault.cleared_at <= mended + lab.HOUR


@pytest.mark.parametrize("db", [0.5, 1.0])
def test_a_decibel_is_within_what_receivers_scatter(lab: SimpleNamespace, db: float) -> None:
    assert _row(lab, lab.step(lab.at("09:00", 1), db), lab.at("15:00", 2)).faults == []


def test_one_receiver_that_hears_worse_than_its_neighbour_is_not_the_dish(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school = town.school(*lab.rooms(2))
    end = lab.at("15:00", 2)
    school.born(lab.at("00:00"))
    school.beats(lab.at("00:00"), end)
    school.hears(lab.at("00:00"), end, lab.step(lab.at("09:00", 1), 4.0), only=["p1-receiver"])
    school.hears(lab.at("00:00"), end, only=["p2-receiver"])
    assert "dish_misaligned" not in {cause for _, cause in town.play(end).tickets}


def test_rain_over_the_neighbours_too_is_no_moved_dish_however_strong(lab: SimpleNamespace) -> None:
    town = lab.Town()
    end = lab.at("15:00", 1)
    for school in town.row(4):
        school.lives(lab.at("00:00"), end, lab.shower(lab.at("09:00", 1), 150, 6.0))
    assert town.play(end).faults == []


def test_where_lock_comes_and_goes_only_the_dark_is_lost(lab: SimpleNamespace) -> None:
    moved = lab.at("09:00", 1)

    def drop(t: int) -> float | None:
        return 0.0 if t < moved else None if t < lab.at("13:00", 1) else 5.0

    outcome = _row(lab, drop, lab.at("15:00", 1))
    (fault,) = outcome.faults
    assert fault.cause in ("dish_misaligned", "lnb_failed")
    assert sum(outcome.lost("36030002", 1).values()) == pytest.approx(240, abs=12)


def test_what_was_dark_before_it_was_known_is_the_fault_s_too(lab: SimpleNamespace) -> None:
    moved = lab.at("09:00", 1)
    outcome = _row(lab, lab.dark(moved), lab.at("15:00", 1))
    (fault,) = outcome.faults
    assert list(outcome.lost("36030002", 1)) == [fault.cause]


def test_while_somebody_works_on_it_nothing_is_told_of_a_dish(lab: SimpleNamespace) -> None:
    town = lab.Town()
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        drop = lab.step(lab.at("09:00", 1), 4.0) if n == 1 else lab.clear_sky
        school.lives(lab.at("00:00"), lab.at("15:00", 2), drop)
    calendars = Calendars(town.calendar)
    calendars.maintain(
        [Maintenance(start=_date("2026-06-09 06:00"), end=_date("2026-06-10 12:00"), reason="a new mast")]
    )
    detection = Detection(town.settings, calendars.of, lab.CATALOGUE, orbital_position=78.5)
    memory = town.memory()
    told = [each for each in detection.finish(memory, lab.at("15:00", 2)) if isinstance(each, FindingOpened)]
    assert [each.cause for each in told] == ["dish_misaligned"]
    assert told[0].opened_at >= lab.at("12:00", 2)


def test_a_dish_whose_other_dish_fades_beside_it_stands_in_long_rain(lab: SimpleNamespace) -> None:
    """At night, when all neighbours are switched off."""
    town = lab.Town()
    town.row(2, 4.0)
    school = town.school(lab.receiver("p1", dish="d1"), lab.receiver("p2", dish="d2"))
    rain = lab.step(lab.at("00:30", 1), 2.4, lab.at("09:00", 1))
    school.lives(lab.at("00:00"), lab.at("12:00", 1), rain)
    assert town.play(lab.at("12:00", 1)).faults == []


def test_a_neighbour_that_is_low_for_days_does_not_make_it_rain(lab: SimpleNamespace) -> None:
    town = lab.Town()
    moved, end = lab.at("09:00", 1), lab.at("15:00", 2)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        low = lab.step(lab.at("20:00"), 1.9) if n == 0 else lab.dark(moved) if n == 1 else lab.clear_sky
        school.lives(lab.at("00:00"), end, low)
        if n == 1:
            for t in range(lab.at("00:05"), end, 10 * lab.MINUTE):
                school.says(t, "p1-receiver", signal__strength_dbm=-42.0)
    assert ("36030002 dish d1", "dish_misaligned") in town.play(end).tickets


def test_what_is_low_by_less_than_a_moved_dish_is_not_told_however_long(lab: SimpleNamespace) -> None:
    """A level that is lower than its threshold for an hour and stays near it."""
    town = lab.Town()
    start, end = lab.at("09:00", 1), lab.at("20:00", 1)
    sag = lab.both(lab.step(start, 1.2), lab.step(start, 0.7, start + 60 * lab.MINUTE))
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, sag if n == 1 else lab.clear_sky)
    assert town.play(end).faults == []


def test_a_receiver_that_is_switched_off_takes_no_lesson_from_a_low_dish(lab: SimpleNamespace) -> None:
    """Its agent tells one metric after the other: the lock is gone for a moment before the power is."""
    town = lab.Town()
    moved, end = lab.at("09:00", 1), lab.at("15:30", 2)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), lab.at("10:00", 2), lab.step(moved, 3.0) if n == 1 else lab.clear_sky)
        school.beats(lab.at("10:00", 2), end)
        for device in ("p1-receiver", "p2-receiver"):
            school.says(lab.at("10:00", 2), device, signal__lock=False)
            school.says(lab.at("10:00:01", 2), device, power__on=False)
    outcome = town.play(end)
    assert outcome.tickets == [("36030002 dish d1", "dish_misaligned")]
    assert outcome.lost("36030002", 2) == {}


def test_what_swings_for_hours_over_one_school_alone_is_rain(lab: SimpleNamespace) -> None:
    town = lab.Town()
    start, end = lab.at("13:30", 1), lab.at("23:00", 1)
    for n, school in enumerate(town.row(2, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, lab.shower(start, 480, 5.0) if n else lab.clear_sky)
    assert town.play(end).faults == []


def test_a_small_step_is_told_after_a_day_and_a_plain_one_before(lab: SimpleNamespace) -> None:
    moved, end = lab.at("09:00", 1), lab.at("15:00", 2)
    (small,) = _row(lab, lab.step(moved, 2.1), end).faults
    (plain,) = _row(lab, lab.step(moved, 3.0), end).faults
    assert moved + 20 * lab.HOUR <= small.opened_at <= moved + 24 * lab.HOUR
    assert plain.opened_at <= moved + 6 * lab.HOUR


def test_what_warmth_takes_for_some_hours_is_not_told(lab: SimpleNamespace) -> None:
    def warm(t: int) -> float:
        noon = lab.at("13:00", 1)
        return (1.6 if t >= lab.at("09:00", 1) else 0.0) + (0.5 if abs(t - noon) < 3 * lab.HOUR else 0.0)

    assert _row(lab, warm, lab.at("15:00", 2)).faults == []


def test_rain_over_the_last_look_at_a_school_that_is_switched_off_unseen_is_no_fault(lab: SimpleNamespace) -> None:
    """Its node died and nobody was told; what its receivers showed last does not go on all night."""
    town = lab.Town()
    for n, school in enumerate(town.row(3, 4.0, *lab.rooms(2))):
        rain = lab.step(lab.at("15:40", 3), 5.0) if n == 1 else lab.clear_sky
        for day in range(5):
            school.born(lab.at("07:40", day), uptime_min=1)
            evening = lab.at("16:10", day)
            school.hears(lab.at("07:41", day), evening, rain if day == 3 else lab.clear_sky)
            school.beats(lab.at("07:41", day), evening, 2)
            if n != 1 or day != 3:
                school.dies(evening)
    assert town.play(lab.at("16:00", 4)).faults == []


def test_one_that_tells_only_lock_does_not_say_that_a_low_dish_is_well_again(lab: SimpleNamespace) -> None:
    """Those that tell a level are switched off each afternoon; it goes on."""
    town = lab.Town()
    moved, end = lab.at("09:00", 1), lab.at("16:00", 3)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        drop = lab.step(moved, 4.0) if n == 1 else lab.clear_sky
        school.lives(lab.at("00:00"), end, lab.clear_sky, only=["none"])
        for day in range(4):
            school.hears(lab.at("08:00", day), lab.at("14:00", day), drop, only=["p1-receiver"])
            school.says(lab.at("08:00", day), "p1-receiver", power__on=True)
            school.says(lab.at("14:00", day), "p1-receiver", power__on=False)
        for t in range(lab.at("08:00"), end, lab.HOUR):
            school.says(t, "p2-receiver", power__on=True, signal__lock=True)
    (fault,) = town.play(end).faults
    assert (fault.where, fault.cause, fault.cleared_at) == ("36030002 dish d1", "dish_misaligned", None)


def test_what_one_receiver_tells_once_holds_beside_others_that_lost_lock(lab: SimpleNamespace) -> None:
    """Strictly by exception: the dish moves, two receivers lose lock, the third tells that it hears less, and no more."""
    town = lab.Town()
    moved, end = lab.at("09:37", 1), lab.at("15:30", 2)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(3))):
        if n != 1:
            school.lives(lab.at("00:00"), end)
            continue
        school.lives(lab.at("00:00"), moved)
        school.beats(moved, end)
        for room in ("p1", "p2"):
            school.says(moved, f"{room}-receiver", signal__lock=False, signal__cnr_db=None)
        school.says(moved, "p3-receiver", signal__cnr_db=8.0)
    (fault,) = town.play(end).faults
    assert (fault.where, fault.cause) == ("36030002 dish d1", "dish_misaligned")
    assert abs(fault.onset_at - moved) <= lab.MINUTE


def test_one_receiver_that_is_dark_while_the_others_are_off_may_be_broken_itself(lab: SimpleNamespace) -> None:
    """It loses lock after noon, the other of its dish is off by then; on the next morning that one hears as ever."""
    town = lab.Town()
    fell, end = lab.at("13:00", 1), lab.at("11:00", 2)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, only=["none"] if n == 1 else [])
        if n != 1:
            continue
        school.hears(lab.at("00:02"), end, lab.dark(fell), only=["p1-receiver"])
        for t in range(lab.at("00:05"), end, 10 * lab.MINUTE):
            school.says(t, "p1-receiver", signal__strength_dbm=-42.0)
        for day in range(3):
            school.says(lab.at("08:31", day), "p2-receiver", power__on=True)
            school.hears(lab.at("08:32", day), lab.at("11:30", day), only=["p2-receiver"])
            school.says(lab.at("11:30", day), "p2-receiver", power__on=False, signal__lock=None, signal__cnr_db=None)
    assert town.play(end).tickets == [("36030002 p1-receiver", "receiver_failed")]


@pytest.mark.parametrize(("other_on", "told"), [("08:50", []), ("12:30", ["dish_misaligned"])])
def test_a_day_of_class_is_waited_for_the_others_before_the_dish_is_told(
    lab: SimpleNamespace, other_on: str, told: list[str]
) -> None:
    """One of two loses lock at half past nine; the other has been off since the day before, and comes on a day later."""
    town, end = lab.Town(), lab.at("12:00", 2)
    school = town.school(*(lab.receiver(room, "answers", "d1") for room in ("p1", "p2")))
    school.born(lab.at("00:00"))
    school.beats(lab.at("00:00"), end)
    school.hears(lab.at("00:00"), end, lab.dark(lab.at("09:30", 1)), only=["p1-receiver"])
    for t in range(lab.at("00:05"), end, lab.HOUR):
        school.says(t, "p1-receiver", signal__strength_dbm=-42.0)
    school.says(lab.at("08:20"), "p2-receiver", power__on=True, signal__lock=True)
    school.says(lab.at("15:40"), "p2-receiver", power__on=False, signal__lock=None)
    school.says(lab.at(other_on, 2), "p2-receiver", power__on=True, signal__lock=True)
    assert [cause for _, cause in town.play(end).tickets if cause == "dish_misaligned"] == told


def _coarse(lab: SimpleNamespace, until: int, quality: Callable[[int], int]) -> Any:
    """Four schools whose receivers tell their quality in seven steps; that of the second as told."""
    town = lab.Town()
    for n, school in enumerate(town.row(4, 4.0, lab.receiver(dish="d1"))):
        school.born(lab.at("00:00"))
        school.beats(lab.at("00:00"), until)
        for t in range(lab.at("00:05"), until, 10 * lab.MINUTE):
            told = quality(t) if n == 1 else 87
            school.says(t, "p1-receiver", power__on=True, signal__lock=True, signal__quality_pct=told)
    return town.play(until)


@pytest.mark.parametrize("steps", [(87, 73), (80, 73, 67)])
def test_a_fall_in_coarse_steps_that_is_taken_back_in_the_night_was_some_tenths(
    lab: SimpleNamespace, steps: tuple[int, ...]
) -> None:
    """By one step of 2.8 dB, or from the edge of one of 1.3 dB by two."""
    *upper, lowest = steps
    fell, rose = lab.at("20:00", 1), lab.at("06:00", 2)
    outcome = _coarse(
        lab,
        lab.at("12:00", 3),
        lambda t: lowest if fell <= t < rose else upper[t // lab.HOUR % 3 == 0 and len(upper) > 1],
    )
    assert outcome.faults == []


def test_one_step_of_a_coarse_scale_that_stays_for_a_day_and_a_night_is_told(lab: SimpleNamespace) -> None:
    fell = lab.at("09:00", 1)
    (fault,) = _coarse(lab, lab.at("12:00", 3), lambda t: 73 if t >= fell else 87).faults
    assert (fault.where, fault.cause) == ("36030002 dish d1", "dish_misaligned")
    assert fell + 20 * lab.HOUR <= fault.opened_at <= fell + 24 * lab.HOUR


def test_two_steps_of_a_coarse_scale_are_told_as_soon_as_those_of_a_fine_one(lab: SimpleNamespace) -> None:
    wavered, fell = lab.at("06:00"), lab.at("09:00", 1)
    outcome = _coarse(
        lab,
        lab.at("12:00", 3),
        lambda t: 59 if t >= fell else 73 if wavered <= t < wavered + lab.HOUR // 2 else 87,
    )
    (fault,) = outcome.faults
    assert (fault.where, fault.cause) == ("36030002 dish d1", "dish_misaligned")
    assert fault.opened_at <= fell + 12 * lab.HOUR

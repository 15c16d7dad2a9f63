"""lnb_failed: all receivers of the dish lose lock and strength at once and for good; the node is online, neighbours are fine."""

from types import SimpleNamespace

import pytest


def _town(lab: SimpleNamespace, died: int, end: int, *, strength: bool, mended: int | None = None) -> object:
    town = lab.Town()
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, lab.dark(died, mended) if n == 1 else lab.clear_sky)
        if strength:
            for t in range(lab.at("00:05"), end, 10 * lab.MINUTE):
                gone = n == 1 and t >= died and (mended is None or t < mended)
                school.says(t, "p1-receiver", signal__strength_dbm=-75.0 if gone else -42.0)
    return town


@pytest.mark.parametrize("strength", [True, False])
def test_no_lock_on_any_receiver_of_the_dish_is_one_ticket(lab: SimpleNamespace, strength: bool) -> None:
    died, end = lab.at("09:00", 1), lab.at("15:30", 1)
    (fault,) = _town(lab, died, end, strength=strength).play(end).faults
    assert (fault.where, fault.cause) == ("36030002 dish d1", "lnb_failed")
    assert abs(fault.onset_at - died) <= 15 * lab.MINUTE
    assert died + 50 * lab.MINUTE <= fault.opened_at <= died + 4 * lab.HOUR


def test_all_rooms_on_the_dish_lose_their_lessons(lab: SimpleNamespace) -> None:
    died, end = lab.at("09:30", 1), lab.at("15:30", 1)
    outcome = _town(lab, died, end, strength=True).play(end)
    for room in ("p1", "p2"):
        lost = outcome.lost("36030002", 1, room)
        assert set(lost) == {"lnb_failed"}
        assert abs(lost["lnb_failed"] - 360) <= 15


def test_a_new_lnb_is_verified_from_telemetry(lab: SimpleNamespace) -> None:
    died, mended, end = lab.at("09:00", 1), lab.at("10:00", 2), lab.at("15:30", 2)
    outcome = _town(lab, died, end, strength=True, mended=mended).play(end)
    (fault,) = outcome.faults
    assert fault.cleared_at is not None
    assert abs(fault.cleared_at - mended) <= lab.HOUR
    assert abs(outcome.lost("36030002", 2)["lnb_failed"] - 90) <= 15


def test_a_new_lnb_is_verified_by_what_the_journal_kept_while_the_link_was_down(lab: SimpleNamespace) -> None:
    died, mended, cut = lab.at("09:00", 1), lab.at("09:16", 2), lab.at("09:21", 2)
    back, end = lab.at("14:20", 3), lab.at("15:30", 4)
    town = lab.Town()
    rain = lab.shower(lab.at("13:50", 3), 480, 4.0)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, lab.both(lab.dark(died, mended), rain) if n == 1 else rain, every_min=5)
        if n == 1:
            school.dies(cut)
            school.born(back)
    outcome = town.play(end)
    (fault,) = (each for each in outcome.faults if each.cause == "lnb_failed")
    assert fault.cleared_at is not None
    assert abs(fault.cleared_at - mended) <= 15 * lab.MINUTE
    assert abs(outcome.lost("36030002", 2)["lnb_failed"] - 46) <= 15
    assert "lnb_failed" not in outcome.lost("36030002", 3)


def test_a_cable_that_was_pulled_for_less_than_a_lesson_is_no_fault(lab: SimpleNamespace) -> None:
    died, end = lab.at("09:00", 1), lab.at("15:30", 1)
    assert _town(lab, died, end, strength=True, mended=died + 35 * lab.MINUTE).play(end).faults == []


def test_dark_outside_of_class_hours_is_not_told_before_a_lesson_was_lost(lab: SimpleNamespace) -> None:
    died, end = lab.at("18:00", 1), lab.at("15:30", 2)
    (fault,) = _town(lab, died, end, strength=True).play(end).faults
    assert fault.cause == "lnb_failed"
    assert lab.at("08:30", 2) < fault.opened_at <= lab.at("11:30", 2)


def test_receivers_that_are_switched_off_each_evening_have_no_dead_lnb(lab: SimpleNamespace) -> None:
    town = lab.Town()
    end = lab.at("15:30", 3)
    for school in town.row(3, 4.0, *lab.rooms(2)):
        school.born(lab.at("00:00"))
        school.beats(lab.at("00:00"), end)
        for day in range(4):
            for each in school.receivers:
                school.says(lab.at("08:00", day), each.key, power__on=True)
                school.says(lab.at("15:40", day), each.key, power__on=False, signal__lock=False, signal__cnr_db=None)
            school.hears(lab.at("08:01", day), lab.at("15:39", day))
    assert town.play(end).faults == []


def test_a_strength_that_was_told_before_there_was_lock_is_that_of_clear_sky(lab: SimpleNamespace) -> None:
    """What does not change is not told again when lock is found."""
    town = lab.Town()
    school = town.school(*lab.rooms(1))
    school.born(lab.at("08:00"))
    school.says(lab.at("09:00"), "p1-receiver", power__on=True, signal__lock=False, signal__strength_pct=78.0)
    school.says(lab.at("09:01"), "p1-receiver", signal__lock=True, signal__cnr_db=13.4)
    memory, detection = town.memory(), town.detection()
    detection.judge(memory, memory.waiting(), lab.at("09:30"))
    (level,) = detection._districts[lab.GROUP].sites[school.code].reception.aerials.levels("d1")
    assert level.strength_base == 78.0


def test_what_died_while_all_receivers_were_off_died_half_way_between_two_looks(lab: SimpleNamespace) -> None:
    town = lab.Town()
    end = lab.at("15:30", 1)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2, "silent"))):
        if n != 1:
            school.lives(lab.at("00:00"), end)
            continue
        school.born(lab.at("00:00"))
        school.beats(lab.at("00:01"), end)
        school.hears(lab.at("00:01"), lab.at("15:00"))
        for device in ("p1-receiver", "p2-receiver"):
            school.says(lab.at("15:00"), device, device__reachable=False)
            school.says(lab.at("11:00", 1), device, device__reachable=True, signal__lock=False)
    outcome = town.play(end)
    (fault,) = outcome.faults
    assert (fault.where, fault.cause) == ("36030002 dish d1", "lnb_failed")
    assert abs(fault.onset_at - lab.at("01:00", 1)) <= 15 * lab.MINUTE
    assert outcome.lost("36030002", 1) == {"lnb_failed": 420}
    assert outcome.lost("36030002", 0) == {}

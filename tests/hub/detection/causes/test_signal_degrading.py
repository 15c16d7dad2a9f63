"""signal_degrading: C/N sinks slowly over days to weeks; told before lock is lost, with the date of losing it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hub.core.findings import FindingOpened


def _ramp(lab: SimpleNamespace, start: int, per_day: float) -> Any:
    return lambda t: max(0.0, (t - start) / lab.DAY * per_day)


def _weeks(lab: SimpleNamespace, drop: Any, days: int, every_min: int = 60, rooms: int = 2) -> Any:
    town = lab.Town()
    for n, school in enumerate(town.row(3, 4.0, *lab.rooms(rooms))):
        school.lives(lab.at("00:00"), lab.at("16:00", days), drop if n == 1 else lab.clear_sky, every_min=every_min)
    return town


@pytest.mark.parametrize("per_day", [0.15, 0.3])
def test_a_slow_decline_is_a_ticket_with_a_forecast_before_lock_is_lost(lab: SimpleNamespace, per_day: float) -> None:
    days = round(5.0 / per_day)
    town = _weeks(lab, _ramp(lab, lab.at("00:00", 4), per_day), days)
    (fault,) = town.play(lab.at("16:00", days)).faults
    assert (fault.where, fault.cause) == ("36030002 dish d1", "signal_degrading")
    sunk = (fault.opened_at - lab.at("00:00", 4)) / lab.DAY * per_day
    assert 1.0 <= sunk <= 4.5
    forecast = [fault.evidence[name] for name in ("lost_earliest", "lost_on", "lost_latest")]
    assert forecast == sorted(forecast)
    loses = date(2026, 6, 8).toordinal() + 4 + 6.0 / per_day
    assert abs(date.fromisoformat(forecast[1]).toordinal() - loses) <= 0.35 * 6.0 / per_day


def test_one_receiver_s_cable_that_corrodes_is_that_receiver_s(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school, end = town.school(*lab.rooms(3)), lab.at("16:00", 24)
    school.born(lab.at("00:00"))
    school.beats(lab.at("00:00"), end, 60)
    school.hears(lab.at("00:00"), end, _ramp(lab, lab.at("00:00", 4), 0.2), every_min=60, only=["p1-receiver"])
    school.hears(lab.at("00:00"), end, every_min=60, only=["p2-receiver", "p3-receiver"])
    assert town.play(end).tickets == [("36030001 p1-receiver", "signal_degrading")]


def test_a_step_is_no_decline(lab: SimpleNamespace) -> None:
    town = _weeks(lab, lab.step(lab.at("09:00", 8), 3.0), 20)
    assert town.play(lab.at("16:00", 20)).tickets == [("36030002 dish d1", "dish_misaligned")]


def test_a_level_that_wanders_a_little_with_the_heat_is_no_decline(lab: SimpleNamespace) -> None:
    def heat(t: int) -> float:
        return 0.3 + 0.3 * (t // (6 * lab.HOUR) % 4 in (1, 2))

    assert _weeks(lab, heat, 20).play(lab.at("16:00", 20)).faults == []


def test_rain_on_many_days_is_no_decline(lab: SimpleNamespace) -> None:
    rain = lab.both(*(lab.shower(lab.at("15:00", day), 60 + 5 * day, 4 + day / 4) for day in range(6, 20)))
    assert _weeks(lab, rain, 20).play(lab.at("16:00", 20)).faults == []


def test_after_a_repair_it_is_told_to_be_gone(lab: SimpleNamespace) -> None:
    sinks = _ramp(lab, lab.at("00:00", 4), 0.3)
    town = _weeks(lab, lambda t: 0.0 if t >= lab.at("10:00", 18) else sinks(t), 24)
    (fault,) = town.play(lab.at("16:00", 24)).faults
    assert fault.cleared_at is not None
    assert lab.at("09:00", 18) <= fault.cleared_at <= lab.at("16:00", 22)


def test_a_receiver_that_is_the_first_to_lose_lock_of_a_dish_that_is_told_to_sink_has_not_failed(
    lab: SimpleNamespace,
) -> None:
    town = lab.Town()
    school = town.school(*lab.rooms(2))
    sunk = lambda t: 0.0 if t < lab.at("00:00", 6) else min(4.0, 0.4 * (t - lab.at("00:00", 6)) / (24 * lab.HOUR))  # noqa: E731
    end = lab.at("15:00", 31)
    school.lives(lab.at("00:00"), end, sunk, every_min=30)
    for t in range(lab.at("08:00", 30), end, 30 * lab.MINUTE):
        school.says(t + lab.MINUTE, "p1-receiver", signal__lock=False, signal__cnr_db=None)
    assert {cause for _, cause in town.play(end).tickets} == {"signal_degrading"}


def test_what_goes_on_sinking_since_it_is_low_is_no_step(lab: SimpleNamespace) -> None:
    """A school whose equipment is on by day only: its level falls by half a dB a day, and is low before its days show a line."""
    sunk = {7: 1.0, 8: 1.6, 9: 2.2, 10: 2.75, 11: 3.4}
    town = lab.Town()
    for n, school in enumerate(town.row(3, 4.0, lab.receiver(dish="d1"))):
        for day in (0, 1, 3, *range(7, 12)):
            drop = lab.step(lab.at("00:00", day), sunk.get(day, 0.0)) if n == 1 else lab.clear_sky
            school.lives(lab.at("08:00", day), lab.at("13:00", day), drop, uptime_min=1)
            school.dies(lab.at("13:00", day))
    (fault,) = town.play(lab.at("14:00", 11)).faults
    assert (fault.where, fault.causes) == ("36030002 dish d1", ["signal_degrading"])


def test_lock_that_is_lost_at_the_end_of_a_decline_is_no_other_fault(lab: SimpleNamespace) -> None:
    """The level on the cable stands, as it does where a dish was moved; but that this would come was told days before."""
    sinks, lost, end = _ramp(lab, lab.at("00:00", 4), 0.3), lab.at("09:00", 18), lab.at("16:00", 18)
    town = _weeks(lab, lambda t: None if t >= lost else sinks(t), 18, every_min=20, rooms=1)
    for t in range(lab.at("00:30"), end, lab.HOUR):
        town.schools[1].says(t, "p1-receiver", signal__strength_dbm=-42.0)
    outcome = town.play(end)
    assert outcome.tickets == [("36030002 dish d1", "signal_degrading")]
    assert outcome.lost("36030002", 18) == {"signal_degrading": 389}


def test_lock_that_is_lost_after_what_looked_like_a_step_has_gone_on_sinking_is_the_decline_come_true(
    lab: SimpleNamespace,
) -> None:
    """Its first fall was a step to all that could be seen, and was renamed when it sank on. The level on the cable stands."""
    sunk = {7: 2.8, 8: 3.2, 9: 3.6, 10: 4.0, 11: 4.4, 14: 5.6}
    town = lab.Town()
    for n, school in enumerate(town.row(3, 4.0, lab.receiver(dish="d1"))):
        for day in (0, 1, 2, 3, 4, *range(7, 12), 14, 15):
            drop = lab.step(lab.at("00:00", day), sunk.get(day, 0.0)) if n == 1 else lab.clear_sky
            if n == 1 and day == 15:
                drop = lab.dark(lab.at("00:00", day))
            school.lives(lab.at("08:00", day), lab.at("15:00", day), drop, uptime_min=1)
            school.says(lab.at("08:02", day), "p1-receiver", signal__strength_dbm=-42.0)
            school.dies(lab.at("15:00", day))
    (fault,) = town.play(lab.at("15:30", 15)).faults
    assert fault.where == "36030002 dish d1"
    assert fault.causes[0] == "dish_misaligned"
    assert fault.cause == "signal_degrading"


@pytest.mark.parametrize("days_later", [0, 7])
def test_a_decline_is_taken_for_the_step_that_its_dish_was_told_to_have_in_the_days_in_which_it_sank(
    lab: SimpleNamespace, days_later: int
) -> None:
    """A school whose equipment is on by day only. What passed more than a week ago was something else."""
    sunk = {7: 3.0} | {day + days_later: drop for day, drop in ((9, 0.5), (10, 0.9), (11, 1.3), (14, 2.2), (15, 2.6))}
    town = lab.Town()
    for n, school in enumerate(town.row(3, 4.0, lab.receiver(dish="d1"))):
        for day in (day for day in range(16 + days_later) if day % 7 < 5):
            drop = lab.step(lab.at("00:00", day), sunk.get(day, 0.0)) if n == 1 else lab.clear_sky
            school.lives(lab.at("08:00", day), lab.at("13:00", day), drop, uptime_min=1)
            school.dies(lab.at("13:00", day))
    told = town.detection().finish(town.memory(), lab.at("13:00", 15 + days_later))
    step, decline = (each for each in lab.found(told) if isinstance(each, FindingOpened))
    assert (step.cause, decline.cause, decline.sign) == ("dish_misaligned", "signal_degrading", "reception")
    assert decline.taken_for == (() if days_later else ((step.place, "dish_misaligned"),))

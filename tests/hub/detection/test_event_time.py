"""Event time: however reports arrive, whenever anybody looks and wherever the hub is restarted, the conclusions are the same."""

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

MINUTE = 60_000
SETTLES_MS = 100_000
SEEDS = st.integers(0, 100_000)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _trouble(lab: SimpleNamespace, school: Any, rng: Random, begin: int, end: int) -> None:
    """A day and a half of a school to which this or that happens."""
    start = rng.randrange(lab.at("08:00", 1), lab.at("10:00", 1), 1000)
    drop = rng.choice(
        [
            lab.clear_sky,
            lab.shower(start, rng.randrange(20, 120), 9.0),
            lab.step(start, 4.0),
            lab.dark(start),
            lab.dark(start, start + 40 * MINUTE),
            lab.both(lab.shower(start - 4 * lab.HOUR, 60, 5.0), lab.step(start, 3.0)),
        ]
    )
    school.lives(begin, end, drop, every_min=15)
    _lesson(lab, school, rng)
    if rng.random() < 0.6:
        _absence(lab, school, rng, rng.randrange(lab.at("09:00", 1), lab.at("11:00", 1), 1000))


def _lesson(lab: SimpleNamespace, school: Any, rng: Random) -> None:
    on = rng.randrange(lab.at("08:30", 1), lab.at("09:30", 1), 1000)
    school.says(on, "p1-tv", power__on=True, input__signal=True)
    fault = rng.choice([{}, {"device__reachable": False}, {"input__signal": False}, {"power__on": False}])
    school.says(on + rng.randrange(10, 90) * MINUTE, "p1-tv", **fault)
    if rng.random() < 0.5:
        school.says(on + rng.randrange(100, 200) * MINUTE, "p1-tv", device__reachable=True, input__signal=True)
    if rng.random() < 0.3:
        school.says(on + rng.randrange(0, 90) * MINUTE, "p2-receiver", device__reachable=False)


def _absence(lab: SimpleNamespace, school: Any, rng: Random, start: int) -> None:
    """With history in the journal, or without: the computer was off."""
    back = start + rng.randrange(1, 80) * MINUTE
    off = rng.random() < 0.5
    if off:
        school.said = [row for row in school.said if not start - MINUTE < row[0] < back]
    school.dies(start)
    school.born(back, uptime_min=1 if off else 4000)
    if rng.random() < 0.3:
        school.session = [row for row in school.session if row[:2] != (back, "p2-tv")]
    if rng.random() < 0.3:
        school.session = [_without_uptime(row) if row[:2] == (back, "") else row for row in school.session]


def _without_uptime(row: tuple[int, str, Any]) -> tuple[int, str, Any]:
    return (*row[:2], {name: value for name, value in row[2].items() if name != "host/uptime_s"})


def _town(lab: SimpleNamespace, seed: int) -> tuple[Any, int, int]:
    rng, town = Random(seed), lab.Town()
    begin, end = lab.at("00:00"), lab.at("15:00", 1)
    for _ in range(4):
        _trouble(lab, town.school(*lab.rooms(2), km=rng.randrange(0, 20)), rng, begin, end)
    if rng.random() < 0.5:
        for school in town.schools:
            _absence(lab, school, rng, lab.at("13:20", 1) - rng.randrange(3 * MINUTE))
    return town, begin, end


def _arrivals(town: Any, rng: Random) -> list[tuple[int, Any]]:
    """Each report arrives a while after it was made. What was said in an absence comes after it."""
    arrivals = []
    for school in town.schools:
        away = _away(school)
        for each in school.journals():
            told = next((back for start, back in away if each.epoch != "ours" and start < each.t < back), each.t)
            arrivals.append((told + rng.randrange(SETTLES_MS), each))
    return arrivals


def _away(school: Any) -> list[tuple[int, int]]:
    deaths = [t for t, _, values in school.session if values.get("node/online") is False]
    births = sorted(t for t, _, values in school.session if values.get("node/online") is True)
    return [(start, next(t for t in births if t > start)) for start in deaths]


@FEW
@given(seed=SEEDS, delays=SEEDS, count=st.integers(1, 40))
def test_when_reports_arrive_and_when_anybody_looks_changes_nothing(
    lab: SimpleNamespace, seed: int, delays: int, count: int
) -> None:
    town, begin, end = _town(lab, seed)
    rng = Random(delays)
    looks = [(rng.randrange(begin, end), False) for _ in range(count)]
    assert lab.play_in_pieces(town, end, _arrivals(town, rng), looks).facts() == town.play(end).facts()


@FEW
@example(seed=456, delays=18, count=18)
@given(seed=SEEDS, delays=SEEDS, count=st.integers(1, 30))
def test_a_restart_at_any_time_changes_nothing(lab: SimpleNamespace, seed: int, delays: int, count: int) -> None:
    """All that is remembered has gone through JSON."""
    town, _begin, end = _town(lab, seed)
    rng = Random(delays)
    looks = [(rng.randrange(lab.at("07:00", 1), end), True) for _ in range(count)]
    assert lab.play_in_pieces(town, end, _arrivals(town, rng), looks).facts() == town.play(end).facts()


def _weeks(lab: SimpleNamespace, seed: int) -> tuple[Any, int]:
    """Two weeks with what takes its time: declines, cuts that keep coming back, habits, sets that wait."""
    rng, town = Random(seed), lab.Town()
    begin, end = lab.at("00:00"), lab.at("15:00", 12)
    for km in (0, 5, 10):
        school = town.school(*lab.rooms(2, rng.choice(["silent", "answers"])), km=km)
        per_day = rng.choice([0.0, 0.3])
        school.lives(begin, end, lambda t, slope=per_day: max(0.0, (t - begin) / lab.DAY - 2) * slope, every_min=90)
        cuts = rng.choice([[], [2, 4, 7], [2, 9, 10, 11]])
        for day in range(12):
            school.says(lab.at("08:40", day), "p1-tv", device__reachable=True, power__on=True, input__signal=True)
            school.says(lab.at("14:10", day), "p1-tv", device__reachable=False)
            if day in cuts:
                _absence(lab, school, rng, lab.at("10:30", day) + rng.randrange(lab.HOUR))
    return town, end


@settings(parent=FEW, max_examples=8)
@given(seed=SEEDS, delays=SEEDS, count=st.integers(1, 20))
def test_what_takes_weeks_survives_restarts_too(lab: SimpleNamespace, seed: int, delays: int, count: int) -> None:
    town, end = _weeks(lab, seed)
    rng = Random(delays)
    looks = [(rng.randrange(lab.at("00:00", 1), end), True) for _ in range(count)]
    assert lab.play_in_pieces(town, end, _arrivals(town, rng), looks).facts() == town.play(end).facts()


@pytest.mark.parametrize("late_min", [5, 30, 240])
def test_history_that_comes_very_late_does_no_harm(lab: SimpleNamespace, late_min: int) -> None:
    """The set was off for a while when there was no Internet; it is on again, and the birth said so."""
    town = lab.Town()
    school, end = town.school(*lab.rooms(1)), lab.at("15:30", 1)
    school.lives(lab.at("00:00"), end)
    start, back = lab.at("09:00", 1), lab.at("10:30", 1)
    for clock, on in (("08:30", True), ("09:30", False), ("10:00", True)):
        school.says(lab.at(clock, 1), "p1-tv", power__on=on)
    school.dies(start)
    school.born(back, uptime_min=4000)
    arrivals = [
        (back + late_min * MINUTE if each.epoch != "ours" and start < each.t < back else each.t, each)
        for each in school.journals()
    ]
    looks = [(t, False) for t in range(lab.at("08:00", 1), end, 2 * MINUTE)]
    outcome = lab.play_in_pieces(town, end, arrivals, looks)
    assert outcome.faults == []
    assert len(outcome.told("school_link_outage")) == 1
    assert 270 <= outcome.used("36030001", 1) <= 420


@pytest.mark.parametrize("seed", range(3))
def test_these_days_are_not_all_quiet(lab: SimpleNamespace, seed: int) -> None:
    town, _, end = _town(lab, seed)
    outcome = town.play(end)
    assert outcome.faults
    assert outcome.incidents
    assert outcome.days

"""Baselines are per device, learnt from its own dry history; without C/N, quality or lock serve."""

from types import SimpleNamespace
from typing import Any

import pytest


def _moved(lab: SimpleNamespace, db: float, **how: Any) -> Any:
    """Of three schools, the dish of the first moves on the second morning."""
    town = lab.Town()
    end = lab.at("15:30", 2)
    for n, school in enumerate(town.row(3, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, lab.step(lab.at("09:00", 1), db) if n == 0 else lab.clear_sky, **how)
    return town.play(end)


@pytest.mark.parametrize("level", [9.5, 13.0, 17.0])
def test_what_is_low_depends_on_what_is_usual_there(lab: SimpleNamespace, level: float) -> None:
    assert _moved(lab, 2.5, level=level).tickets == [("36030001 dish d1", "dish_misaligned")]


def test_a_school_that_has_always_heard_badly_has_no_fault(lab: SimpleNamespace) -> None:
    town = lab.Town()
    end = lab.at("15:30", 2)
    for n, school in enumerate(town.row(4)):
        school.lives(lab.at("00:00"), end, level=8.5 if n == 0 else 13.0)
    assert town.play(end).faults == []


def test_quality_serves_where_there_is_no_cnr(lab: SimpleNamespace) -> None:
    outcome = _moved(lab, 4.0, gauge="signal__quality_pct", per_db=5.0)
    assert outcome.tickets == [("36030001 dish d1", "dish_misaligned")]


def test_lock_alone_serves_where_there_is_nothing_else(lab: SimpleNamespace) -> None:
    town = lab.Town()
    died, end = lab.at("09:00", 1), lab.at("15:30", 1)
    for n, school in enumerate(town.row(3, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, lab.dark(died) if n == 0 else lab.clear_sky, gauge="tuner__ber")
    assert town.play(end).tickets == [("36030001 dish d1", "lnb_failed")]


def test_a_fresh_device_has_a_baseline_within_a_day(lab: SimpleNamespace) -> None:
    town = lab.Town()
    moved, end = lab.at("09:00", 1), lab.at("15:30", 2)
    for n, school in enumerate(town.row(3, 4.0, *lab.rooms(2))):
        school.lives(lab.at("20:00"), end, lab.step(moved, 3.0) if n == 0 else lab.clear_sky)
    assert town.play(end).tickets == [("36030001 dish d1", "dish_misaligned")]


def test_one_that_was_first_met_in_the_rain_has_no_fault_when_it_clears(lab: SimpleNamespace) -> None:
    town = lab.Town()
    end = lab.at("15:30", 2)
    for school in town.row(3):
        school.lives(lab.at("09:00"), end, lab.shower(lab.at("08:30"), 110, 5.0))
    assert town.play(end).faults == []


def test_a_mended_dish_that_hears_better_than_ever_has_a_new_baseline(lab: SimpleNamespace) -> None:
    town = lab.Town()
    better, moved, end = lab.at("09:00", 1), lab.at("09:00", 3), lab.at("15:30", 4)
    story = lab.both(lab.step(0, 3.0, better), lab.step(moved, 2.5))
    for n, school in enumerate(town.row(3, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, story if n == 0 else lab.clear_sky)
    (fault,) = town.play(end).faults
    assert fault.cause == "dish_misaligned"
    assert abs(fault.onset_at - moved) <= lab.HOUR


def test_a_school_without_a_place_is_judged_without_neighbours(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school, end = town.school(*lab.rooms(2), km=None), lab.at("15:30", 3)
    school.lives(lab.at("00:00"), end, lab.step(lab.at("09:00", 1), 4.0))
    assert town.play(end).tickets == [("36030001 dish d1", "dish_misaligned")]


def _newcomer(lab: SimpleNamespace, level: float, drop: Any = None, peers: int = 5) -> Any:
    """A school that is heard for the first time two days after others, with receivers of their model."""
    town = lab.Town()
    *old, new = town.row(peers, 30.0, *lab.rooms(2))
    end = lab.at("15:00", 3)
    for school in old:
        school.lives(lab.at("00:00"), end)
    new.lives(lab.at("08:00", 2), end, drop or lab.clear_sky, level=level)
    return town.play(end)


def test_a_fresh_receiver_far_below_all_of_its_model_was_met_with_a_fault(lab: SimpleNamespace) -> None:
    (fault,) = _newcomer(lab, 7.6).faults
    assert (fault.where, fault.cause) == ("36030005 dish d1", "dish_misaligned")
    assert fault.evidence["peers"] == 8
    assert fault.opened_at >= lab.at("11:00", 2)


@pytest.mark.parametrize(("level", "peers"), [(9.2, 5), (7.6, 4)])
def test_a_site_that_hears_badly_is_no_fault_nor_is_it_where_too_few_tell_what_is_usual(
    lab: SimpleNamespace, level: float, peers: int
) -> None:
    assert _newcomer(lab, level, peers=peers).faults == []


def test_one_that_is_first_met_in_heavy_rain_is_clear_after_it(lab: SimpleNamespace) -> None:
    rain = lab.step(lab.at("08:00", 2), 5.4, lab.at("09:30", 2))
    outcome = _newcomer(lab, 13.0, rain)
    assert outcome.faults == []
    assert any("36030005" in each.schools for each in outcome.incidents.values())

"""What schools show together: who fades beside whom, whether the satellite is out, who died with whom."""

import pytest

from hub.detection.dishes import Gloom
from hub.detection.geography import Neighbourhood
from hub.detection.sky import Sky, SkyState
from hub.detection.thresholds import SkySettings

MINUTE, HOUR = 60_000, 3_600_000
T = 20_000 * 24 * HOUR
PLACES = {f"s{n}": (15.8 + n * 4 / 111.2, 102.0) for n in range(10)}


def _sky(drops: dict[str, float] | None = None) -> Sky:
    """Ten schools along a road, four km apart; all dishes are clear."""
    sky = Sky(SkyState(), SkySettings(), Neighbourhood(PLACES), (drops or {}).get)
    for code in PLACES:
        sky.show(code, "d1", Gloom.CLEAR, T - HOUR)
    return sky


def test_neighbours_are_those_within_reach_that_can_be_seen() -> None:
    sky = _sky()
    assert sky.around("s0", "d1", T, T).neighbours == 3
    sky.show("s1", "d1", Gloom.UNSEEN, T)
    assert sky.around("s0", "d1", T, T).neighbours == 2
    assert sky.around("nowhere", "d1", T, T).neighbours == 0


def test_who_fades_beside_it_is_counted() -> None:
    sky = _sky()
    sky.fade("s1", "d1", T)
    sky.fade("s9", "d1", T)
    around = sky.around("s0", "d1", T, T + 10 * MINUTE)
    assert (around.fading, around.faded_too, around.dry_h) == (1, True, 0)


def test_another_dish_of_the_school_is_the_nearest_neighbour() -> None:
    sky = _sky()
    sky.show("s0", "d2", Gloom.LOW, T)
    assert sky.around("s0", "d1", T, T).neighbours == 3
    sky.fade("s0", "d2", T)
    around = sky.around("s0", "d1", T, T)
    assert (around.neighbours, around.fading, around.dry_h) == (4, 1, 0)
    assert _sky().around("nowhere", "d1", T, T).dry_h is None


def test_who_fades_for_longer_than_it_rains_says_nothing_of_the_weather() -> None:
    sky = _sky()
    sky.show("s1", "d1", Gloom.LOW, T)
    sky.fade("s1", "d1", T)
    assert sky.around("s0", "d1", T, T + 9 * HOUR).fading == 1
    around = sky.around("s0", "d1", T, T + 15 * HOUR)
    assert (around.neighbours, around.fading) == (2, 0)
    assert around.dry_h == pytest.approx(15)


def test_neighbours_that_are_all_switched_off_are_asleep() -> None:
    sky = _sky()
    assert not sky.around("s0", "d1", T, T).asleep
    for code in PLACES:
        sky.show(code, "d1", Gloom.UNSEEN, T)
    assert sky.around("s0", "d1", T, T).asleep
    assert not sky.around("nowhere", "d1", T, T).asleep


def test_dry_hours_are_counted_from_the_last_fade_or_else_from_the_onset() -> None:
    sky = _sky()
    assert sky.around("s0", "d1", T, T + 3 * HOUR).dry_h == pytest.approx(3)
    sky.fade("s1", "d1", T)
    sky.clear("s1", "d1", T + HOUR)
    around = sky.around("s0", "d1", T, T + 3 * HOUR)
    assert around.dry_h == pytest.approx(2)
    assert (around.fading, around.faded_too) == (0, True)


def test_how_far_neighbours_are_below_clear_sky_is_told_and_one_alone_does_not_speak_for_all() -> None:
    assert _sky().around("s0", "d1", T, T).drop_db is None
    assert _sky({"s1": 1.0, "s2": 1.0, "s3": 1.0}).around("s0", "d1", T, T).drop_db == pytest.approx(1.0)
    assert _sky({"s1": 0.0, "s2": 0.0, "s3": 12.0}).around("s0", "d1", T, T).drop_db == pytest.approx(2 / 3, abs=0.1)


def test_the_satellite_is_out_when_nearly_all_lose_lock_at_once_and_back_when_they_have_it() -> None:
    sky = _sky()
    changes = [sky.show(code, "d1", Gloom.DARK, T + n * 5000) for n, code in enumerate(PLACES)]
    assert changes.count(True) == 1
    assert sky.state.satellite == T
    assert sky.satellite_out(T + HOUR)
    changes = [sky.show(code, "d1", Gloom.CLEAR, T + HOUR + n * 5000) for n, code in enumerate(PLACES)]
    assert changes.count(True) == 1
    assert sky.state.satellite is None
    assert sky.satellite_out(T + 30 * MINUTE)
    assert not sky.satellite_out(T + 3 * HOUR)


@pytest.mark.parametrize(("struck", "apart_ms"), [(5, 5000), (10, 10 * MINUTE), (3, 0)])
def test_half_of_them_or_one_after_the_other_is_not_the_satellite(struck: int, apart_ms: int) -> None:
    sky = _sky()
    for n, code in enumerate(list(PLACES)[:struck]):
        assert not sky.show(code, "d1", Gloom.DARK, T + n * apart_ms)


def test_three_schools_cannot_speak_for_a_district() -> None:
    sky = Sky(SkyState(), SkySettings(), Neighbourhood(PLACES))
    assert not any(sky.show(code, "d1", Gloom.DARK, T) for code in ("s0", "s1", "s2"))


def test_who_died_together_near_each_other_is_an_area() -> None:
    sky = _sky()
    for n in (0, 1, 2, 9):
        sky.die(f"s{n}", f"s{n}", T + n * MINUTE)
    members = sky.together(T, ["s0", "s1", "s2", "s9"])
    assert {school for _, _, school in members} >= {"s0", "s1", "s2"}
    assert sky.together(T, ["s0", "s1"]) == []


def test_who_died_long_before_did_not_die_with_it() -> None:
    sky = _sky()
    for n in range(3):
        sky.die(f"s{n}", f"s{n}", T + n * HOUR)
    assert sky.together(T, ["s0", "s1", "s2"]) == []


def test_several_agents_of_one_school_are_no_area() -> None:
    sky = _sky()
    for node in ("s0", "s0-2", "s0-3"):
        sky.die(node, "s0", T)
    assert sky.together(T, ["s0", "s0-2", "s0-3"]) == []


@pytest.mark.parametrize(
    ("school", "after_min", "joins"),
    [("s3", 30, True), ("s3", 59, True), ("s3", 61, False), ("s9", 30, False), ("s0", 30, False)],
)
def test_a_battery_carries_a_computer_near_a_dark_area_for_an_hour(school: str, after_min: int, joins: bool) -> None:
    sky = _sky()
    sky.darken(T, "s0", "s0")
    died = T + after_min * MINUTE
    assert sky.outlasted(school, school, died) == ([(died, school, school)] if joins else [])


def test_where_the_power_is_back_no_battery_runs_out() -> None:
    sky = _sky()
    sky.darken(T, "s0", "s0")
    sky.state.incidents.end("away/s0", T + 20 * MINUTE)
    assert sky.outlasted("s3", "s3", T + 19 * MINUTE)
    assert not sky.outlasted("s3", "s3", T + 21 * MINUTE)


def test_what_faded_long_ago_is_forgotten() -> None:
    sky = _sky()
    for n in range(500):
        sky.fade("s1", "d1", T + n * HOUR)
        sky.clear("s1", "d1", T + n * HOUR + MINUTE)
        sky.die("s1", "s1", T + n * HOUR)
    assert len(sky.state.fades["s1"]["d1"]) < 50
    assert len(sky.state.died) < 50

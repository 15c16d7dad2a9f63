"""Rain and sun as the recommendations and the almanac have them."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.attenuation import SLANT_KM, by_table, cnr_loss
from simulator.clock import hour_of
from simulator.rain import weather
from simulator.sky import sun_loss
from simulator.sun import beam_deg, look, noise_k, passage

CHATURAT = (15.57, 101.85)
"""A town whose sun outages stand in the office's calendar."""


@pytest.mark.parametrize(
    ("ghz", "tilt", "k", "alpha"),
    [
        (12.0, 0.0, 0.02386, 1.1825),
        (12.0, 90.0, 0.02455, 1.1216),
        (20.0, 0.0, 0.09164, 1.0568),
        (20.0, 90.0, 0.09611, 0.9847),
    ],
)
def test_rain_coefficients_are_those_of_the_table_of_p838(ghz: float, tilt: float, k: float, alpha: float) -> None:
    rain = by_table(ghz, 0.0, tilt)
    assert (rain.k, rain.alpha) == pytest.approx((k, alpha), abs=1e-4)


@pytest.mark.parametrize(("fade", "loss"), [(1, 2.8), (2, 4.8), (3, 6.5), (5, 9.3)])
def test_carrier_to_noise_falls_by_more_than_the_rain_takes(fade: float, loss: float) -> None:
    assert cnr_loss(fade, 93.0) == pytest.approx(loss, abs=0.06)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_more_rain_takes_more(one: int, other: int) -> None:
    rain = by_table()
    assert (rain.per_km(one / 10) <= rain.per_km(other / 10)) == (one <= other)


def test_a_downpour_ends_the_reception_of_every_dish() -> None:
    assert cnr_loss(by_table().per_km(90.0) * SLANT_KM / 2, 93.0) > 12


def test_the_satellite_stands_where_the_look_angles_say() -> None:
    azimuth, elevation = look(*CHATURAT, 78.5)
    assert (azimuth, elevation) == pytest.approx((238, 58), abs=0.6)


def test_the_sun_passes_behind_the_satellite_on_the_days_and_at_the_hours_of_the_calendar() -> None:
    """11–17 March 2027 at 14:05–14:16 and 27 September–3 October at 13:46–13:57, within 1.4° of the axis."""
    for first, last, begins, ends in (
        (date(2027, 3, 11), date(2027, 3, 17), 14.08, 14.27),
        (date(2027, 9, 27), date(2027, 10, 3), 13.77, 13.95),
    ):
        days = [date.fromordinal(day) for day in range(first.toordinal() - 12, last.toordinal() + 13)]
        near = {day: [t for t, angle in passage(*CHATURAT, 78.5, day).items() if angle < 1.4] for day in days}
        hit = [day for day in days if near[day]]
        assert (hit[0], hit[-1]) == (first, last)
        hours = [hour_of(t) for day in hit for t in near[day]]
        assert (min(hours), max(hours)) == pytest.approx((begins, ends), abs=0.05)


def test_the_sun_ends_reception_for_minutes_and_touches_a_larger_dish_for_a_shorter_time() -> None:
    angles = list(passage(*CHATURAT, 78.5, date(2026, 9, 30)).values())
    touched = {size: sum(sun_loss(angle, size, 93.0) > 1 for angle in angles) for size in (0.6, 0.75, 1.2)}
    assert touched[0.6] > touched[0.75] > touched[1.2] > 0
    assert 3 <= sum(sun_loss(angle, 0.75, 93.0) > 5 for angle in angles) <= 15


def test_no_sun_stands_behind_the_satellite_in_june() -> None:
    assert passage(*CHATURAT, 78.5, date(2026, 6, 21)) == {}


def test_the_suns_noise_falls_off_the_axis() -> None:
    noise = [noise_k(angle / 10, 0.75) for angle in range(40)]
    assert all(a > b for a, b in pairwise(noise))
    assert noise_k(beam_deg(0.75) / 2, 0.75) < 0.6 * noise[0]


def test_storms_come_in_the_afternoon_more_than_in_the_morning() -> None:
    hours = [hour_of(cell.start) for cell in weather(1, 1780246800, 60, 10, 1) if not cell.wide]
    afternoon = sum(13 <= hour < 20 for hour in hours)
    morning = sum(6 <= hour < 13 for hour in hours)
    assert afternoon > 3 * morning

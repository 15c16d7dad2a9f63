"""The sun behind the satellite: known days and minutes, and every window held against azimuths and elevations."""

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from math import acos, atan2, cos, degrees, radians, sin, tan

import ephem
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.detection.sun import SunPath, Window

BANGKOK = timezone(timedelta(hours=7))
MINUTE, DAY = 60_000, 86_400_000
PATH = SunPath(78.5, 1.4)
CHATURAT, FANG, SURAT = (15.57, 101.84), (19.92, 99.21), (9.14, 99.33)
latitudes, longitudes = st.floats(-60, 60), st.floats(40, 120)


def moment(t: int) -> datetime:
    return datetime.fromtimestamp(t / 1000, BANGKOK)


def ms(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return round(datetime(year, month, day, hour, minute, tzinfo=BANGKOK).timestamp() * 1000)


def season(windows: tuple[Window, ...], spring: bool) -> list[Window]:
    return [window for window in windows if (moment(window[0]).month < 7) == spring]


def look_angles(lat: float, lon: float, east: float = 78.5) -> tuple[float, float]:
    """Azimuth and elevation for a spherical earth, as in Maral, Bousquet: Satellite Communications Systems."""
    phi, ahead = radians(lat), radians(lon - east)
    central = cos(phi) * cos(ahead)
    elevation = atan2(central - 6378.137 / 42_164.17, sin(acos(min(1.0, central))))
    return atan2(tan(ahead), sin(phi)) + radians(180), elevation


def separation(site: tuple[float, float], t: int) -> float:
    """Degrees between the sun's centre and the satellite."""
    observer = ephem.Observer()
    observer.lat, observer.lon, observer.pressure = radians(site[0]), radians(site[1]), 0
    observer.date = t / DAY + 25_567.5
    sun = ephem.Sun(observer)
    return degrees(ephem.separation((sun.az, sun.alt), look_angles(*site)))


@pytest.mark.parametrize(
    ("site", "spring", "first", "last"),
    [
        (CHATURAT, True, date(2027, 3, 11), date(2027, 3, 17)),
        (CHATURAT, False, date(2027, 9, 27), date(2027, 10, 3)),
        (FANG, True, date(2027, 3, 9), date(2027, 3, 15)),
        (FANG, False, date(2027, 9, 29), date(2027, 10, 5)),
        (SURAT, True, date(2027, 3, 13), date(2027, 3, 20)),
        (SURAT, False, date(2027, 9, 24), date(2027, 9, 30)),
    ],
)
def test_it_comes_on_the_days_that_are_known(site: tuple[float, float], spring: bool, first: date, last: date) -> None:
    days = [moment(start).date() for start, _ in season(PATH.windows(*site, 2027), spring)]
    assert days == [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(("spring", "first", "last"), [(True, "14:05", "14:16"), (False, "13:46", "13:57")])
def test_it_comes_at_the_minutes_that_are_known(spring: bool, first: str, last: str) -> None:
    windows = season(PATH.windows(*CHATURAT, 2027), spring)
    earliest = min(moment(start).time() for start, _ in windows)
    latest = max(moment(end).time() for _, end in windows)
    for found, known in ((earliest, first), (latest, last)):
        hour, minute = map(int, known.split(":"))
        assert abs((found.hour - hour) * 60 + found.minute + found.second / 60 - minute) <= 1


def test_it_lasts_less_than_a_quarter_of_an_hour_a_day() -> None:
    assert max(end - start for start, end in PATH.windows(*CHATURAT, 2027)) < 15 * MINUTE


def test_a_wider_angle_holds_the_narrower_one() -> None:
    wide = SunPath(78.5, 2.7).windows(*CHATURAT, 2027)
    narrow = PATH.windows(*CHATURAT, 2027)
    assert len(wide) > len(narrow)
    assert all(any(first <= start and end <= last for first, last in wide) for start, end in narrow)


@settings(max_examples=60, deadline=None)
@given(latitudes, longitudes, st.integers(1971, 2150), st.floats(0.5, 5))
def test_at_both_ends_the_sun_is_as_far_off_as_was_asked(lat: float, lon: float, year: int, within: float) -> None:
    for start, end in SunPath(78.5, within).windows(lat, lon, year):
        assert start < end
        assert separation((lat, lon), start) == pytest.approx(within, abs=0.06)
        assert separation((lat, lon), end) == pytest.approx(within, abs=0.06)


@settings(max_examples=60, deadline=None)
@given(latitudes, longitudes, st.integers(2020, 2035), st.integers(0, 365 * 24 * 60))
def test_outside_of_all_windows_it_is_farther(lat: float, lon: float, year: int, minute: int) -> None:
    t = ms(year, 1, 1) + minute * MINUTE
    inside = any(start <= t < end for start, end in SunPath(78.5, 5).windows(lat, lon, moment(t).year))
    assert (separation((lat, lon), t) < 5 - 0.06) <= inside <= (separation((lat, lon), t) < 5 + 0.06)


@settings(max_examples=20, deadline=None)
@given(st.floats(-60, 60), st.floats(-180, 180), st.floats(-180, 180))
def test_a_satellite_that_is_seen_has_two_seasons_of_one_window_a_day(lat: float, lon: float, east: float) -> None:
    windows = SunPath(east, 2).windows(lat, lon, 2027)
    if degrees(look_angles(lat, lon, east)[1]) < -1:
        assert windows == ()
        return
    for starts in ([start for start, _ in season(windows, spring)] for spring in (True, False)):
        assert all(abs(late - early - DAY) < 10 * MINUTE for early, late in pairwise(starts))


def test_a_satellite_below_the_horizon_has_none() -> None:
    assert PATH.windows(15.0, -80.0, 2027) == ()


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([CHATURAT, FANG, SURAT]), st.integers(2025, 2029), st.floats(0, 1), st.data())
def test_behind_agrees_with_the_windows(site: tuple[float, float], year: int, part: float, data: st.DataObject) -> None:
    start, end = data.draw(st.sampled_from(PATH.windows(*site, year)))
    t = round(start + (end - start) * part)
    slack = 15_000
    if min(t - start, end - t) > slack:
        assert PATH.behind(*site, t)
    assert not PATH.behind(*site, start - slack)
    assert not PATH.behind(*site, end + slack)


@pytest.mark.parametrize("t", [-(10**18), -1, ms(2026, 12, 31, 23, 59), ms(2027, 1, 1), 10**18])
def test_a_broken_clock_and_the_turn_of_the_year_have_no_sun_behind(t: int) -> None:
    assert not PATH.behind(*CHATURAT, t)


def test_what_comes_next_begins_with_the_one_that_is_running() -> None:
    windows = PATH.windows(*CHATURAT, 2027)
    assert PATH.next_windows(*CHATURAT, windows[2][1] - 1, 2 * DAY) == windows[2:5]
    assert PATH.next_windows(*CHATURAT, windows[2][1], 2 * DAY) == windows[3:5]


def test_what_comes_next_reaches_over_the_turn_of_the_year() -> None:
    assert PATH.next_windows(*CHATURAT, ms(2026, 12, 1), 120 * DAY) == tuple(
        season(PATH.windows(*CHATURAT, 2027), True)
    )


@pytest.mark.parametrize("within", [0, -1, 10.5, float("nan")])
def test_an_angle_that_cannot_be_is_refused(within: float) -> None:
    with pytest.raises(ValueError, match="within_deg"):
        SunPath(78.5, within)

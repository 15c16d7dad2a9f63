"""Sun outages told before they come."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from hub.detection.sun import SunPath
from hub.web.sun_ahead import SunAhead

ZONE = ZoneInfo("Asia/Bangkok")
CHAIYAPHUM, NEAR_BY, HAT_YAI = (15.8, 102.0), (15.801, 102.001), (7.0, 100.5)
MINUTE, DAY = 60_000, 86_400_000


def at(year: int, month: int, day: int, hour: int = 1) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


class Counting:
    """Windows of one minute a day at one hour, at the southern site an hour later."""

    def __init__(self) -> None:
        self.asked = 0

    def next_windows(self, lat: float, lon: float, t: int, ahead_ms: int) -> tuple[tuple[int, int], ...]:
        self.asked += 1
        start = t + (7 if lat < 10 else 6) * 60 * MINUTE
        return tuple((start + n * DAY, start + n * DAY + MINUTE) for n in range(2))


def test_before_the_equinox_the_days_are_announced() -> None:
    days = SunAhead(SunPath(78.5, 1.4), ZONE).days([CHAIYAPHUM, HAT_YAI], at(2026, 9, 20))
    assert days
    assert all(day.date >= "2026-09-20" for day in days)
    assert all(0 < day.longest_min < 15 for day in days)
    assert days == tuple(sorted(days, key=lambda day: day.date))


def test_far_from_the_equinoxes_there_is_nothing_to_announce() -> None:
    assert SunAhead(SunPath(78.5, 1.4), ZONE).days([CHAIYAPHUM], at(2026, 6, 20)) == ()


def test_a_day_reaches_from_the_first_school_to_the_last() -> None:
    path, noon = Counting(), at(2026, 9, 20, 0)
    first, second = SunAhead(path, ZONE).days([CHAIYAPHUM, NEAR_BY, HAT_YAI], noon)
    assert (first.start, first.end) == (noon + 360 * MINUTE, noon + 421 * MINUTE)
    assert (first.longest_min, second.date) == (1.0, "2026-09-21")
    assert path.asked == 2


def test_what_is_over_is_left_out_and_a_day_is_computed_once() -> None:
    path, midnight = Counting(), at(2026, 9, 20, 0)
    ahead = SunAhead(path, ZONE)
    assert len(ahead.days([CHAIYAPHUM], midnight)) == 2
    assert len(ahead.days([CHAIYAPHUM], midnight + 361 * MINUTE)) == 1
    assert path.asked == 1


def test_without_places_nothing_is_known() -> None:
    assert SunAhead(SunPath(78.5, 1.4), ZONE).days([], at(2026, 9, 20)) == ()


def test_away_from_the_equinox_the_overview_says_nothing(client: httpx.Client, district: Any) -> None:
    assert "Sun outages ahead" not in client.get("/?lang=en").text

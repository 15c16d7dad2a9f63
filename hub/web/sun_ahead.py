"""Sun outages of a district before they come: the days, and when on each the sun stands behind the satellite somewhere in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000
_AHEAD_MS = 30 * DAY_MS
_SITE_DEG = 0.1
"""Sites so near to each other (11 km) have windows that differ by seconds."""

Site = tuple[float, float]
"""Degrees north and east."""


class SunWindows(Protocol):
    """hub.detection.sun.SunPath."""

    def next_windows(self, lat: float, lon: float, t: int, ahead_ms: int) -> tuple[tuple[int, int], ...]: ...


@dataclass(frozen=True, slots=True)
class SunDay:
    """A day with sun outages: from `start` in the first school to `end` in the last (ms), at most `longest_min` in one."""

    date: str
    start: int
    end: int
    longest_min: float


class SunAhead:
    """Computes once a day what the day's viewers ask for."""

    def __init__(self, path: SunWindows, zone: ZoneInfo) -> None:
        self._path, self._zone = path, zone
        self._of_day = lru_cache(maxsize=4)(self._computed)

    def days(self, sites: Iterable[Site], now: int) -> tuple[SunDay, ...]:
        """The days of the month ahead; those that are over today are left out."""
        cells = frozenset((round(lat / _SITE_DEG), round(lon / _SITE_DEG)) for lat, lon in sites)
        return tuple(day for day in self._of_day(cells, now // DAY_MS) if day.end > now)

    def _computed(self, cells: frozenset[tuple[int, int]], day: int) -> tuple[SunDay, ...]:
        days: dict[str, SunDay] = {}
        for lat, lon in sorted(cells):
            for start, end in self._path.next_windows(lat * _SITE_DEG, lon * _SITE_DEG, day * DAY_MS, _AHEAD_MS):
                date = datetime.fromtimestamp(start / 1000, self._zone).date().isoformat()
                days[date] = _joined(days.get(date), SunDay(date, start, end, (end - start) / 60_000))
        return tuple(days[date] for date in sorted(days))


def _joined(known: SunDay | None, seen: SunDay) -> SunDay:
    if known is None:
        return seen
    return SunDay(
        seen.date,
        min(known.start, seen.start),
        max(known.end, seen.end),
        max(known.longest_min, seen.longest_min),
    )

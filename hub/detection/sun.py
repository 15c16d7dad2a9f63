"""When the sun stands behind the satellite, as seen from a school. What that does to a signal is for the causes to say.

The method is that of Rec. ITU-R S.1525-1, Annex 2: for each day near the equinoxes, the moment at which the sun has the hour
angle of the satellite, and how long it is within a given angle of it. The site stands on the WGS84 ellipsoid, the satellite on
the geostationary circle; the sun's apparent, topocentric place, without refraction, comes from `ephem`. The angle is what a dish
lets in: half its beam width and the sun's radius make 1.4 degrees for 75 cm at 12 GHz, where most is lost; it begins further out.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import acos, atan2, cos, degrees, hypot, pi, radians, sin, sqrt

import ephem

MAX_WITHIN_DEG = 10.0
"""So far from the sun no dish hears it; and up to here all windows of a year lie well inside it."""
_EARTH_KM, _FLATTENING = 6378.137, 1 / 298.257223563
_ORBIT_KM = 42_164.17
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_RADIAN_MS = 12 * _HOUR_MS / pi
"""The sun's hour angle grows by 15 degrees an hour, to a few seconds a day."""
_YEAR_MS = 31_556_952_000
"""A mean year: it is off by two days at most, and no window lies so near to its ends."""
_FIRST_YEAR, _YEARS = 1970, 230
_EPHEM_EPOCH = 25_567.5
"""1970 in ephem's days, which begin at noon of the last day of 1899."""
_DAILY_DEG = 0.5
"""More than the declination of the sun changes in a day."""
_SITE_DEG = 0.05
"""Sites so near to each other (5 km) have windows that differ by a few seconds."""
_KEPT = 50_000

Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _LineOfSight:
    """From a site (degrees) to a satellite: hour angle, to the west, and declination (radians)."""

    lat: float
    lon: float
    hour_angle: float
    declination: float


class SunPath:
    """The sun's path past one satellite. Times are ms since 1970 UTC; a window holds its start, not its end."""

    def __init__(self, orbital_position_deg_east: float, within_deg: float) -> None:
        if not 0 < within_deg <= MAX_WITHIN_DEG:
            raise ValueError(f"within_deg is {within_deg}; it must lie above 0 and not above {MAX_WITHIN_DEG}")
        self._east = orbital_position_deg_east
        self._within = within_deg
        self._kept: dict[tuple[int, int, int], array[int]] = {}

    def windows(self, lat: float, lon: float, year: int) -> tuple[Window, ...]:
        """When the sun's centre stands within the angle, in order; none where the satellite is below the horizon."""
        satellite = _line_of_sight(lat, lon, self._east)
        return () if satellite is None else tuple(self._search(satellite, year))

    def next_windows(self, lat: float, lon: float, t: int, ahead_ms: int) -> tuple[Window, ...]:
        """Those that are not over at `t` and begin no more than `ahead_ms` later."""
        years = range(_year(t), _year(t + ahead_ms) + 1)
        found = (window for year in years for window in self.windows(lat, lon, year + _FIRST_YEAR))
        return tuple(window for window in found if window[1] > t and window[0] <= t + ahead_ms)

    def behind(self, lat: float, lon: float, t: int) -> bool:
        """Whether the sun stands within the angle at `t`: cheap enough to be asked for each report."""
        return bisect_right(self._bounds(lat, lon, t), t) % 2 == 1

    def left(self, lat: float, lon: float, t: int) -> int | None:
        """When it last left the angle, in the year of `t`; None while it stands there, and before it first has."""
        bounds = self._bounds(lat, lon, t)
        passed = bisect_right(bounds, t)
        return bounds[passed - 1] if passed and passed % 2 == 0 else None

    def _bounds(self, lat: float, lon: float, t: int) -> "array[int]":
        key = (round(lat / _SITE_DEG), round(lon / _SITE_DEG), _year(t))
        bounds = self._kept.get(key)
        return self._keep(key) if bounds is None else bounds

    def _keep(self, key: tuple[int, int, int]) -> "array[int]":
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        lat, lon, year = key
        windows = self.windows(lat * _SITE_DEG, lon * _SITE_DEG, year + _FIRST_YEAR)
        return self._kept.setdefault(key, array("q", (bound for window in windows for bound in window)))

    def _search(self, satellite: _LineOfSight, year: int) -> Iterator[Window]:
        midnight = (date(year, 1, 1).toordinal() - date(1970, 1, 1).toordinal()) * _DAY_MS
        reach = self._within + _DAILY_DEG
        for day, declination in enumerate(_declinations(year)):
            if abs(declination - degrees(satellite.declination)) <= reach:
                window = self._window(satellite, midnight + day * _DAY_MS)
                if window is not None:
                    yield window

    def _window(self, satellite: _LineOfSight, midnight: int) -> Window | None:
        """The one of the day (UTC) of `midnight`. On the mean, the sun passes the meridian 0 at noon, one to the east earlier."""
        meridian = (radians(satellite.lon) - satellite.hour_angle + pi) % (2 * pi)
        passing = midnight + (2 * pi - meridian) * _RADIAN_MS
        for _ in range(2):
            passing += _turn(satellite.hour_angle - _sun(satellite, passing)[0]) * _RADIAN_MS
        declination = _sun(satellite, passing)[1]
        across = cos(radians(self._within)) - sin(declination) * sin(satellite.declination)
        ratio = across / (cos(declination) * cos(satellite.declination))
        if ratio >= 1:
            return None
        half = acos(ratio) * _RADIAN_MS
        return round(passing - half), round(passing + half)


def _line_of_sight(lat: float, lon: float, east: float) -> _LineOfSight | None:
    """None below the horizon. The axes: x in the site's meridian, y to the east, z to the north; the centre is the earth's."""
    phi, ahead = radians(lat), radians(east - lon)
    squeeze = (1 - _FLATTENING) ** 2
    vertical = _EARTH_KM / sqrt(cos(phi) ** 2 + squeeze * sin(phi) ** 2)
    x = _ORBIT_KM * cos(ahead) - vertical * cos(phi)
    y = _ORBIT_KM * sin(ahead)
    z = -vertical * squeeze * sin(phi)
    if x * cos(phi) + z * sin(phi) <= 0:
        return None
    return _LineOfSight(lat, lon, -atan2(y, x), atan2(z, hypot(x, y)))


def _sun(site: _LineOfSight, t: float) -> tuple[float, float]:
    """The hour angle and declination of the sun's centre from there."""
    observer = ephem.Observer()
    observer.lat, observer.lon, observer.pressure = radians(site.lat), radians(site.lon), 0
    observer.date = t / _DAY_MS + _EPHEM_EPOCH
    sun = ephem.Sun(observer)
    return float(sun.ha), float(sun.dec)


@lru_cache(maxsize=16)
def _declinations(year: int) -> tuple[float, ...]:
    """The sun's, at noon UTC of each day, in degrees."""
    first, last = (date(each, 1, 1).toordinal() - date(1970, 1, 1).toordinal() for each in (year, year + 1))
    return tuple(degrees(ephem.Sun(day + 0.5 + _EPHEM_EPOCH).g_dec) for day in range(first, last))


def _turn(angle: float) -> float:
    """The same angle between minus and plus half a turn."""
    return (angle + pi) % (2 * pi) - pi


def _year(t: int) -> int:
    """Counted from 1970; a time of a broken clock falls into the nearest year that we know."""
    return min(max(t // _YEAR_MS, 0), _YEARS)

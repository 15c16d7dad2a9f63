"""When the sun stands behind the satellite, and how much noise it brings into a dish. Positions of the sun by `ephem`."""

import math
from datetime import UTC, date, datetime

import ephem

from simulator.clock import HOUR, MINUTE, midnight

EARTH_KM, ORBIT_KM = 6378.137, 42164.0
SUN_K = 12000.0
"""Brightness of the quiet sun at 12 GHz."""
SUN_DEG = 0.53
NEAR_DEG = 3.0
FROM_HOUR, TO_HOUR = 12.0, 15.5
"""Local hours in which the sun can pass behind 78.5° E, seen from Thailand."""


def look(lat: float, lon: float, orbit_deg_east: float) -> tuple[float, float]:
    """Azimuth and elevation of a geostationary satellite, in degrees."""
    phi, delta = math.radians(lat), math.radians(orbit_deg_east - lon)
    cos_gamma = math.cos(phi) * math.cos(delta)
    elevation = math.atan2(cos_gamma - EARTH_KM / ORBIT_KM, math.sqrt(1 - cos_gamma**2))
    azimuth = math.atan2(math.sin(delta), -math.sin(phi) * math.cos(delta))
    return math.degrees(azimuth) % 360, math.degrees(elevation)


def separation(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Degrees between two directions given as azimuth and elevation."""
    a1, e1, a2, e2 = map(math.radians, (*one, *other))
    cosine = math.sin(e1) * math.sin(e2) + math.cos(e1) * math.cos(e2) * math.cos(a1 - a2)
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def beam_deg(size_m: float) -> float:
    """Half-power beam width: 70 wavelengths to the diameter, at 12.5 GHz."""
    return 70 * 0.024 / size_m


def noise_k(off_axis_deg: float, size_m: float) -> float:
    """What the sun adds to the antenna's temperature, this far off the axis."""
    beam = math.hypot(beam_deg(size_m), SUN_DEG)
    peak = SUN_K * 0.65 * (SUN_DEG / beam) ** 2
    return peak * math.exp(-4 * math.log(2) * (off_axis_deg / beam) ** 2)


def passage(lat: float, lon: float, orbit_deg_east: float, day: date) -> dict[int, float]:
    """Minutes (seconds since 1970) of the day at which the sun is near the satellite, and how far off it is."""
    if not _season(day):
        return {}
    satellite, start = look(lat, lon, orbit_deg_east), midnight(day)
    observer, sun = ephem.Observer(), ephem.Sun()
    observer.lat, observer.lon, observer.pressure = str(lat), str(lon), 0
    found = {}
    for t in range(start + int(FROM_HOUR * HOUR), start + int(TO_HOUR * HOUR), MINUTE):
        observer.date = ephem.Date(datetime.fromtimestamp(t, UTC).replace(tzinfo=None))
        sun.compute(observer)
        angle = separation(satellite, (math.degrees(sun.az), math.degrees(sun.alt)))
        if angle < NEAR_DEG:
            found[t] = angle
    return found


def _season(day: date) -> bool:
    """In these weeks the sun's declination comes near that of a satellite seen from 5 to 21° N."""
    return (2, 20) <= (day.month, day.day) <= (3, 25) or (9, 18) <= (day.month, day.day) <= (10, 20)

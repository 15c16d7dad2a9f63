"""Places on the earth, and how far it is from one to the other."""

import math
from dataclasses import dataclass

_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Degrees, WGS 84."""

    lat: float
    lon: float


_DEGREE_KM = math.radians(1) * _EARTH_KM


def at_least_km(one: Spot, other: Spot) -> float:
    """How far apart two places are at least; quickly."""
    return abs(one.lat - other.lat) * _DEGREE_KM


def through_the_air_km(one: Spot, other: Spot) -> float:
    """On the great circle."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    half_lat, half_lon = (other_lat - lat) / 2, math.radians(other.lon - one.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(half_lon) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))

"""The area that schools lie in, to be drawn: a ring around each, and one line around all of these.

One school gives a circle, two a capsule, many a rounded hull. The earth is flat here: an area is some tens of kilometres wide.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import cos, pi, radians, sin

Place = tuple[float, float]
"""Degrees north and east."""
AROUND_KM = 5.0
_KM_A_DEGREE = 111.2
_CORNERS = 16
_DIGITS = 4
_KNOWN = 256
"""Areas that are kept."""


def area_around(places: Iterable[Place], km: float = AROUND_KM) -> tuple[Place, ...]:
    """Its corners, against the clock, without the first one once more; none where there are no places."""
    return _around(tuple(sorted(set(places))), km)


@lru_cache(_KNOWN)
def _around(places: tuple[Place, ...], km: float) -> tuple[Place, ...]:
    """Of an incident that runs it is asked at each look at the map."""
    corners = {corner for place in places for corner in _ring(place, km)}
    return tuple(_hull(sorted(corners)))


def _ring(place: Place, km: float) -> Iterable[Place]:
    lat, lon = place
    up = km / _KM_A_DEGREE
    across = up / max(0.01, cos(radians(lat)))
    for number in range(_CORNERS):
        angle = 2 * pi * number / _CORNERS
        yield round(lat + up * sin(angle), _DIGITS), round(lon + across * cos(angle), _DIGITS)


def _hull(corners: Sequence[Place]) -> list[Place]:
    """After Andrew: the lower and the upper chain. The corners are in order."""
    if len(corners) < 3:
        return list(corners)
    return [*_chain(corners)[:-1], *_chain(corners[::-1])[:-1]]


def _chain(corners: Sequence[Place]) -> list[Place]:
    chain: list[Place] = []
    for corner in corners:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], corner) <= 0:
            chain.pop()
        chain.append(corner)
    return chain


def _turn(one: Place, two: Place, three: Place) -> float:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])

"""Which schools stand near which: distances along the earth's surface, neighbours within some km, clusters.

The earth is a ball here, half a per cent off at most. Places are kept as points in space, in cubes of a few km: so nothing is
special about the date line or the poles. How near is near is for the callers to say.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import asin, ceil, cos, floor, pi, radians, sin, sqrt

EARTH_KM = 6371.0088
"""The mean radius (IUGG)."""
_CUBE_KM = 20.0
_SLACK = 1 + 1e-9
"""Rounding shall not part two schools that stand exactly so far from each other."""

Place = tuple[float, float]
"""Latitude and longitude in degrees."""
_Point = tuple[float, float, float]
_Cube = tuple[int, int, int]


def distance_km(one: Place, other: Place) -> float:
    """Along the surface."""
    return _along(sqrt(_squared(_point(one), _point(other))))


class Neighbourhood:
    """Schools with places. Answers are kept: they are asked for again at each report."""

    def __init__(self, sites: Mapping[str, Place]) -> None:
        self._points = {code: _point(place) for code, place in sites.items()}
        self._cubes: dict[_Cube, list[str]] = defaultdict(list)
        for code, point in self._points.items():
            self._cubes[_cube(point)].append(code)
        self._near: dict[tuple[str, float], tuple[str, ...]] = {}

    def __contains__(self, code: str) -> bool:
        return code in self._points

    def between(self, one: str, other: str) -> float | None:
        """Km from one to the other; None where a place is not known."""
        if one not in self._points or other not in self._points:
            return None
        return _along(sqrt(_squared(self._points[one], self._points[other])))

    def near(self, code: str, km: float) -> tuple[str, ...]:
        """The others that are not farther than `km`, nearest first; none where its place is not known."""
        found = self._near.get((code, km))
        if found is None:
            found = self._near[(code, km)] = self._find(code, km)
        return found

    def clusters(self, codes: Iterable[str], km: float) -> tuple[tuple[str, ...], ...]:
        """These schools, parted where every way from one to another has a gap of more than `km`; in the order of their codes.

        One whose place is not known stands alone.
        """
        left = set(codes)
        found = []
        for code in sorted(left):
            if code in left:
                found.append(tuple(sorted(self._linked(code, left, km))))
        return tuple(found)

    def _linked(self, code: str, left: set[str], km: float) -> list[str]:
        """The cluster of `code`; its members are taken from `left`."""
        left.discard(code)
        members = [code]
        for each in members:
            joined = left.intersection(self.near(each, km))
            left -= joined
            members.extend(joined)
        return members

    def _find(self, code: str, km: float) -> tuple[str, ...]:
        centre = self._points.get(code)
        if centre is None or km < 0:
            return ()
        chord = _across(km)
        distances = ((_squared(centre, self._points[each]), each) for each in self._around(centre, chord))
        reach = chord * chord * _SLACK
        return tuple(each for squared, each in sorted(distances) if squared <= reach and each != code)

    def _around(self, centre: _Point, chord: float) -> Iterator[str]:
        steps = ceil(chord / _CUBE_KM)
        if (2 * steps + 1) ** 3 > len(self._points):
            yield from self._points
            return
        x, y, z = _cube(centre)
        span = range(-steps, steps + 1)
        for dx, dy, dz in product(span, span, span):
            yield from self._cubes.get((x + dx, y + dy, z + dz), ())


def _point(place: Place) -> _Point:
    lat, lon = map(radians, place)
    return EARTH_KM * cos(lat) * cos(lon), EARTH_KM * cos(lat) * sin(lon), EARTH_KM * sin(lat)


def _cube(point: _Point) -> _Cube:
    x, y, z = point
    return floor(x / _CUBE_KM), floor(y / _CUBE_KM), floor(z / _CUBE_KM)


def _squared(one: _Point, other: _Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2


def _across(km: float) -> float:
    """Straight through the earth, where it is `km` along the surface."""
    return 2 * EARTH_KM * sin(min(km / (2 * EARTH_KM), pi / 2))


def _along(chord: float) -> float:
    return 2 * EARTH_KM * asin(min(1.0, chord / (2 * EARTH_KM)))

"""In which order schools are driven to: the nearest next, then as long as turning a stretch around makes the way shorter.

The same schools come out in the same order each time, however they were given. Schools whose place nobody knows come last.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from hub.trips.places import Spot, through_the_air_km

_LESS = 1e-9


def driving_order(schools: Mapping[str, Spot | None], office: Spot | None) -> tuple[str, ...]:
    """Schools by their keys. From the office and back to it; without an office, from one school to the last."""
    known = {key: spot for key, spot in schools.items() if spot is not None}
    unknown = sorted(set(schools) - set(known))
    if office is None:
        ways = [_shortened(_nearest_next(known, known[first], first), known, None) for first in sorted(known)]
        best = min(ways, key=lambda way: (way_km(way, known, None), way), default=())
    else:
        best = _shortened(_nearest_next(known, office), known, office)
    return (*best, *unknown)


def way_km(order: Sequence[str], spots: Mapping[str, Spot], office: Spot | None) -> float:
    """Through the air, along the schools, from and to the office."""
    stops = [spots[key] for key in order]
    round_trip = [office, *stops, office] if office is not None and stops else stops
    return sum(through_the_air_km(one, other) for one, other in pairwise(round_trip))


def _nearest_next(known: Mapping[str, Spot], start: Spot, first: str | None = None) -> tuple[str, ...]:
    left, order, at = set(known) - {first}, [first] if first else [], start
    while left:
        following = min(left, key=lambda key: (through_the_air_km(at, known[key]), key))
        order.append(following)
        left.remove(following)
        at = known[following]
    return tuple(order)


def _shortened(order: tuple[str, ...], known: Mapping[str, Spot], office: Spot | None) -> tuple[str, ...]:
    """Turn a stretch around wherever that is shorter, until nothing helps."""
    best, length = order, way_km(order, known, office)
    improved = True
    while improved:
        improved = False
        for first in range(len(best) - 1):
            for last in range(first + 2, len(best) + 1):
                turned = (*best[:first], *reversed(best[first:last]), *best[last:])
                if (km := way_km(turned, known, office)) < length - _LESS:
                    best, length, improved = turned, km, True
    return _from_its_smaller_end(best, known, office)


def _from_its_smaller_end(order: tuple[str, ...], known: Mapping[str, Spot], office: Spot | None) -> tuple[str, ...]:
    """A round can be driven both ways: the nearer school first, so that the far ones are not left for the evening."""
    turned = order[::-1]
    if office is None or len(order) < 2:
        return min(order, turned)
    return min(order, turned, key=lambda way: (through_the_air_km(office, known[way[0]]), way))

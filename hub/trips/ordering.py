"""In which order schools are driven to: the nearest next, then as long as turning a stretch around makes the way shorter.

The same schools come out in the same order each time, however they were given. Schools whose place nobody knows come last.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations, pairwise

from hub.trips.places import Spot, through_the_air_km

_LESS = 1e-9
_OFFICE = ""
_KNOWN = 4096
"""Ways that are kept."""
Km = Mapping[str, Mapping[str, float]]
"""How far it is from one school to another, by their keys."""


def driving_order(schools: Mapping[str, Spot | None], office: Spot | None) -> tuple[str, ...]:
    """Schools by their keys. From the office and back to it; without an office, from one school to the last."""
    known = {key: spot for key, spot in schools.items() if spot is not None}
    return (*_order(tuple(sorted(known.items())), office), *sorted(set(schools) - set(known)))


@lru_cache(_KNOWN)
def _order(schools: tuple[tuple[str, Spot], ...], office: Spot | None) -> tuple[str, ...]:
    """Of schools in the order of their keys. Who looks at what is proposed asks for the same ways again and again."""
    known = dict(schools)
    ends = () if office is None else (_OFFICE,)
    km = _measured(known if office is None else {**known, _OFFICE: office})
    if office is None:
        ways = [_shortened(_nearest_next(known, first, km, (first,)), km, ends) for first in sorted(known)]
        return min(ways, key=lambda way: (_length(way, km, ends), way), default=())
    return _shortened(_nearest_next(known, _OFFICE, km, ()), km, ends)


def way_km(order: Sequence[str], spots: Mapping[str, Spot], office: Spot | None) -> float:
    """Through the air, along the schools, from and to the office."""
    km = _measured(spots if office is None else {**spots, _OFFICE: office})
    return _length(order, km, () if office is None else (_OFFICE,))


def _measured(spots: Mapping[str, Spot]) -> Km:
    """Each stretch is measured once."""
    km: dict[str, dict[str, float]] = {key: {key: 0.0} for key in spots}
    for one, other in combinations(sorted(spots), 2):
        km[one][other] = km[other][one] = through_the_air_km(spots[one], spots[other])
    return km


def _length(order: Sequence[str], km: Km, ends: tuple[str, ...]) -> float:
    return sum(km[one][other] for one, other in pairwise((*ends, *order, *ends) if order else ()))


def _nearest_next(known: Mapping[str, Spot], start: str, km: Km, order: tuple[str, ...]) -> tuple[str, ...]:
    left, at = set(known) - set(order), start
    while left:
        at = min(left, key=lambda key, near=km[at]: (near[key], key))  # type: ignore[misc]
        order = (*order, at)
        left.remove(at)
    return order


def _shortened(order: tuple[str, ...], km: Km, ends: tuple[str, ...]) -> tuple[str, ...]:
    """Turn a stretch around wherever that is shorter, until nothing helps."""
    best, improved = [*ends, *order, *ends], True
    while improved:
        improved = False
        for first in range(len(ends), len(best) - len(ends) - 1):
            for last in range(first + 2, len(best) - len(ends) + 1):
                if _gain(best, first, last, km) > _LESS:
                    best[first:last] = best[first:last][::-1]
                    improved = True
    return _from_its_smaller_end(tuple(best[len(ends) : len(best) - len(ends)]), km, ends)


def _gain(way: Sequence[str], first: int, last: int, km: Km) -> float:
    """How much shorter a way gets whose stretch from `first` up to `last` is driven the other way around."""
    gain = 0.0
    if first > 0:
        before = km[way[first - 1]]
        gain += before[way[first]] - before[way[last - 1]]
    if last < len(way):
        after = km[way[last]]
        gain += after[way[last - 1]] - after[way[first]]
    return gain


def _from_its_smaller_end(order: tuple[str, ...], km: Km, ends: tuple[str, ...]) -> tuple[str, ...]:
    """A round can be driven both ways: the nearer school first, so that the far ones are not left for the evening."""
    turned = order[::-1]
    if not ends or len(order) < 2:
        return min(order, turned)
    return min(order, turned, key=lambda way: (km[ends[0]][way[0]], way))

"""Stretches of time, [from, to) in seconds, in sorted lists that do not overlap."""

from bisect import bisect_right
from collections.abc import Iterable

Interval = tuple[float, float]
EVER = float("inf")


def union(stretches: Iterable[Interval]) -> list[Interval]:
    """Sorted, and what touches made one."""
    merged: list[Interval] = []
    for start, end in sorted(stretches):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def subtract(whole: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """What of `whole` is left outside of `holes`."""
    cuts = union(holes)
    rest: list[Interval] = []
    for start, end in union(whole):
        at = start
        for low, high in clip(cuts, start, end):
            if low > at:
                rest.append((at, low))
            at = high
        if at < end:
            rest.append((at, end))
    return rest


def clip(stretches: Iterable[Interval], start: float, end: float) -> list[Interval]:
    """What lies within [start, end)."""
    return [(max(low, start), min(high, end)) for low, high in stretches if low < end and high > start]


def inside(stretches: list[Interval], t: float) -> bool:
    """Whether `t` lies in one of the sorted stretches."""
    place = bisect_right(stretches, (t, EVER))
    return place > 0 and t < stretches[place - 1][1]


def total(stretches: Iterable[Interval]) -> float:
    return sum(end - start for start, end in stretches)

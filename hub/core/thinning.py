"""Thinning a curve for a chart: few points, no extreme lost, gaps kept as gaps. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Point = tuple[int, float | None]


@dataclass(slots=True)
class _Bucket:
    """The points of one run within one stretch of time, reduced to those that shape the curve."""

    number: int
    first: Point
    low: Point
    high: Point
    last: Point

    def take(self, point: Point, value: float) -> None:
        self.last = point
        if value < _of(self.low):
            self.low = point
        if value > _of(self.high):
            self.high = point

    def points(self) -> list[Point]:
        return sorted({self.first, self.low, self.high, self.last})


def _of(point: Point) -> float:
    return 0.0 if point[1] is None else point[1]


def with_gaps(points: Iterable[Point], longest_ms: int) -> Iterator[Point]:
    """`points` with a point of no value wherever nothing was heard for longer than `longest_ms`."""
    before: int | None = None
    for t, value in points:
        if before is not None and t - before > longest_ms:
            yield before + longest_ms, None
        yield t, value
        before = t


def thin(points: Iterable[Point], since: int, until: int, wanted: int) -> list[Point]:
    """About `wanted` of the points, which stand in the order of time: of each stretch its first, lowest, highest and last.

    A point without a value ends a run; of several in a row one is kept.
    """
    width = max((until - since) * 4 // max(wanted, 4), 1)
    kept: list[Point] = []
    bucket: _Bucket | None = None
    for point in points:
        t, value = point
        if value is None:
            kept += bucket.points() if bucket else []
            bucket = None
            if kept and kept[-1][1] is not None:
                kept.append(point)
        elif bucket is None or bucket.number != (t - since) // width:
            kept += bucket.points() if bucket else []
            bucket = _Bucket((t - since) // width, point, point, point, point)
        else:
            bucket.take(point, value)
    return kept + (bucket.points() if bucket else [])

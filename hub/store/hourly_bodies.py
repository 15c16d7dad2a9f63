"""The body of a stored hour: for each metric its id, how often it was told, for how long it was known, and its figures.

13 bytes for a metric that did not change in the hour, 25 for one that did. Figures have seven digits, held time has seconds.
"""

import struct
from collections.abc import Container, Mapping, Sequence
from struct import Struct

from hub.core.hourly import Hourly
from hub.store.errors import UnreadableBody

_HEAD = Struct("<BIHH")
_WHICH = Struct("<BI")
"""Its beginning."""
_STEADY, _MOVED = 0, 1
_SHAPES = (Struct("<f"), Struct("<ffff"))
_WIDTHS = tuple(shape.size for shape in _SHAPES)
_MOST = 65_535
_GREATEST = 3.4e38


def pack_hour(metrics: Mapping[int, Hourly]) -> bytes:
    """By metric id."""
    return b"".join(_packed(metric, metrics[metric]) for metric in sorted(metrics))


def unpack_hour(body: bytes, wanted: Container[int]) -> Sequence[tuple[int, Hourly]]:
    """The wanted metrics of an hour. Raises UnreadableBody."""
    try:
        return _unpacked(body, wanted)
    except (struct.error, IndexError) as error:
        raise UnreadableBody(f"an hour's body cannot be read: {error!r}") from error


def _unpacked(body: bytes, wanted: Container[int]) -> Sequence[tuple[int, Hourly]]:
    # A chart of a quarter reads thousands of these: what a loop looks up once, it does not look up again.
    which, head, size, at, end = _WHICH.unpack_from, _HEAD.unpack_from, _HEAD.size, 0, len(body)
    found = []
    while at < end:
        shape, metric = which(body, at)
        if metric in wanted:
            _, _, count, held = head(body, at)
            values = _SHAPES[shape].unpack_from(body, at + size)
            found.append((metric, Hourly(count, held * 1000, *(values if shape else values * 4))))
        at += size + _WIDTHS[shape]
    if at != end:
        raise IndexError("it ends in the midst of a metric")
    return found


def _packed(metric: int, hour: Hourly) -> bytes:
    figures = [min(max(each, -_GREATEST), _GREATEST) for each in (hour.low, hour.high, hour.mean, hour.last)]
    head = (metric, min(hour.times, _MOST), min(round(hour.held_ms / 1000), _MOST))
    if hour.low == hour.high:
        return _HEAD.pack(_STEADY, *head) + _SHAPES[_STEADY].pack(figures[0])
    return _HEAD.pack(_MOVED, *head) + _SHAPES[_MOVED].pack(*figures)

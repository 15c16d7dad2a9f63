"""Statistics that a few wild values do not move: median and median deviation, of short lists and of the last so many values.

What the values mean and how far from the median is too far is for the callers to say.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Sequence
from math import isfinite

NORMAL = 1.4826
"""Times the median deviation, this makes the standard deviation where values are spread normally."""


def median(values: Iterable[float]) -> float:
    """Raises ValueError where there are none."""
    return _middle(sorted(values))


def mad(values: Iterable[float], centre: float | None = None) -> float:
    """The median of the distances from `centre`, or from the median. Raises ValueError where there are no values."""
    kept = sorted(values)
    middle = _middle(kept) if centre is None else centre
    return _middle(sorted(abs(value - middle) for value in kept))


class Median:
    """Of the last `size` values. What is no finite number is passed over: it would never leave the order that it spoils."""

    __slots__ = ("_order", "_recent", "_size")

    def __init__(self, size: int, values: Iterable[float] = ()) -> None:
        if size < 1:
            raise ValueError(f"a window of {size} values holds none")
        self._size = size
        self._recent = deque((value for value in values if isfinite(value)), maxlen=size)
        self._order = sorted(self._recent)

    def __len__(self) -> int:
        return len(self._recent)

    @property
    def full(self) -> bool:
        return len(self._recent) == self._size

    @property
    def value(self) -> float | None:
        """None before the first value."""
        return _middle(self._order) if self._order else None

    @property
    def spread(self) -> float | None:
        """The median deviation; None before the first value."""
        return mad(self._order) if self._order else None

    @property
    def newest(self) -> float | None:
        return self._recent[-1] if self._recent else None

    def push(self, value: float) -> None:
        """Take in one more; the oldest of a full window goes."""
        if not isfinite(value):
            return
        order, recent = self._order, self._recent
        if len(recent) == self._size:
            del order[bisect_left(order, recent[0])]
        recent.append(value)
        insort(order, value)

    def dump(self) -> list[float]:
        """The values, oldest first: `Median(size, dump)` is the same window again."""
        return list(self._recent)


def _middle(order: Sequence[float]) -> float:
    count = len(order)
    if not count:
        raise ValueError("there is no median of no values")
    half = count // 2
    return order[half] if count % 2 else (order[half - 1] + order[half]) / 2

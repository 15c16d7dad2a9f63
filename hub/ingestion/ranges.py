"""A set of whole numbers kept as ranges: journal offsets that are committed, lost or missing."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Range = tuple[int, int]
"""First and last number, both included."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """`spans` stand in order and neither touch nor overlap: a set has one form only, so that equal sets are equal."""

    spans: tuple[Range, ...] = ()

    @classmethod
    def of(cls, ranges: Iterable[Range]) -> "Ranges":
        """The union of any ranges."""
        spans: list[Range] = []
        for first, last in sorted(span for span in ranges if span[0] <= span[1]):
            if spans and first <= spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], max(spans[-1][1], last))
            else:
                spans.append((first, last))
        return cls(tuple(spans))

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self.spans, number, key=_first) - 1
        return at >= 0 and number <= self.spans[at][1]

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __iter__(self) -> Iterator[Range]:
        return iter(self.spans)

    def __or__(self, other: "Ranges") -> "Ranges":
        if not self.spans or not other.spans:
            return self if self.spans else other
        return Ranges.of((*self.spans, *other.spans))

    def __sub__(self, other: "Ranges") -> "Ranges":
        if not other.spans:
            return self
        return Ranges(tuple(piece for first, last in self.spans for piece in other.gaps(first, last)))

    def add(self, numbers: Iterable[int]) -> "Ranges":
        """With these numbers in it."""
        spans: list[Range] = []
        first = last = None
        for number in sorted(numbers):
            if last is None or first is None:
                first = last = number
            elif number <= last + 1:
                last = number
            else:
                spans.append((first, last))
                first = last = number
        if last is not None and first is not None:
            spans.append((first, last))
        return self | Ranges(tuple(spans))

    def gaps(self, first: int, last: int) -> Iterator[Range]:
        """The ranges between `first` and `last` that are not in the set."""
        at = max(0, bisect_right(self.spans, first, key=_first) - 1)
        while first <= last and at < len(self.spans) and self.spans[at][0] <= last:
            low, high = self.spans[at]
            if first < low:
                yield first, low - 1
            first = max(first, high + 1)
            at += 1
        if first <= last:
            yield first, last

    @property
    def count(self) -> int:
        return sum(last - first + 1 for first, last in self.spans)

    @property
    def top_from_one(self) -> int:
        """The highest number up to which none is missing, counted from 1; 0 where 1 itself is."""
        return self.spans[0][1] if self.spans and self.spans[0][0] <= 1 else 0


def _first(span: Range) -> int:
    return span[0]


NOTHING = Ranges()

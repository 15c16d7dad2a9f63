"""Sets of journal offsets as inclusive ranges: few numbers even where millions of reports are meant."""

from collections.abc import Iterator

Range = tuple[int, int]

MAX_RANGES = 256


class Ranges:
    """Disjoint, ascending, never touching.

    Bounded: of too many ranges the nearest neighbours become one, so that more is meant, never less.
    """

    def __init__(self) -> None:
        self._ranges: list[Range] = []

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def __iter__(self) -> Iterator[Range]:
        return iter(self._ranges)

    @property
    def first(self) -> Range | None:
        """The range of the lowest offsets."""
        return self._ranges[0] if self._ranges else None

    def add(self, first: int, last: int) -> None:
        """Nothing where last < first."""
        if last < first:
            return
        apart = [each for each in self._ranges if each[1] < first - 1 or each[0] > last + 1]
        joined = [each for each in self._ranges if not (each[1] < first - 1 or each[0] > last + 1)]
        merged = (min([first, *(low for low, _ in joined)]), max([last, *(high for _, high in joined)]))
        self._ranges = sorted([*apart, merged])
        if len(self._ranges) > MAX_RANGES:
            self._join_nearest()

    def remove(self, first: int, last: int) -> None:
        """Nothing where last < first."""
        if last < first:
            return
        kept: list[Range] = []
        for low, high in self._ranges:
            if high < first or low > last:
                kept.append((low, high))
                continue
            kept += [(low, first - 1)] if low < first else []
            kept += [(last + 1, high)] if high > last else []
        self._ranges = kept

    def _join_nearest(self) -> None:
        gaps = [after[0] - before[1] for before, after in zip(self._ranges, self._ranges[1:], strict=False)]
        at = gaps.index(min(gaps))
        self._ranges[at : at + 2] = [(self._ranges[at][0], self._ranges[at + 1][1])]

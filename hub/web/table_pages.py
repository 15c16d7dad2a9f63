"""Lists as files that an office goes on working with."""

from collections.abc import Iterable, Sequence
from typing import Protocol

Cell = str | int | float | None


class TablePages(Protocol):
    def written(self, kind: str, title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
        """kind: csv or xlsx. No cell is a formula, whatever stands in it."""

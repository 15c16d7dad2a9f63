"""The headings of lists that an office sends: which column says what, however people call and spell it."""

import re
from collections.abc import Iterable, Mapping, Sequence

HEADING_WITHIN = 10
"""Among so many rows the heading is looked for: titles may stand above it."""
_LEFT_OUT = re.compile(r"[\s._]+")


def simple(text: str) -> str:
    """In small letters, without spaces, dots and underscores."""
    return _LEFT_OUT.sub("", text).casefold()


class Headings:
    """Of one kind of list."""

    def __init__(self, *tables: Mapping[str, Iterable[str]]) -> None:
        """tables: what the column of each field may be called"""
        self._fields = {simple(name): field for table in tables for field, names in table.items() for name in names}

    def places(self, cells: Sequence[str]) -> dict[str, int]:
        """In which column each field stands; the first one that is called so."""
        places: dict[str, int] = {}
        for at, cell in enumerate(cells):
            if field := self._fields.get(simple(cell)):
                places.setdefault(field, at)
        return places

    def unknown(self, cells: Sequence[str]) -> tuple[str, ...]:
        """Headings that mean nothing in such a list."""
        return tuple(cell for cell in cells if cell and simple(cell) not in self._fields)

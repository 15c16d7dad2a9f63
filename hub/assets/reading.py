"""Rows of a list to assets, with every mistake of every row, so that an office mends them all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.assets.fields import FIELDS, BadField, parsed
from hub.assets.records import AssetList, ListedAsset, RowMistake
from hub.assets.vocabulary import vocabulary
from hub.core.headings import HEADING_WITHIN

FINDS = ("id", "number", "serial")
"""A list has a column for one of them at least."""
_LEAST_COLUMNS = 2
_MOST_DIGITS = 15


def read_assets(rows: Sequence[tuple[int, Sequence[str]]]) -> AssetList:
    """rows  number and cells, the heading among the first ten (titles may stand above it). Never raises."""
    for at, (_, cells) in enumerate(rows[:HEADING_WITHIN]):
        places = _places(cells)
        if set(FINDS) & set(places) and len(places) >= _LEAST_COLUMNS:
            ignored = tuple(cell for cell in cells if cell and vocabulary().column(cell) is None)
            return _Reading(places).read(rows[at + 1 :], ignored)
    return AssetList(mistakes=(RowMistake(0, "number", "missing-column"),))


@dataclass(slots=True)
class _Reading:
    """One pass over the rows below the heading."""

    places: Mapping[str, int]
    mistakes: list[RowMistake] = field(default_factory=list)

    def read(self, rows: Sequence[tuple[int, Sequence[str]]], ignored: tuple[str, ...]) -> AssetList:
        listed = []
        for number, cells in rows:
            told = {name: cells[at] for name, at in self.places.items() if at < len(cells) and cells[at]}
            before = len(self.mistakes)
            each = ListedAsset(number, self._id(number, told.get("id", "")), self._given(number, told))
            if len(self.mistakes) == before:
                listed.append(each)
        return AssetList(tuple(listed), tuple(self.mistakes), ignored)

    def _given(self, number: int, told: Mapping[str, str]) -> Mapping[str, Any]:
        """Of the cells that say something."""
        given: dict[str, Any] = {}
        for name in FIELDS:
            if name not in told:
                continue
            try:
                given.update(parsed(name, told[name]))
            except BadField as bad:
                self.mistakes.append(RowMistake(number, name, bad.code, bad.value))
        return given

    def _id(self, number: int, text: str) -> int:
        if not text:
            return 0
        if not text.isdecimal() or len(text) > _MOST_DIGITS:
            self.mistakes.append(RowMistake(number, "id", "no-such-id", text[:40]))
            return 0
        return int(text)


def _places(cells: Sequence[str]) -> dict[str, int]:
    """In which column each field stands; the first one that is called so."""
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = vocabulary().column(cell) if cell else None
        if name is not None and name in vocabulary().columns:
            places.setdefault(name, at)
    return places

"""Rows of a list to schools, with every mistake of every row, so that an office mends them all at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from hub.core.headings import HEADING_WITHIN, Headings
from hub.core.spelling import western
from hub.schools.records import FIELDS, NEEDED, RowMistake, SchoolList, SchoolRecord

_CODE = re.compile(r"[A-Za-z0-9_]{1,32}")
_NAME_LENGTH = 200
_SHOWN = 40
_MOST_PUPILS = 20_000
_RANGE = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}
# The country with a margin: enough to find a number in the wrong column.
_THAILAND = {"lat": (5.0, 21.0), "lon": (97.0, 106.0)}
_FORMULA_SIGNS = frozenset("=+-@")


class _Mistake(Exception):
    def __init__(self, code: str, value: str) -> None:
        super().__init__(code)
        self.code, self.value = code, value[:_SHOWN]


def read_schools(rows: Sequence[tuple[int, Sequence[str]]]) -> SchoolList:
    """rows: number and cells, the heading among the first ten (titles may stand above it). Never raises."""
    for at, (_, cells) in enumerate(rows[:HEADING_WITHIN]):
        places = _headings().places(cells)
        if set(NEEDED) <= set(places):
            return _Reading(places).read(rows[at + 1 :], _headings().unknown(cells))
    best = max((_headings().places(cells) for _, cells in rows[:HEADING_WITHIN]), key=len, default={})
    missing = tuple(RowMistake(0, name, "missing-column") for name in NEEDED if name not in best)
    return SchoolList(mistakes=missing)


@dataclass(slots=True)
class _Reading:
    """One pass over the rows below the heading."""

    places: Mapping[str, int]
    mistakes: list[RowMistake] = field(default_factory=list)
    doubts: list[RowMistake] = field(default_factory=list)

    def read(self, rows: Sequence[tuple[int, Sequence[str]]], ignored: tuple[str, ...]) -> SchoolList:
        schools: dict[str, SchoolRecord] = {}
        for number, cells in rows:
            record = self._record(number, {name: cells[at] for name, at in self.places.items() if at < len(cells)})
            if record is None:
                continue
            if record.code in schools:
                self.mistakes.append(RowMistake(number, "code", "repeated", record.code))
            schools.setdefault(record.code, record)
        given = tuple(name for name in FIELDS if name in self.places)
        return SchoolList(tuple(schools.values()), given, tuple(self.mistakes), tuple(self.doubts), ignored)

    def _record(self, number: int, told: Mapping[str, str]) -> SchoolRecord | None:
        found: dict[str, object] = {}
        before = len(self.mistakes)
        for name, read in _READERS.items():
            try:
                found[name] = read(told.get(name, ""))
            except _Mistake as mistake:
                self.mistakes.append(RowMistake(number, name, mistake.code, mistake.value))
        if len(self.mistakes) > before:
            return None
        record = SchoolRecord(**found)  # type: ignore[arg-type]
        if _is_swapped(record):
            self.mistakes.append(RowMistake(number, "lat", "swapped", f"{record.lat}, {record.lon}"))
            return None
        self.doubts += [RowMistake(number, *doubt) for doubt in _doubts(record)]
        return record


@cache
def _headings() -> Headings:
    return Headings(tomllib.loads(files("hub.schools").joinpath("columns.toml").read_text("utf-8")))


def _code(text: str) -> str:
    # Thai digits are digits; a code that Excel keeps from becoming a number is written with an apostrophe before it.
    text = western(text).lstrip("'")
    if not text:
        raise _Mistake("missing", "")
    if not _CODE.fullmatch(text):
        raise _Mistake("bad-code", text)
    return text


def _name(text: str) -> str:
    # So a spreadsheet, and our own export, keeps a text from being calculated.
    text = text[1:] if text.startswith("'") and text[1:2] in _FORMULA_SIGNS else text
    if not text:
        raise _Mistake("missing", "")
    if len(text) > _NAME_LENGTH:
        raise _Mistake("too-long", text)
    return re.sub(r"\s+", " ", text)


def _degrees(name: str, text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(western(text))
    except ValueError:
        raise _Mistake("no-number", text) from None
    low, high = _RANGE[name]
    # A latitude of 102 is a longitude: let both through, to say so of the two together.
    if not (low <= value <= high or (name == "lat" and abs(value) <= _RANGE["lon"][1])):
        raise _Mistake("out-of-range", text)
    return value


def _pupils(text: str) -> int | None:
    if not text:
        return None
    digits = western(text).replace(",", "")
    if not digits.isdecimal():
        raise _Mistake("no-number", text)
    if int(digits) > _MOST_PUPILS:
        raise _Mistake("out-of-range", text)
    return int(digits)


_READERS = {
    "code": _code,
    "name": _name,
    "lat": lambda text: _degrees("lat", text),
    "lon": lambda text: _degrees("lon", text),
    "pupils": _pupils,
}


def _is_swapped(record: SchoolRecord) -> bool:
    if record.lat is None or record.lon is None:
        return False
    return abs(record.lat) > _RANGE["lat"][1] or (
        _within("lat", record.lon) and _within("lon", record.lat) and not _within("lat", record.lat)
    )


def _doubts(record: SchoolRecord) -> Iterator[tuple[str, str, str]]:
    for name, value in (("lat", record.lat), ("lon", record.lon)):
        if value is not None and not _within(name, value):
            yield name, "outside-thailand", str(value)


def _within(name: str, value: float) -> bool:
    low, high = _THAILAND[name]
    return low <= value <= high

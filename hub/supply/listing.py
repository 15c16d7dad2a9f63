"""A list of items as an office sends it: read row by row with every mistake, and compared with the stock before it changes."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from hub.core.assets import ASSET_KINDS
from hub.core.headings import HEADING_WITHIN, Headings
from hub.core.money import baht_of, satang_of
from hub.supply.stock import Item

FIELDS = ("code", "name", "unit", "kind", "least", "price", "count", "note")
NEEDED = ("name", "unit")
"""What a new item has to have besides its code."""
MISTAKES = (
    "missing-column",
    "missing",
    "bad-code",
    "too-long",
    "no-count",
    "no-amount",
    "no-kind",
    "repeated",
    "short",
)
MOST_COUNT = 10_000_000
_CODE = re.compile(r"[A-Za-z0-9\u0e01-\u0e59._-]{1,48}")
_LONGEST = {"name": 200, "unit": 40, "note": 500}
_SHOWN = 40
Given = str | int
Row = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class RowMistake:
    """row: as the office sees it, 0 for the file as a whole; code: one of MISTAKES; value: what stands there, shortened"""

    row: int
    field: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ListedItem:
    """given: what its cells say, by field; a price in satang"""

    row: int
    code: str
    given: Mapping[str, Given]


@dataclass(frozen=True, slots=True)
class StockList:
    """ignored: headings that mean nothing to us"""

    items: tuple[ListedItem, ...] = ()
    mistakes: tuple[RowMistake, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """An item of the stock, and how many there are at the office and promised there."""

    item: Item
    count: int = 0
    reserved: int = 0


@dataclass(frozen=True, slots=True)
class ItemChange:
    """fields: (name, before, after) as a list writes them; count: how many there are to be at the office, where that differs"""

    then: Item
    seen: int
    fields: tuple[tuple[str, str, str], ...]
    count: int | None = None

    @property
    def is_new(self) -> bool:
        return not self.then.id


@dataclass(frozen=True, slots=True)
class StockChanges:
    changes: tuple[ItemChange, ...] = ()
    same: int = 0
    absent: int = 0
    mistakes: tuple[RowMistake, ...] = ()

    @property
    def new(self) -> tuple[ItemChange, ...]:
        return tuple(each for each in self.changes if each.is_new)

    @property
    def changed(self) -> tuple[ItemChange, ...]:
        return tuple(each for each in self.changes if not each.is_new)


class BadCell(Exception):
    """code: one of MISTAKES"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_items(rows: Sequence[Row]) -> StockList:
    """The heading is among the first ten rows: titles may stand above it. Never raises."""
    for at, (_, cells) in enumerate(rows[:HEADING_WITHIN]):
        places = _headings().places(cells)
        if "code" in places and len(places) > 1:
            return _read(rows[at + 1 :], places, _headings().unknown(cells))
    return StockList(mistakes=(RowMistake(0, "code", "missing-column"),))


def parsed(field: str, text: str) -> Given:
    """What a cell or a field of a form says. Raises BadCell."""
    reader = _READERS.get(field)
    return _text(field, text) if reader is None else reader(text)


def compare(known: Iterable[Known], listed: StockList) -> StockChanges:
    """An empty cell says nothing: what is known stays. Nothing is ever taken away."""
    by_code = {each.item.code: each for each in known}
    mistakes, changes, same = list(listed.mistakes), list[ItemChange](), 0
    for each in listed.items:
        now = by_code.get(each.code)
        lacking = [name for name in NEEDED if now is None and name not in each.given]
        mistakes += [RowMistake(each.row, name, "missing") for name in lacking]
        change = _change(now, each)
        if now is not None and change.count is not None and change.count < now.reserved:
            mistakes.append(RowMistake(each.row, "count", "short", str(change.count)))
        if change.fields or change.count is not None:
            changes.append(change)
        else:
            same += 1
    codes = {each.code for each in listed.items}
    absent = sum(code not in codes for code in by_code)
    return StockChanges(tuple(changes), same, absent, tuple(mistakes))


def cells(known: Known) -> list[str | int | None]:
    """A row of the list that we write."""
    item = known.item
    price = None if item.price_satang is None else str(baht_of(item.price_satang))
    return [item.code, item.name, item.unit, item.kind, item.least, price, known.count, item.note]


def headings(language: str) -> list[str]:
    words = _columns()[language if language in _columns() else "th"]
    return [words[field][0] for field in FIELDS]


def _read(rows: Sequence[Row], places: Mapping[str, int], ignored: tuple[str, ...]) -> StockList:
    found: dict[str, ListedItem] = {}
    mistakes: list[RowMistake] = []
    for number, line in rows:
        told = {name: line[at].strip() for name, at in places.items() if at < len(line) and line[at].strip()}
        if not told:
            continue
        given, wrong = _given(number, told)
        code = str(given.pop("code", ""))
        if not code and "code" not in told:
            wrong.append(RowMistake(number, "code", "missing"))
        if code in found:
            wrong.append(RowMistake(number, "code", "repeated", code))
        mistakes += wrong
        if code and not wrong:
            found[code] = ListedItem(number, code, given)
    return StockList(tuple(found.values()), tuple(mistakes), ignored)


def _given(number: int, told: Mapping[str, str]) -> tuple[dict[str, Given], list[RowMistake]]:
    given: dict[str, Given] = {}
    wrong: list[RowMistake] = []
    for name, text in told.items():
        try:
            given[name] = parsed(name, text)
        except BadCell as bad:
            wrong.append(RowMistake(number, name, bad.code, text[:_SHOWN]))
    return given, wrong


def _change(now: Known | None, listed: ListedItem) -> ItemChange:
    before = now.item if now is not None else Item(listed.code, "", "")
    values: dict[str, Any] = {name: value for name, value in listed.given.items() if name not in ("count", "price")}
    if "price" in listed.given:
        values["price_satang"] = listed.given["price"]
    then = replace(before, **values)
    pairs = zip(FIELDS, cells(Known(before)), cells(Known(then)), strict=True)
    fields = tuple((name, _said(old), _said(new)) for name, old, new in pairs if old != new)
    seen = now.count if now is not None else 0
    count = listed.given.get("count")
    return ItemChange(then, seen, fields, int(count) if count is not None and count != seen else None)


def _said(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise BadCell("bad-code")
    return text


def _text(field: str, text: str) -> str:
    if len(text) > _LONGEST[field]:
        raise BadCell("too-long")
    return " ".join(text.split())


def _count(text: str) -> int:
    digits = text.replace(",", "").removesuffix(".0")
    if not digits.isdecimal() or int(digits) > MOST_COUNT:
        raise BadCell("no-count")
    return int(digits)


def _price(text: str) -> int:
    satang = satang_of(text)
    if satang is None:
        raise BadCell("no-amount")
    return satang


def _kind(text: str) -> str:
    if text not in ASSET_KINDS:
        raise BadCell("no-kind")
    return text


_READERS: Mapping[str, Callable[[str], Given]] = {
    "code": _code,
    "least": _count,
    "count": _count,
    "price": _price,
    "kind": _kind,
}


@cache
def _columns() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads(files("hub.supply").joinpath("columns.toml").read_text("utf-8"))


@cache
def _headings() -> Headings:
    return Headings(*_columns().values())

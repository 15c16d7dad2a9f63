"""The reference price list (of a fiscal year) as an office sends it: rows to prices, with every mistake of every row.

The hub ships no prices: what stands in a list is what the office took from the published criteria, and it names the source.
"""

import hashlib
import json
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hub.core.headings import HEADING_WITHIN, Headings, simple
from hub.core.money import satang_of

FIELDS = ("kind", "name", "price", "source")
NEEDED = ("kind", "price", "source")
MISTAKES = ("missing-column", "missing", "unknown-kind", "no-price", "too-long", "repeated", "stale")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Price:
    """Of a new one of a kind. source: the edition and item of the criteria that it was taken from"""

    kind: str
    price_satang: int
    name: str = ""
    source: str = ""

    @property
    def seal(self) -> str:
        """Stands for exactly this."""
        told = json.dumps([self.kind, self.price_satang, self.name, self.source])
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class PriceChange:
    """before  None: the list has no price of this kind yet"""

    before: Price | None
    then: Price


@dataclass(frozen=True, slots=True)
class PricePreview:
    """What a list would change. at: when it was sent; same: prices that are as they were"""

    year: int
    name: str
    at: int
    changes: tuple[PriceChange, ...]
    same: int

    @property
    def seal(self) -> str:
        """Stands for exactly these changes, and for what they take the place of."""
        told = [(each.before.seal if each.before else "", each.then.seal) for each in self.changes]
        return hashlib.sha256(json.dumps([self.year, told]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PriceMistake:
    """row 0: the list as a whole. code: one of MISTAKES"""

    row: int
    field: str
    code: str
    value: str = ""


class PriceFlaw(Exception):
    """What was typed for a price cannot be one."""

    def __init__(self, field: str, code: str, value: str = "") -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code, self.value = field, code, value[:40]


@dataclass(frozen=True, slots=True)
class PriceSheet:
    prices: tuple[Price, ...] = ()
    mistakes: tuple[PriceMistake, ...] = ()


def read_prices(rows: Sequence[tuple[int, Sequence[str]]], kinds: Mapping[str, str]) -> PriceSheet:
    """rows: number and cells, the heading among the first ten. kinds: what a cell may say, to its code. Never raises."""
    for at, (_, cells) in enumerate(rows[:HEADING_WITHIN]):
        places = _headings().places(cells)
        if set(NEEDED) <= set(places):
            return _read(rows[at + 1 :], places, {simple(words): code for words, code in kinds.items()})
    best = max((_headings().places(cells) for _, cells in rows[:HEADING_WITHIN]), key=len, default={})
    return PriceSheet(mistakes=tuple(PriceMistake(0, name, "missing-column") for name in NEEDED if name not in best))


def _read(rows: Sequence[tuple[int, Sequence[str]]], places: Mapping[str, int], kinds: Mapping[str, str]) -> PriceSheet:
    prices: dict[str, Price] = {}
    mistakes: list[PriceMistake] = []
    for number, cells in rows:
        told = {name: cells[at].strip().lstrip("'") for name, at in places.items() if at < len(cells)}
        try:
            price = make_price({**told, "kind": kinds.get(simple(told.get("kind", "")), "")}, kinds.values())
            if price.kind in prices:
                raise PriceFlaw("kind", "repeated", told["kind"])
        except PriceFlaw as flaw:
            mistakes.append(PriceMistake(number, flaw.field, flaw.code, told.get(flaw.field, "")[:40]))
            continue
        prices[price.kind] = price
    return PriceSheet(tuple(prices.values()), tuple(mistakes))


def make_price(told: Mapping[str, str], kinds: Collection[str]) -> Price:
    """From what was typed. Raises PriceFlaw."""
    if told.get("kind", "") not in kinds:
        raise PriceFlaw("kind", "unknown-kind", told.get("kind", ""))
    source = told.get("source", "").strip()
    if not source:
        raise PriceFlaw("source", "missing")
    for name in ("name", "source"):
        if len(told.get(name, "")) > _LONGEST:
            raise PriceFlaw(name, "too-long", told[name])
    return Price(told["kind"], _amount(told.get("price", "")), told.get("name", "").strip(), source)


def _amount(text: str) -> int:
    amount = satang_of(text)
    if not amount:
        raise PriceFlaw("price", "no-price", text)
    return amount


@cache
def _headings() -> Headings:
    return Headings(tomllib.loads(files("hub.needs").joinpath("columns.toml").read_text("utf-8")))

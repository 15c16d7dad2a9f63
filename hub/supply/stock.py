"""Values of the stock: items, how many lie where, and what moved them. No count falls below zero or what is promised."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is kept by number, not by piece.

    code   by which the office calls it: LNB-U
    unit   in which it is counted, as people write it
    kind   of the register of assets, where it is a part of one: lnb, cable …; else empty
    least  with fewer at the office, supply is warned; 0: never
    """

    code: str
    name: str
    unit: str
    kind: str = ""
    least: int = 0
    price_satang: int | None = None
    note: str = ""
    active: bool = True
    version: int = 1
    id: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """How many of an item lie at a place, and how many of them are promised already."""

    item: str
    place: str
    count: int
    reserved: int = 0

    @property
    def free(self) -> int:
        return self.count - self.reserved


class Why(StrEnum):
    """What moved stock."""

    TAKEN = "taken"
    GIVEN = "given"
    MOVED = "moved"
    COUNTED = "counted"
    LISTED = "listed"
    """a list that was taken over says so"""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who moves stock and for what. subject: request:MR-2570-0001, line:12 …; note: the reason, where people give one"""

    who: str
    name: str
    at: int
    subject: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A line of the history: rows are added, never changed. left: how many were there then; other: where it went or came from"""

    item: str
    place: str
    change: int
    left: int
    why: Why
    deed: Deed
    other: str = ""
    id: int = 0


class StockFlaw(StrEnum):
    NO_SUCH_ITEM = "no_such_item"
    NO_SUCH_PLACE = "no_such_place"
    SHORT = "short"
    """there are not so many free ones"""
    NO_COUNT = "no_count"
    """no whole number above zero"""
    SAME_PLACE = "same_place"
    NO_REASON = "no_reason"
    CODE_TAKEN = "code_taken"
    STALE = "stale"
    """somebody counted or took meanwhile"""


class StockRefused(Exception):
    """Nothing is done. item: its code; free: how many there are"""

    def __init__(self, flaw: StockFlaw, item: str = "", free: int = 0) -> None:
        super().__init__(f"{flaw.value}: {item}" if item else flaw.value)
        self.flaw, self.item, self.free = flaw, item, free


def is_low(item: Item, at_office: int) -> bool:
    """Whether supply is to be warned. at_office: free ones."""
    return item.active and at_office < item.least

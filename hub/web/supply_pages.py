"""The port by which pages look at the stock and move it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.core.people import Principal
from hub.supply.listing import StockChanges, StockList
from hub.supply.stock import Item, Level, Move
from hub.web.school_lists import Sent, Unreadable


@dataclass(frozen=True, slots=True)
class Kept:
    """An item and where it lies. low: supply should get more"""

    item: Item
    levels: tuple[Level, ...]
    low: bool

    @property
    def free(self) -> int:
        return sum(each.free for each in self.levels)

    @property
    def count(self) -> int:
        return sum(each.count for each in self.levels)

    def at(self, place: str) -> Level:
        found = next((each for each in self.levels if each.place == place), None)
        return found or Level(self.item.code, place, 0)


@dataclass(frozen=True, slots=True)
class StockPreview:
    """What a list would change. seal: of exactly this; at: when it was sent; group: the district of the office that it counts"""

    name: str
    at: int
    listed: StockList
    changes: StockChanges
    seal: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """What somebody does with stock. to: of a move; seen: how many the page said there were, of a count"""

    code: str
    place: str
    count: int
    note: str = ""
    to: str = ""
    seen: int = 0


class StockLists(Protocol):
    """What a person sent waits for them, and for nobody else."""

    def keep(self, sent: Sent, who: Principal, now: int) -> Unreadable | None: ...

    def waiting(self, who: Principal, now: int) -> StockPreview | None: ...

    def take_over(self, seal: str, who: Principal, now: int) -> StockChanges | None:
        """All of it. None, and nothing changed: nothing waits, or it would change other things."""

    def drop(self, who: Principal) -> None: ...

    def export(self, kind: str, language: str, group: str = "") -> bytes:
        """With how many lie at the office of that district."""

    def template(self, language: str) -> bytes: ...


class SupplyPages(Protocol):
    """Each call that changes something is one transaction; raises StockRefused."""

    @property
    def lists(self) -> StockLists: ...

    def all(self, who: Principal) -> Sequence[Kept]:
        """In order of their names, as far as they lie in the districts of whoever looks."""

    def one(self, code: str, who: Principal) -> tuple[Kept, Sequence[Move]] | None:
        """With what moved it, the newest first."""

    def add(self, item: Item, who: Principal) -> Item: ...

    def change(self, item: Item, who: Principal) -> Item:
        """item: with the id and the version that were read"""

    def give(self, shift: Shift, who: Principal) -> None:
        """Put there what came without a purchase request."""

    def move(self, shift: Shift, who: Principal) -> None: ...

    def count(self, shift: Shift, who: Principal) -> None:
        """Correct how many there are, with a reason."""

"""What plans count on: assets that are moved, and pieces of the stock that nobody has reserved yet. Each for one plan only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hub.allocation.lines import Line, Source, Stage, Work
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.shelves import Keepers, Shelf, shelf_of

_ONE_OFFICE: Keepers = {}


@dataclass(frozen=True, slots=True)
class Promises:
    """givers  rounds by the asset that they move; stock: free pieces that are planned, by shelf; rounds: one that plans them"""

    givers: Mapping[int, str] = field(default_factory=dict)
    stock: Mapping[Shelf, int] = field(default_factory=dict)
    rounds: Mapping[Shelf, str] = field(default_factory=dict)

    def check_giver(self, giver: int | None) -> None:
        """Raises PlanRefused: another plan moves it."""
        if giver is not None and giver in self.givers:
            raise PlanRefused(PlanFlaw.PROMISED, "giver", number=self.givers[giver])

    def check_stock(self, shelf: Shelf, pieces: int, free: int) -> None:
        """pieces: that a plan takes from the stock; free: that nobody has reserved. Raises PlanRefused: others count on them."""
        others = self.stock.get(shelf, 0)
        if pieces and others and free - others < pieces:
            raise PlanRefused(PlanFlaw.STOCK_PROMISED, "source", number=self.rounds[shelf], free=max(0, free - others))


def promised(lines: Iterable[Line], keepers: Keepers = _ONE_OFFICE) -> Promises:
    """By these lines, of whatever rounds."""
    givers: dict[int, str] = {}
    rounds: dict[Shelf, str] = {}
    stock: Counter[Shelf] = Counter()
    for line in lines:
        if line.giver is not None and not line.is_done:
            givers[line.giver] = line.round
        if pieces := of_stock(line):
            shelf = shelf_of(line.group, line.kind, keepers)
            stock[shelf] += pieces
            rounds[shelf] = line.round
    return Promises(givers, stock, rounds)


def of_stock(line: Line) -> int:
    """Pieces that a line takes from the stock and has not reserved yet."""
    takes = line.source is Source.STOCK and line.work is Work.NEW and line.giver is None
    return line.waiting(Stage.RESERVED) if takes else 0

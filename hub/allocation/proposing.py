"""A plan under a budget, from needs in their rank and what is there: stock first, then sets that nobody uses, then purchases.

Whoever needs more comes first. What does not fit into the rest of the budget is left out, and what is cheaper may follow: so a
higher rank is never passed over for a lower one of the same price. The same needs give the same plan.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hub.allocation.lines import Line, Source, Work
from hub.allocation.shelves import Keepers, Shelf, shelf_of
from hub.core.texts import Text

OF_STOCK, OF_IDLE, OF_UNUSED, OF_PURCHASE = "plan.stock", "plan.idle", "plan.unused", "plan.purchase"
OF_HANDS = "plan.own_hands"
_THERE = ("school", "room", "days")
CODES = {OF_STOCK: (), OF_IDLE: _THERE, OF_UNUSED: _THERE, OF_PURCHASE: ("price_baht",), OF_HANDS: ()}
"""Where a line is taken from, and the parameters that its words may ask for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A need as a plan sees it; given in the order of rank.

    price_satang  of a new one, or what a repair will cost; None: no list names it
    shut_out      a rule of eligibility is broken
    """

    group: str
    school: str
    kind: str
    what: str
    work: Work
    price_satang: int | None
    reasons: tuple[Text, ...] = ()
    need: str | None = None
    asset: int | None = None
    shut_out: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """A set that works and that nobody uses.

    school  empty: it is kept at the office
    days    class days without use; 0: the register says so, nothing measures it
    asset   where the register has it
    """

    group: str
    school: str
    room: str
    kind: str
    days: int
    asset: int | None = None


@dataclass(frozen=True, slots=True)
class Supplies:
    """stock  free pieces by office and kind; idle: those that can be moved, the longest idle first"""

    stock: Mapping[Shelf, int]
    idle: Sequence[Idle] = ()
    keepers: Keepers = field(default_factory=dict)


class Left(StrEnum):
    """Why a need is not in the plan."""

    OVER_BUDGET = "over_budget"
    NO_PRICE = "no_price"
    NOT_ELIGIBLE = "not_eligible"


@dataclass(frozen=True, slots=True)
class Proposal:
    """left  needs that are not in it, in their rank"""

    lines: tuple[Line, ...]
    left: tuple[tuple[Candidate, Left], ...]


def propose(round_number: str, candidates: Iterable[Candidate], supplies: Supplies, budget: int) -> Proposal:
    """budget  in satang: never passed"""
    hand = _Hand(supplies)
    lines: list[Line] = []
    left: list[tuple[Candidate, Left]] = []
    rest = budget
    for candidate in candidates:
        found = _found(candidate, hand, rest)
        if isinstance(found, Left):
            left.append((candidate, found))
        else:
            lines.append(_line(round_number, candidate, found))
            rest -= found.price_satang
    return Proposal(tuple(lines), tuple(left))


class _Hand:
    """What is still there."""

    def __init__(self, supplies: Supplies) -> None:
        self._stock, self._keepers = Counter(dict(supplies.stock)), supplies.keepers
        self._idle: defaultdict[tuple[str, str], deque[Idle]] = defaultdict(deque)
        for each in supplies.idle:
            self._idle[each.group, each.kind].append(each)

    def of_stock(self, candidate: Candidate) -> bool:
        shelf = shelf_of(candidate.group, candidate.kind, self._keepers)
        if self._stock[shelf] < 1:
            return False
        self._stock[shelf] -= 1
        return True

    def of_idle(self, candidate: Candidate) -> Idle | None:
        """One of the office, else of the own school, where it is carried from room to room; else the longest idle."""
        there = self._idle[candidate.group, candidate.kind]
        usable = [each for each in there if each.asset is None or each.asset != candidate.asset]
        near = sorted(usable, key=lambda each: (each.school != "", each.school != candidate.school))
        chosen = next(iter(near), None)
        if chosen is not None:
            there.remove(chosen)
        return chosen


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a piece comes from, and why it is taken there."""

    source: Source
    why: Text
    price_satang: int = 0
    idle: Idle | None = None


def _found(candidate: Candidate, hand: _Hand, rest: int) -> _Found | Left:
    if candidate.work is Work.REPAIR:
        price = candidate.price_satang or 0
        return Left.OVER_BUDGET if price > rest else _Found(Source.STOCK, Text(OF_HANDS), price)
    if candidate.shut_out:
        return Left.NOT_ELIGIBLE
    if hand.of_stock(candidate):
        return _Found(Source.STOCK, Text(OF_STOCK))
    idle = hand.of_idle(candidate)
    if idle is not None and not idle.school:
        return _Found(Source.STOCK, Text(OF_STOCK), idle=idle)
    if idle is not None:
        told = {"school": idle.school, "room": idle.room or None, "days": idle.days}
        return _Found(Source.MOVED, Text(OF_IDLE if idle.days else OF_UNUSED, told), idle=idle)
    if candidate.price_satang is None:
        return Left.NO_PRICE
    if candidate.price_satang > rest:
        return Left.OVER_BUDGET
    bought = Text(OF_PURCHASE, {"price_baht": candidate.price_satang / 100})
    return _Found(Source.PURCHASE, bought, candidate.price_satang)


def _line(round_number: str, candidate: Candidate, found: _Found) -> Line:
    return Line(
        round=round_number,
        group=candidate.group,
        school=candidate.school,
        kind=candidate.kind,
        what=candidate.what,
        work=candidate.work,
        price_satang=found.price_satang,
        source=found.source,
        reasons=(*candidate.reasons, found.why),
        need=candidate.need,
        asset=candidate.asset,
        giver=found.idle.asset if found.idle else None,
        from_school=found.idle.school if found.idle else None,
    )

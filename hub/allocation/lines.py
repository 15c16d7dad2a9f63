"""A line of a plan: what a school gets, where it comes from, and how far it has come; and what may be done with one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.core.assets import ASSET_KINDS
from hub.core.texts import Text

MOST_PIECES = 1000


class Work(StrEnum):
    NEW = "new"
    REPAIR = "repair"


class Source(StrEnum):
    """Where it comes from; in the order in which they are proposed."""

    STOCK = "stock"
    MOVED = "moved"
    """from another room or school that does not use it"""
    PURCHASE = "purchase"


class Stage(StrEnum):
    """How far a piece has come."""

    RESERVED = "reserved"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    INSTALLED = "installed"
    """the agent sees it; of a repair: the old one is well again"""
    ACCEPTED = "accepted"


class Fate(StrEnum):
    """What became of the old device."""

    RETURNED = "returned"
    """to the office"""
    MOVED = "moved"
    """to another school"""
    WRITTEN_OFF = "written_off"
    NONE = "none"
    """there was none, or it stays"""


STAGES: Mapping[Work, tuple[Stage, ...]] = {
    Work.NEW: tuple(Stage),
    Work.REPAIR: (Stage.RESERVED, Stage.INSTALLED, Stage.ACCEPTED),
}


@dataclass(frozen=True, slots=True)
class Line:
    """round         number of the request that it belongs to
    what          more than its kind, in words of people
    price_satang  of one piece, out of the budget of the round; what is in stock or is moved costs it nothing
    reasons       why the hub proposed it
    reason        why people added or changed it
    need, asset   what it answers: key of the need, and the asset that gets repaired or is replaced
    giver         the asset that is moved; from_school: where from
    done          pieces that have come so far, by stage
    serials       of pieces that are on their way, by which the agent of the school knows them
    order         number of the purchase request
    place         in the plan, from 1
    """

    round: str
    group: str
    school: str
    kind: str
    what: str
    quantity: int = 1
    work: Work = Work.NEW
    price_satang: int = 0
    source: Source = Source.PURCHASE
    reasons: tuple[Text, ...] = ()
    reason: str = ""
    need: str | None = None
    asset: int | None = None
    giver: int | None = None
    from_school: str | None = None
    done: Mapping[Stage, int] = field(default_factory=dict)
    serials: tuple[str, ...] = ()
    order: str | None = None
    place: int = 0
    version: int = 0
    id: int = 0

    @property
    def cost_satang(self) -> int:
        return self.quantity * self.price_satang

    @property
    def stages(self) -> tuple[Stage, ...]:
        return STAGES[self.work]

    def reached(self, stage: Stage) -> int:
        """Pieces that have come so far."""
        return self.done.get(stage, 0)

    def waiting(self, stage: Stage) -> int:
        """Pieces that can come to this stage next."""
        at = self.stages.index(stage)
        before = self.quantity if at == 0 else self.reached(self.stages[at - 1])
        return before - self.reached(stage)

    @property
    def stage(self) -> Stage | None:
        """That all pieces have come to; None: planned."""
        whole = [stage for stage in self.stages if self.reached(stage) == self.quantity]
        return whole[-1] if whole else None

    @property
    def is_partly(self) -> bool:
        """Some pieces are further than others."""
        return any(0 < self.reached(stage) < self.quantity for stage in self.stages)

    @property
    def following(self) -> tuple[Stage, ...]:
        """Stages that some piece can come to next, the farthest first."""
        return tuple(stage for stage in reversed(self.stages) if self.waiting(stage) > 0)

    @property
    def may_take_back(self) -> bool:
        """Something is reserved that has come no further."""
        return self.waiting(self.stages[1]) > 0

    @property
    def is_done(self) -> bool:
        return self.reached(Stage.ACCEPTED) == self.quantity


def total(lines: Iterable[Line]) -> int:
    """Of the budget, in satang."""
    return sum(line.cost_satang for line in lines)


def called(kind: str, what: str) -> str:
    """kind: in words, which people often begin with themselves."""
    return what if what.startswith(kind) else f"{kind} {what}".strip()


def checked(line: Line) -> Line:
    """As it may stand in a plan. Raises PlanRefused."""
    if not line.school:
        raise PlanRefused(PlanFlaw.MISSING, "school")
    if line.kind not in ASSET_KINDS:
        raise PlanRefused(PlanFlaw.BAD_VALUE, "kind")
    if not 1 <= line.quantity <= MOST_PIECES:
        raise PlanRefused(PlanFlaw.BAD_VALUE, "quantity", least=1, most=MOST_PIECES)
    if line.price_satang < 0:
        raise PlanRefused(PlanFlaw.BAD_VALUE, "price", least=0)
    if line.source is Source.MOVED and line.giver is not None and line.quantity != 1:
        raise PlanRefused(PlanFlaw.BAD_VALUE, "quantity", least=1, most=1)
    if not line.reason.strip() and not line.reasons:
        raise PlanRefused(PlanFlaw.MISSING, "reason")
    return line


def forward(line: Line, stage: Stage, pieces: int) -> Line:
    """So many pieces a stage further. Raises PlanRefused."""
    if stage not in line.stages:
        raise PlanRefused(PlanFlaw.BAD_VALUE, "stage")
    if not 1 <= pieces <= line.waiting(stage):
        raise PlanRefused(PlanFlaw.TOO_MANY, "pieces", most=line.waiting(stage))
    return replace(line, done={**line.done, stage: line.reached(stage) + pieces})


def backward(line: Line) -> Line:
    """What is reserved and has come no further is planned again. Raises PlanRefused where nothing is."""
    if not line.may_take_back:
        raise PlanRefused(PlanFlaw.TOO_MANY, "pieces", most=0)
    left = line.reached(line.stages[1])
    done = {**line.done, Stage.RESERVED: left}
    return replace(line, order=None, done={stage: pieces for stage, pieces in done.items() if pieces})

"""A round of allocation as people look at it: where it stands, its lines, its schools, and what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hub.allocation.lines import Fate, Line, Source, Stage, Work, total
from hub.allocation.rules import Judged, RuleSetModel
from hub.core.assets import Asset, Disposal
from hub.core.fiscal import fiscal_year
from hub.core.needs import Need
from hub.core.texts import Text


@dataclass(frozen=True, slots=True)
class Round:
    """groups  districts that it is for; None: all. left: (need, why) that the last proposal left out"""

    number: str
    groups: tuple[str, ...] | None
    left: tuple[tuple[str, str], ...]
    proposed_at: int


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A line of a line's history. text: what was done, as a code with its parameters"""

    line: int
    at: int
    who: str
    name: str
    text: Text
    note: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A line as somebody wants it. version: of the line that they read; 0: it is new"""

    group: str
    school: str
    kind: str
    what: str
    quantity: int
    price_satang: int
    work: Work
    source: Source
    reason: str
    giver: int | None = None
    need: str | None = None
    asset: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class StageWish:
    """A step of a line, as somebody wants it.

    serials                  of what is sent, by which the agent of the school knows it
    receipt, serial, number  of a piece that is accepted
    fate, to_school, disposal  of the old one
    """

    stage: Stage
    version: int
    pieces: int = 1
    note: str = ""
    serials: tuple[str, ...] = ()
    receipt: str = ""
    serial: str = ""
    number: str = ""
    fate: Fate = Fate.NONE
    to_school: str = ""
    disposal: Disposal | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round has come to. spent: of lines that are accepted, in satang"""

    lines: int
    done: int
    pieces: int
    accepted: int
    spent: int


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with all that its page shows.

    state         of its request
    fiscal_year   of the Buddhist era, whose budget it spends
    may_plan, may_carry  whether lines may be edited, or carried out, where the round stands
    assets        that its lines name
    names         of schools, by (group, code)
    judged        rules of eligibility of the schools that are given something
    left          needs that the last proposal left out, and why
    idle          assets that nobody uses and no line gives yet
    """

    number: str
    title: str
    state: str
    fiscal_year: int
    budget_satang: int
    lines: tuple[Line, ...]
    may_plan: bool
    may_carry: bool
    rules: RuleSetModel
    groups: tuple[str, ...] | None = None
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    assets: Mapping[int, Asset] = field(default_factory=dict)
    judged: Mapping[tuple[str, str], tuple[Judged, ...]] = field(default_factory=dict)
    left: tuple[tuple[Need, str], ...] = ()
    history: Mapping[int, Sequence[LineEntry]] = field(default_factory=dict)
    removed: tuple[Line, ...] = ()
    idle: tuple[Asset, ...] = ()

    @property
    def total_satang(self) -> int:
        return total(self.lines)

    @property
    def rest_satang(self) -> int:
        """Below zero: over budget."""
        return self.budget_satang - self.total_satang

    @property
    def outcome(self) -> Outcome:
        accepted = [(line, line.reached(Stage.ACCEPTED)) for line in self.lines]
        return Outcome(
            lines=len(self.lines),
            done=sum(line.is_done for line in self.lines),
            pieces=sum(line.quantity for line in self.lines),
            accepted=sum(pieces for _, pieces in accepted),
            spent=sum(line.price_satang * pieces for line, pieces in accepted),
        )


def year_of(values: Mapping[str, object], opened_on: date) -> int:
    """The fiscal year of a round: as it says itself, else the one in which it was opened."""
    said = values.get("fiscal_year")
    return said if isinstance(said, int) and not isinstance(said, bool) else fiscal_year(opened_on)

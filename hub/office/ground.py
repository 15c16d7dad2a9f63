"""What a proposal stands on, found out before its transaction: everybody who writes would have to wait for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hub.allocation.proposing import Candidate, Idle
from hub.allocation.rules import RuleSetModel

Ticks = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Basis:
    """What it depends on of its round; where this is another by then, it has to be found out again."""

    day: date
    rules: RuleSetModel
    groups: frozenset[str] | None
    ticks: Ticks


@dataclass(frozen=True, slots=True)
class Ground:
    """candidates  needs in their rank; idle: what nobody uses and is fit to be given"""

    basis: Basis
    candidates: Sequence[Candidate]
    idle: Sequence[Idle]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Of rounds whose step is about to come, until it does."""

    _found: dict[str, Ground] = field(default_factory=dict)

    def put(self, number: str, ground: Ground) -> None:
        self._found[number] = ground

    def take(self, number: str) -> Ground | None:
        return self._found.pop(number, None)

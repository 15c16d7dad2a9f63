"""The port by which pages let computers of schools in, and shut them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hub.core.equipment import NodeKey
from hub.core.people import Principal
from hub.enrolment.choices import SchoolChoice
from hub.enrolment.nodes import Purpose, Skipped
from hub.enrolment.views import AgentView, BatchView, TroubleView

MOST_SCHOOLS = 1000
"""In one batch: a slip is a page."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Codes for schools of a group, by their codes. `days`: how long they are good."""

    group: str
    schools: Sequence[str]
    purpose: Purpose
    days: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """`batch` is None where no code was made at all. `skipped`: school or computer, and why."""

    batch: int | None
    skipped: Sequence[tuple[str, Skipped]] = ()


@dataclass(frozen=True, slots=True)
class OneBatch:
    """A batch. `codes` in clear, by node, where whoever asks has just made them, and as long as they are good."""

    view: BatchView
    codes: Mapping[NodeKey, str] = field(default_factory=dict)


class Enrolling(Protocol):
    """Every change is committed when it returns."""

    @property
    def usual_days(self) -> float:
        """How long a code is good, where nobody says otherwise."""

    def address(self) -> str | None:
        """Where computers of schools reach the hub; None: nowhere, and no slip can be printed."""

    def has_bundle(self) -> bool:
        """Whether there is anything that the lines of a slip could install."""

    def schools(self, group: str, now: int) -> Sequence[SchoolChoice]: ...

    def make(self, wanted: Wanted, who: Principal, now: int) -> Made: ...

    def again(self, nodes: Sequence[NodeKey], who: Principal, now: int) -> Made:
        """New codes for computers of one group; earlier ones are good no more."""

    def batches(self, groups: Sequence[str], now: int) -> Sequence[BatchView]:
        """The newest first."""

    def batch(self, number: int, who: Principal, now: int) -> OneBatch | None: ...

    def slips(self, number: int, language: str, who: Principal, now: int) -> bytes | None:
        """A PDF; None where the codes are not known in clear any more, or not to whoever asks."""

    def take_back(self, nodes: Sequence[NodeKey], who: Principal, now: int) -> int:
        """Codes that nobody has used. How many computers are concerned."""

    def agents(self, groups: Sequence[str], now: int) -> Sequence[AgentView]: ...

    def agent(self, node: NodeKey, now: int) -> AgentView | None: ...

    def troubles(self, groups: Sequence[str], now: int) -> Sequence[TroubleView]:
        """Of the last weeks."""

    def shut_out(self, node: NodeKey, why: str, who: Principal, now: int) -> bool:
        """False where there is nothing of this name to be shut out."""

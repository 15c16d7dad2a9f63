"""The ports of the web: what the routes may read, and the few things they may change. The store and the tickets fill them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from hub.accounts.audit import Entry
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.people import Principal
from hub.core.views import (
    DeviceView,
    NodeView,
    OverviewView,
    ReportView,
    SchoolView,
    SeriesView,
    TicketCounts,
    TicketFilter,
    TicketLine,
    TicketView,
)
from hub.workflows.engine import Wish

Clock = Callable[[], int]
"""The time now, ms since 1970 UTC."""

Readiness = Callable[[], Mapping[str, str]]
"""What is not ready: {part: reason}, both in plain English for operators. Empty when everything is."""

MetricsText = Callable[[], bytes]
"""The hub's own figures in the Prometheus text format."""


class MoveOutcome(Enum):
    """What became of a wish to move a ticket on, to put it off or to merge it."""

    MOVED = "moved"
    STALE = "stale"
    NOT_ALLOWED = "not_allowed"
    NO_SUCH_TICKET = "no_such_ticket"


class TicketMoves(Protocol):
    """What people may do with a ticket."""

    def allowed(self, ticket_id: int, who: Principal) -> Sequence[str]:
        """The states that somebody may move a ticket to, the usual one first."""

    def move(
        self,
        ticket_id: int,
        to: str,
        version: int,
        note: str,
        *,
        who: Principal,
        values: Mapping[str, object] | None = None,
    ) -> MoveOutcome:
        """Take the step of its repair that leads there, if the ticket's version is still `version`, and commit.

        Raises Refused where fields are missing, or not what they should be; what is asked in words the note may say.
        """

    def step(self, ticket_id: int, transition: str, wish: Wish, who: Principal) -> None:
        """A step of its repair, by name, if the version of that is the one that `wish` names. Raises Refused."""

    def snooze(
        self, ticket_id: int, until: int | None, version: int, note: str, *, who: Principal, key: str = ""
    ) -> MoveOutcome:
        """Put it off until a time (ms), or with None take it up again, and commit. key: of the form, which counts once."""

    def merge(
        self, ticket_id: int, into: int, version: int, note: str, *, who: Principal, key: str = ""
    ) -> MoveOutcome:
        """Close it as one with another of the same school, which goes on for both, and commit."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of the record are asked for; None: any.

    what    a code, or the beginning of one
    before  goes on with a list
    oldest  the oldest first; `before` then goes on with higher numbers
    """

    what: str | None = None
    who: str | None = None
    subject: str | None = None
    before: int | None = None
    oldest: bool = False


@dataclass(frozen=True, slots=True)
class ChainState:
    """How many entries the record holds, and the number of the first that is not as it was written."""

    kept: int
    broken: int | None
    head: str
    looked_at: int


class AuditPages(Protocol):
    """The record of what changed trust."""

    def entries(self, wanted: AuditFilter, limit: int) -> Sequence[Entry]: ...

    def chain(self) -> ChainState:
        """Whether it is whole; looked at anew now and then."""


class Adoption(Protocol):
    """What people may do with new equipment."""

    def adopt(self, device: DeviceKey) -> bool:
        """Register it, and commit. False where no such device has reported."""


class Pages(Protocol):
    """The read side. Every call is one short transaction of a few indexed queries. groups: only of these districts."""

    def overview(self, tickets: int, now: int, groups: Collection[str] | None = None) -> OverviewView:
        """The fleet with at most so many of its open tickets that are not put off, the oldest first."""

    def nodes(self, after: NodeKey | None, limit: int, groups: Collection[str] | None = None) -> tuple[NodeView, ...]:
        """Nodes in the order of their keys."""

    def school(self, node: NodeKey) -> SchoolView | None: ...

    def devices(
        self, node: NodeKey | None, after: DeviceKey | None, limit: int, groups: Collection[str] | None = None
    ) -> tuple[DeviceView, ...]:
        """Devices in the order of their keys, of one node or of all."""

    def device(self, key: DeviceKey) -> DeviceView | None: ...

    def tickets(self, wanted: TicketFilter, before: int | None, limit: int) -> tuple[TicketLine, ...]:
        """Tickets in their order; by age with a number below `before`, or above it where the oldest stand first."""

    def ticket_counts(self, now: int, groups: Collection[str] | None = None) -> TicketCounts: ...

    def ticket(self, ticket_id: int) -> TicketView | None: ...

    def place_of_ticket(self, ticket_id: int) -> NodeKey | None:
        """The computer whose ticket it is: who may see it is asked at each page of it."""

    def reports(self, node: NodeKey, epoch: str | None, first: int, limit: int) -> tuple[ReportView, ...]:
        """Stored reports from an offset on, of one journal (None: the newest), in the order of their offsets."""

    def series(
        self, device: DeviceKey, metrics: Sequence[str], since: int, until: int, points: int
    ) -> tuple[SeriesView, ...]:
        """Metrics over time, thinned to about `points` each without losing the extremes."""

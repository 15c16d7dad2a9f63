"""Read models: what the pages and the API show, as the store found it. Nothing here is written back."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from hub.core.equipment import DeviceKey, NodeKey, Reported
from hub.core.texts import Text
from wire.metrics import Value
from wire.vocabulary import REACHABLE


class Condition(Enum):
    """How a device stands, as far as its values tell. Trouble is another matter: that is what tickets are for."""

    ON = "on"
    OFF = "off"
    ANSWERING = "answering"
    NO_ANSWER = "no_answer"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class NodeView:
    """An agent, and the school that it stands in.

    online        it has a session with the hub
    status_since  when that began or ended, by the hub's clock
    heard_at      newest event time of anything it said
    """

    key: NodeKey
    online: bool
    status_since: int | None
    heard_at: int | None
    properties: Mapping[str, Value]
    school_name: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A piece of equipment with its newest values.

    stale         it or its node is gone, the values are the last known
    unregistered  there is a register of equipment, and it is not in it
    """

    key: DeviceKey
    kind: str
    profile: str | None
    room: str | None
    properties: Mapping[str, Value]
    stale: bool
    latest: Mapping[str, Reported]
    tickets: tuple[int, ...] = ()
    unregistered: bool = False

    @property
    def troubled(self) -> bool:
        """A ticket is open that has not recovered."""
        return bool(self.tickets)

    @property
    def condition(self) -> Condition:
        if self.stale:
            return Condition.STALE
        if self._is(REACHABLE) is False:
            return Condition.NO_ANSWER
        power = self._is("power/on")
        if power is None:
            return Condition.ANSWERING
        return Condition.ON if power else Condition.OFF

    @property
    def newest_at(self) -> int | None:
        """The event time of its newest value."""
        return max((reported.t for reported in self.latest.values()), default=None)

    def _is(self, metric: str) -> bool | None:
        reported = self.latest.get(metric)
        return None if reported is None or reported.value is None else bool(reported.value)


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school in the overview: its node and how many of its devices and tickets want attention."""

    node: NodeView
    devices: int
    troubled: int
    tickets: int


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in a list. `kind` and `room` are those of the device, as far as it is known."""

    id: int
    device: DeviceKey
    kind: str | None
    room: str | None
    school_name: str | None
    cause: str
    state: str
    open: bool
    onset_at: int
    opened_at: int
    recovered_at: int | None
    closed_at: int | None
    signs: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class TicketEntry:
    """One line of a ticket's history."""

    t: int
    kind: str
    text: Text


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket with its history, oldest first."""

    line: TicketLine
    entries: tuple[TicketEntry, ...]


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """All tickets by whether work is left on them."""

    open: int
    closed: int


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The fleet at a glance. `tickets` are the oldest of the open ones; `open_tickets` counts them all.

    newcomers  some of the equipment that is not in the register
    """

    schools: tuple[SchoolLine, ...]
    tickets: tuple[TicketLine, ...]
    open_tickets: int
    newcomers: tuple[DeviceView, ...] = ()

    @property
    def online(self) -> int:
        return sum(line.node.online for line in self.schools)

    @property
    def silent(self) -> int:
        return len(self.schools) - self.online

    @property
    def troubled(self) -> int:
        return sum(line.troubled for line in self.schools)


@dataclass(frozen=True, slots=True)
class OffsetRange:
    """Journal offsets, both ends included. `noticed_at` is when the hub learnt that they are lost."""

    first: int
    last: int
    noticed_at: int | None = None

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class EpochView:
    """A journal as the hub knows it.

    ours    made by the hub for a node that has no journal
    newest  the highest offset that the node has named
    """

    uuid: str
    ours: bool
    newest: int
    first_seen: int
    committed: tuple[OffsetRange, ...]
    lost: tuple[OffsetRange, ...]


@dataclass(frozen=True, slots=True)
class SchoolView:
    """Everything that stands at a school. `host` is the node's own computer."""

    node: NodeView
    host: DeviceView | None
    devices: tuple[DeviceView, ...]
    tickets: tuple[TicketLine, ...]
    epochs: tuple[EpochView, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """A stored report."""

    epoch: str
    offset: int
    device: str
    t: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One metric over time, thinned. A point without a value is a gap: from there on nothing is known."""

    metric: str
    points: tuple[tuple[int, float | None], ...]

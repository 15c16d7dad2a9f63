"""Read models: what the pages and the API show, as the store found it. Nothing here is written back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from hub.core.equipment import DeviceKey, NodeKey, Reported
from hub.core.findings import Alternative
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
    dish          the dish that it hangs on, as far as is known
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
    dish: str | None = None

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
    """A ticket in a list. `kind` and `room` are those of the device, as far as it is known.

    dish           where the fault is a dish's: its name; `device` is then the node's own computer
    alternatives   what else it could be, the likeliest first
    snoozed_until  out of the daily list until then, by the hub's clock
    merged_into    the ticket that goes on for this one
    earlier        the ticket that the fault had before
    """

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
    dish: str = ""
    alternatives: tuple[Alternative, ...] = ()
    snoozed_until: int | None = None
    merged_into: int | None = None
    earlier: int | None = None

    def sleeps(self, now: int) -> bool:
        return self.open and self.snoozed_until is not None and self.snoozed_until > now


@dataclass(frozen=True, slots=True)
class TicketEntry:
    """One line of a ticket's history. `ticket` is the number of the one that it was written into: this, or a merged one."""

    t: int
    kind: str
    text: Text
    ticket: int = 0


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket with its history, oldest first.

    concerned  the device; of a dish, the receivers on it
    others     open tickets of the same school that it could be merged with
    before     earlier tickets of the same device or dish, the newest first
    """

    line: TicketLine
    entries: tuple[TicketEntry, ...]
    concerned: tuple[DeviceView, ...] = ()
    others: tuple[TicketLine, ...] = ()
    before: tuple[TicketLine, ...] = ()


TicketOrder = Literal["newest", "oldest", "school", "cause"]


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets. `words` empty: all; else those whose number, school or device holds them, or whose cause is in `causes`.

    is_open  None: open or not
    snoozed  of the open ones, those that are put off at `now`, or those that are not; None: all the same
    groups   of these districts; None: of all
    order    in which they stand
    skip     so many of the first are left out, where they stand neither by age
    """

    is_open: bool | None = None
    snoozed: bool | None = None
    words: str = ""
    causes: Sequence[str] = ()
    now: int = 0
    groups: frozenset[str] | None = None
    order: TicketOrder = "newest"
    skip: int = 0


@dataclass(frozen=True, slots=True)
class SchoolHit:
    """A school that was looked for. `node`: the first of its agents, None while it has none; `tickets`: open ones."""

    group: str
    code: str
    name: str
    node: NodeKey | None = None
    tickets: int = 0


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """All tickets by whether work is left on them. `snoozed`: of the open ones, those that are put off."""

    open: int
    closed: int
    snoozed: int = 0


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The fleet at a glance. `tickets` are the oldest of the open ones that are not put off; `open_tickets` counts those.

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
    """Journal offsets, both ends included. `noticed_at` is when the hub learnt that they are lost, `reason` a LossReason."""

    first: int
    last: int
    noticed_at: int | None = None
    reason: str | None = None

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class EpochView:
    """A journal as the hub knows it.

    ours    made by the hub: births and deaths, and the reports of a node that has no journal
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
    """One metric over time, thinned. A point without a value is a gap: from there on nothing is known.

    step   0: the points are reports; else each stands for so many ms from its time on, with the mean as its value
    bands  with a step, the lowest and the highest value of each point
    """

    metric: str
    points: tuple[tuple[int, float | None], ...]
    step: int = 0
    bands: tuple[tuple[float, float] | None, ...] = ()

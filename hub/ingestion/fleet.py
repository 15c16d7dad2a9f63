"""The fleet as it stands in the database, kept in memory so that a batch need not read: rebuilt from there at every start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report
from hub.ingestion.ranges import NOTHING, Ranges
from wire.losses import LossReason
from wire.metrics import Value

_NOTHING: Mapping[str, Any] = {}


class NodeState(NamedTuple):
    """As the columns of the table `node`."""

    online: bool
    status_since: int
    heard_at: int | None
    properties: Mapping[str, Value]
    unseen_since: int | None = None


class DeviceState(NamedTuple):
    """As the columns of the table `device`."""

    kind: str
    profile: str | None = None
    room: str | None = None
    properties: Mapping[str, Value] = _NOTHING
    stale: bool = False
    stale_since: int | None = None
    latest: Mapping[str, tuple[Value, int]] = _NOTHING


@dataclass(frozen=True, slots=True)
class JournalState:
    """A node's journal: which of its offsets the hub has, and which it will never have.

    reasons  why some are lost; the others had to make room in a full journal
    """

    first_seen: int
    newest: int = 0
    committed: Ranges = NOTHING
    lost: Ranges = NOTHING
    reasons: Mapping[LossReason, Ranges] = field(default_factory=dict)

    @property
    def losses(self) -> Mapping[LossReason, Ranges]:
        """By every reason there is."""
        named = Ranges.of(span for each in self.reasons.values() for span in each)
        return {**dict.fromkeys(LossReason, NOTHING), **self.reasons, LossReason.DROPPED: self.lost - named}

    @property
    def settled(self) -> int:
        """The highest number below which nothing is missing: what can be acknowledged."""
        return self.committed.top_from_one if not self.lost else (self.committed | self.lost).top_from_one

    @property
    def missing(self) -> Ranges:
        have = self.committed | self.lost
        if have.top_from_one >= self.newest:
            return NOTHING
        return Ranges(tuple(have.gaps(1, self.newest)))


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction is to keep. Of nodes, devices and journals it is the new state, whole.

    latest  the newest values of devices of which nothing else has changed
    heard   when nodes were heard last of which nothing else has changed
    """

    nodes: Mapping[NodeKey, NodeState]
    devices: Mapping[DeviceKey, DeviceState]
    journals: Mapping[tuple[NodeKey, str], JournalState]
    reports: tuple[Report, ...]
    lost_now: int = 0
    latest: Mapping[DeviceKey, Mapping[str, tuple[Value, int]]] = field(default_factory=dict)
    heard: Mapping[NodeKey, int] = field(default_factory=dict)

    @property
    def touched(self) -> frozenset[NodeKey]:
        devices = (key.node for each in (self.devices, self.latest) for key in each)
        return frozenset([*self.nodes, *self.heard, *devices, *(node for node, _ in self.journals)])

    def __bool__(self) -> bool:
        return bool(self.nodes or self.devices or self.latest or self.heard or self.journals or self.reports)


@dataclass(slots=True)
class Fleet:
    """All nodes, their devices and their journals.

    register  what an inventory says of devices; it stands over what they say of themselves
    watched   somebody looks at the newest values of devices: in a replay nobody does, and they are not kept
    """

    nodes: dict[NodeKey, NodeState] = field(default_factory=dict)
    devices: dict[NodeKey, dict[str, DeviceState]] = field(default_factory=dict)
    journals: dict[NodeKey, dict[str, JournalState]] = field(default_factory=dict)
    register: Mapping[DeviceKey, Mapping[str, Value]] = field(default_factory=dict)
    watched: bool = True

    def accept(self, batch: Batch) -> None:
        """Take over what has been committed."""
        self.nodes.update(batch.nodes)
        self.nodes.update({key: self.nodes[key]._replace(heard_at=t) for key, t in batch.heard.items()})
        for key, device in batch.devices.items():
            self.devices.setdefault(key.node, {})[key.device] = device
        for key, latest in batch.latest.items():
            here = self.devices[key.node]
            here[key.device] = here[key.device]._replace(latest=latest)
        for (node, uuid), journal in batch.journals.items():
            self.journals.setdefault(node, {})[uuid] = journal

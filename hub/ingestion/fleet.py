"""The fleet as it stands in the database, kept in memory so that a batch need not read: rebuilt from there at every start."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.core.equipment import DeviceKey, NodeKey, Reported
from hub.core.reports import Report
from hub.ingestion.ranges import NOTHING, Ranges
from wire.metrics import Value

OURS = "ours"
"""What stands for the journal's UUID where the hub itself numbers the reports of a node that has no journal."""


@dataclass(frozen=True, slots=True)
class NodeState:
    """As the columns of the table `node`."""

    online: bool
    status_since: int
    heard_at: int | None
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class DeviceState:
    """As the columns of the table `device`."""

    kind: str
    profile: str | None = None
    room: str | None = None
    properties: Mapping[str, Value] = field(default_factory=dict)
    stale: bool = False
    stale_since: int | None = None
    latest: Mapping[str, Reported] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JournalState:
    """A node's journal: which of its offsets the hub has, and which it will never have."""

    first_seen: int
    newest: int = 0
    committed: Ranges = NOTHING
    lost: Ranges = NOTHING

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
    """What one transaction is to keep. Of nodes, devices and journals it is the new state, whole."""

    nodes: Mapping[NodeKey, NodeState]
    devices: Mapping[DeviceKey, DeviceState]
    journals: Mapping[tuple[NodeKey, str], JournalState]
    reports: tuple[Report, ...]
    lost_now: int = 0

    @property
    def touched(self) -> frozenset[NodeKey]:
        return frozenset([*self.nodes, *(key.node for key in self.devices), *(node for node, _ in self.journals)])

    def __bool__(self) -> bool:
        return bool(self.nodes or self.devices or self.journals or self.reports)


@dataclass(slots=True)
class Fleet:
    """All nodes, their devices and their journals.

    register  what an inventory says of devices; it stands over what they say of themselves
    """

    nodes: dict[NodeKey, NodeState] = field(default_factory=dict)
    devices: dict[NodeKey, dict[str, DeviceState]] = field(default_factory=dict)
    journals: dict[NodeKey, dict[str, JournalState]] = field(default_factory=dict)
    register: Mapping[DeviceKey, Mapping[str, Value]] = field(default_factory=dict)

    def accept(self, batch: Batch) -> None:
        """Take over what has been committed."""
        self.nodes.update(batch.nodes)
        for key, device in batch.devices.items():
            self.devices.setdefault(key.node, {})[key.device] = device
        for (node, uuid), journal in batch.journals.items():
            self.journals.setdefault(node, {})[uuid] = journal

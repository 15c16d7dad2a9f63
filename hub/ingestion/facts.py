"""What messages say once they are understood: facts that can be kept. Applying one twice changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hub.core.equipment import NodeKey
from hub.core.reports import Report, Sample
from wire.losses import Loss
from wire.metrics import Value


@dataclass(frozen=True, slots=True)
class JournalClaim:
    """What a birth says of the node's journal: `oldest` is newest + 1 where it holds none.

    lost  what this journal, or an earlier one, held and can never send
    """

    epoch: str
    oldest: int
    newest: int
    lost: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeBorn:
    """`at`, here and below: the hub's clock; `t`: the time that the node gives for it."""

    node: NodeKey
    at: int
    t: int
    properties: Mapping[str, Value]
    samples: Mapping[str, Sample]
    journal: JournalClaim | None
    bd_seq: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceBorn:
    node: NodeKey
    device: str
    at: int
    t: int
    properties: Mapping[str, Value]
    samples: Mapping[str, Sample]


class ReportMade(NamedTuple):
    """A report. Its offset is 0 and its epoch empty where the node keeps no journal: the hub numbers it then."""

    report: Report
    historical: bool
    at: int

    @property
    def node(self) -> NodeKey:
        return self.report.device.node


@dataclass(frozen=True, slots=True)
class NodeDied:
    """`told`: by its death message; otherwise it is presumed."""

    node: NodeKey
    at: int
    told: bool = False


@dataclass(frozen=True, slots=True)
class DeviceDied:
    node: NodeKey
    device: str
    at: int
    t: int


@dataclass(frozen=True, slots=True)
class NodeUnseen:
    """The hub has lost its own link: the node may live, but what it last said may not hold."""

    node: NodeKey
    at: int


Fact = NodeBorn | DeviceBorn | ReportMade | NodeDied | DeviceDied | NodeUnseen

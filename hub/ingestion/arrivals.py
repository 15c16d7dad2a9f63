"""What the MQTT side hands to ingestion, in the order in which it happened. Times are the hub's own clock, ms."""

from dataclasses import dataclass

from hub.core.equipment import NodeKey
from wire.metrics import Metric


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message. `retained`: it was kept by the broker and may be of any age."""

    topic: str
    payload: bytes
    at: int
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """The hub has a session with the broker of these groups. What happened there before is not known."""

    groups: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Unlinked:
    """It is gone: of these groups nothing is known from now on."""

    groups: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class ShutOut:
    """The office has shut a node out: the broker has cut it off, and tells no will of it."""

    node: NodeKey
    at: int


Event = Arrival | Linked | Unlinked | ShutOut


@dataclass(frozen=True, slots=True)
class NodeCommand:
    """An NCMD that is to be sent."""

    node: NodeKey
    metrics: tuple[Metric, ...]

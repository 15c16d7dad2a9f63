"""What the agent's services ask of the world. Adapters match by shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.core.entries import Entry, Kept, Marks
from agent.core.messages import Committed


class Journal(Protocol):
    """Keeps entries through a power cut. Every method may raise JournalStuck (again later) or JournalCorrupt (begin anew)."""

    def marks(self) -> Marks: ...

    def keep(self, entries: Sequence[Entry], *, acked: int, published: int, missed: int = 0) -> Committed:
        """Make these and the cursors durable, and say which offsets they got.

        missed: so many that came before them get offsets too, and are lost.
        """

    def keep_bd_seq(self, bd_seq: int) -> None:
        """Durable on return."""

    def promise(self, epoch: str, offset: int) -> None:
        """All up to here may be told to others now: none of these offsets is ever given again. Never raises."""

    def read(self, first: int, last: int, limit: int) -> list[Kept]:
        """The oldest `limit` entries with first <= offset <= last that are still held."""

    def begin_anew(self, now: int) -> None:
        """Move what is there aside and go on with what can be read of it; `now` (ms since 1970 UTC) names what is moved."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that came over the connection of this attempt."""

    attempt: int
    topic: str
    payload: bytes
    retained: bool = False


class Broker(Protocol):
    """One connection to an MQTT broker at a time. What comes in is told to the inbox that the adapter was made with."""

    def connect(self, attempt: int, server: int, will_topic: str, will: bytes) -> None:
        """Begin; whether it worked is told as an event that carries `attempt`."""

    def subscribe(self, topics: Sequence[str]) -> None: ...

    def publish(self, topic: str, payload: bytes) -> None:
        """QoS 0, not retained."""

    def unsent(self) -> int:
        """How many messages wait for the network."""

    def disconnect(self) -> None:
        """Send what waits, then DISCONNECT. Nothing is told of this connection any more."""


class Minder(Protocol):
    """Whoever started this process and wants to know that it lives."""

    @property
    def alive_every_ms(self) -> int | None: ...

    def ready(self) -> None: ...

    def alive(self) -> None: ...

    def stopping(self) -> None: ...


class Clock(Protocol):
    def utc_ms(self) -> int: ...

    def mono_ms(self) -> int: ...

    def sleep(self, seconds: float) -> None:
        """For moments only: nothing wakes who sleeps."""


class Link(Protocol):
    """A stream of bytes to a device. Made open; every method may raise LinkLost."""

    def send(self, data: bytes) -> None: ...

    def receive(self, timeout_s: float) -> bytes | None:
        """What has come in, at least one byte; b"" when the peer has closed; None when nothing came in time."""

    def close(self) -> None:
        """Raises nothing."""


class Channel(Protocol):
    """Asks a device. Opens itself when it is first asked, and again after a loss."""

    def ask(self, request: str) -> str | Mapping[str, object]:
        """Raises LinkError."""

    def close(self) -> None:
        """Raises nothing; asking opens it again."""


class HostFacts(Protocol):
    """The agent's own computer."""

    def gather(self, group: str) -> Mapping[str, object]:
        """The facts of a group, by metric name; what is not known is left out. Raises Declined."""

    def properties(self) -> Mapping[str, str]:
        """`Properties/…` by name."""

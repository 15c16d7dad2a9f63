"""What goes into a session and what comes out of it. Whoever runs the session turns the first from and the second into I/O."""

from dataclasses import dataclass

from agent.core.entries import Kept, Marks
from agent.core.readings import Equipment, Poll
from wire.hoststate import HostState
from wire.losses import Loss


@dataclass(frozen=True, slots=True)
class Started:
    pass


@dataclass(frozen=True, slots=True)
class Woken:
    """The time that the session asked for has come."""


@dataclass(frozen=True, slots=True)
class Stopped:
    pass


@dataclass(frozen=True, slots=True)
class Connected:
    attempt: int


@dataclass(frozen=True, slots=True)
class Lost:
    """A connection that failed or broke. `sent`: whether a CONNECT packet left, so that its bdSeq is used up."""

    attempt: int
    reason: str
    sent: bool = True


@dataclass(frozen=True, slots=True)
class TrustChanged:
    """There are other certificates than those that this connection was made with."""

    attempt: int


@dataclass(frozen=True, slots=True)
class HostSaid:
    attempt: int
    state: HostState


@dataclass(frozen=True, slots=True)
class RebirthAsked:
    pass


@dataclass(frozen=True, slots=True)
class ReplayAsked:
    """Inclusive; without `last`, up to the newest."""

    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """All up to here are committed at the hub."""

    offset: int


@dataclass(frozen=True, slots=True)
class Polled:
    poll: Poll


@dataclass(frozen=True, slots=True)
class Rearranged:
    """These devices are given up, and this equipment is new, or is something else than before."""

    gone: tuple[str, ...]
    equipment: tuple[Equipment, ...]


@dataclass(frozen=True, slots=True)
class Committed:
    """Reports that are safe now, the oldest that the journal still holds, and what got offsets and could not be kept."""

    kept: tuple[Kept, ...]
    oldest: int
    lost: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The history that Fetch asked for."""

    fetch: "Fetch"
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class NotFetched:
    """The history that Fetch asked for cannot be read now."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """The journal was damaged; these are the marks of its new epoch."""

    marks: Marks


Event = (
    Started
    | Woken
    | Stopped
    | Connected
    | Lost
    | TrustChanged
    | HostSaid
    | RebirthAsked
    | ReplayAsked
    | Acknowledged
    | Polled
    | Rearranged
    | Committed
    | Fetched
    | NotFetched
    | Renewed
)


@dataclass(frozen=True, slots=True)
class KeepBdSeq:
    """Must be durable before the Connect that follows."""

    bd_seq: int


@dataclass(frozen=True, slots=True)
class Connect:
    attempt: int
    server: int
    will_topic: str
    will: bytes


@dataclass(frozen=True, slots=True)
class Subscribe:
    """QoS 1."""

    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Publish:
    """QoS 0, not retained."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Send what waits, then DISCONNECT."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """The oldest `limit` of the reports first..last, from the journal."""

    first: int
    last: int
    limit: int


Action = KeepBdSeq | Connect | Subscribe | Publish | Disconnect | Fetch

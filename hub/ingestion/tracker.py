"""The host's side of one node's session: is it born, is its order kept, which death is its own.

MOVES is the whole table of what a message means in which phase. What a message says is left to stages.py.
"""

from dataclasses import dataclass, field
from enum import Enum, StrEnum

from hub.core.equipment import NodeKey
from hub.ingestion.messages import Message, Refusal
from hub.ingestion.reasons import Reason
from hub.ingestion.rebirths import RebirthPace
from wire.aliases import AliasTable
from wire.counters import MODULUS, following, missing
from wire.payloads import BDSEQ
from wire.topics import MessageType

Lack = tuple[str | None, str | int | None]
"""A metric that no birth explains: its device, and its name or alias."""
LACKS_AT_MOST = 1000
HOLD_AT_MOST = 128
"""So many messages may overtake a missing one; what is further off counts as late."""


class Phase(StrEnum):
    """UNKNOWN: nothing was heard in this session of the hub with its broker; OFFLINE: it has died since."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"


class Move(Enum):
    BEGIN = "begin"
    FOLLOW = "follow"
    END = "end"
    END_IF_ITS_OWN = "end_if_its_own"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


_FOLLOWERS = (MessageType.DBIRTH, MessageType.NDATA, MessageType.DDATA, MessageType.DDEATH)
MOVES: dict[tuple[Phase, MessageType], Move] = {
    **{(phase, MessageType.NBIRTH): Move.BEGIN for phase in Phase},
    **{(Phase.UNKNOWN, kind): Move.TOO_EARLY for kind in _FOLLOWERS},
    **{(Phase.ONLINE, kind): Move.FOLLOW for kind in _FOLLOWERS},
    **{(Phase.OFFLINE, kind): Move.TOO_EARLY for kind in _FOLLOWERS},
    (Phase.UNKNOWN, MessageType.NDEATH): Move.END,
    (Phase.ONLINE, MessageType.NDEATH): Move.END_IF_ITS_OWN,
    (Phase.OFFLINE, MessageType.NDEATH): Move.TOO_LATE,
}

_UNKNOWN, _FOLLOW = Phase.UNKNOWN, Move.FOLLOW
"""Python 3.11 looks a member of an enumeration up by a call."""


@dataclass(slots=True)
class Session:
    """One node, as the hub has heard it since it connected to the broker.

    aliases  what its births announced
    devices  those with a birth and without a death
    epoch    the journal that its birth named
    newest   the highest offset of it that was named
    listed   it stands in a list of those that time concerns (see Sessions)
    unknown_since  when the hub lost sight of it, or last heard something of it that it could not place
    """

    node: NodeKey
    rebirth: RebirthPace
    phase: Phase = Phase.UNKNOWN
    unknown_since: int = 0
    aliases: AliasTable = field(default_factory=AliasTable)
    devices: set[str] = field(default_factory=set)
    epoch: str | None = None
    newest: int = 0
    listed: bool = False
    _bd_seq: int | None = None
    _due: int = 0
    _held: dict[int, Message] = field(default_factory=dict)
    _held_since: int | None = None
    _lacking: set[Lack] = field(default_factory=set)
    _hopeless: set[Lack] = field(default_factory=set)

    @property
    def holding(self) -> bool:
        """Whether messages wait for an earlier one."""
        return bool(self._held)

    @property
    def notable(self) -> bool:
        """Whether time may have to do with it: most nodes, most of the time, just go on."""
        return bool(self._held) or self.rebirth.wanted or self.phase is _UNKNOWN

    def receive(self, message: Message) -> list[Message]:
        """What can be taken now, in order: none while an earlier message is awaited, several when it has come. Raises Refusal."""
        move = MOVES[self.phase, message.type]
        if move is _FOLLOW:
            return self._follow(message)
        if move is Move.BEGIN:
            return self._begin(message)
        if move is Move.TOO_EARLY:
            self.unknown_since = message.at
            raise self._refuse(Reason.BEFORE_BIRTH)
        return self._end(message, move)

    def overdue(self, now: int, patience_ms: int) -> list[Message]:
        """Gives up a missing message whose time is over: what it held up goes on, and a rebirth is wanted.

        tck-id-operational-behavior-host-reordering-rebirth
        """
        if self._held_since is None or 0 <= now - self._held_since < patience_ms:
            return []
        self.rebirth.want()
        return self._release()

    def lacks(self, device: str | None, metric: str | int | None) -> bool:
        """What this metric says no birth explains: one is asked for, once. Whether it may still explain it."""
        lack = (device, metric)
        if lack in self._hopeless:
            return False
        if lack not in self._lacking and len(self._lacking) + len(self._hopeless) >= LACKS_AT_MOST:
            return False
        self._lacking.add(lack)
        self.rebirth.want()
        return True

    def announced(self, device: str | None) -> None:
        """A birth has come. What it does not explain now, no other will."""
        told = {lack for lack in self._lacking if lack[0] == device}
        self._lacking -= told
        self._hopeless |= told

    def forget(self, now: int) -> None:
        """The hub has lost sight of the node. What it announced is not known to hold any more."""
        self.phase, self.unknown_since, self.epoch = Phase.UNKNOWN, now, None
        self._release()

    def presume_dead(self) -> None:
        """It was asked for long enough. Should it speak after all, it is asked again."""
        self.phase = Phase.OFFLINE
        self.rebirth.satisfied()

    def _begin(self, message: Message) -> list[Message]:
        earlier = self._release()
        bd_seq = message.payload.value(BDSEQ)
        self._bd_seq = bd_seq if isinstance(bd_seq, int) else None
        self._due = following(message.payload.seq or 0)
        self.phase = Phase.ONLINE
        self.rebirth.satisfied()
        return [*earlier, message]

    def _end(self, message: Message, move: Move) -> list[Message]:
        bd_seq = message.payload.value(BDSEQ)
        if isinstance(bd_seq, bool) or not isinstance(bd_seq, int):
            raise Refusal(Reason.NO_BDSEQ)
        own = move is Move.END or self._bd_seq is None or bd_seq == self._bd_seq
        if move is Move.TOO_LATE or not own:
            raise Refusal(Reason.STALE_DEATH)
        earlier = self._release()
        self.phase = Phase.OFFLINE
        return [*earlier, message]

    def _follow(self, message: Message) -> list[Message]:
        seq = message.payload.seq
        if seq is None or seq >= MODULUS:
            raise self._refuse(Reason.NO_SEQ)
        if seq == self._due and not self._held:
            self._due = following(seq)
            return [message]
        ahead = missing(self._due, seq)
        if ahead > HOLD_AT_MOST or seq in self._held:
            raise self._refuse(Reason.SEQ_LATE)
        self._held[seq] = message
        ready = []
        while self._due in self._held:
            ready.append(self._held.pop(self._due))
            self._due = following(self._due)
        self._watch(message.at, moved=bool(ready))
        return ready

    def _watch(self, now: int, *, moved: bool) -> None:
        """The reorder timer runs while the same message is missing (tck-id-operational-behavior-host-reordering-start)."""
        if not self._held:
            self._held_since = None
        elif self._held_since is None or moved:
            self._held_since = now

    def _release(self) -> list[Message]:
        """All that was held up, in order. The sequence goes on behind it."""
        order = sorted(self._held, key=lambda seq: missing(self._due, seq))
        messages = [self._held[seq] for seq in order]
        if order:
            self._due = following(order[-1])
        self._held.clear()
        self._held_since = None
        return messages

    def _refuse(self, reason: Reason) -> Refusal:
        self.rebirth.want()
        return Refusal(reason)

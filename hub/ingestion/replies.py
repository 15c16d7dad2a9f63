"""What the hub tells the nodes about their journals: acknowledged up to here, and please send these again."""

from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush

from hub.core.equipment import NodeKey
from hub.ingestion.arrivals import NodeCommand
from hub.ingestion.facts import Fact, NodeBorn
from hub.ingestion.fleet import Fleet, JournalState
from hub.ingestion.replays import ReplayPace
from hub.ingestion.settings import IngestionSettings
from wire.controls import JOURNAL_ACK, REPLAY_FROM, REPLAY_TO, command

_NEVER = -(1 << 62)
JournalOf = Callable[[NodeKey], str | None]


class Replies:
    """Looks only at nodes that something is open with. `journal_of` names the journal that a node writes now.

    Of a whole country most nodes only wait until they may be acknowledged again: those stand in `_later` until then.
    """

    def __init__(self, fleet: Fleet, settings: IngestionSettings, journal_of: JournalOf) -> None:
        self._fleet, self._settings, self._journal_of = fleet, settings, journal_of
        self._grace_ms = round(settings.replay_grace_s * 1000)
        self._open: set[NodeKey] = set()
        self._later: list[tuple[int, NodeKey]] = []
        self._resting: set[NodeKey] = set()
        self._looked_at = _NEVER
        self._paces: dict[NodeKey, ReplayPace] = {}
        self._acked: dict[NodeKey, tuple[str, int, int]] = {}
        self._known_before = frozenset(fleet.journals)
        self._begun: int | None = None
        self._pressed_at = _NEVER
        self._behind: set[NodeKey] = set()

    def committed(self, facts: Iterable[Fact], touched: Iterable[NodeKey]) -> None:
        """Something of these nodes is now in the database. A birth may mean that our last acknowledgement got lost."""
        self._open.update(touched)
        for fact in facts:
            if isinstance(fact, NodeBorn):
                self._born(fact)

    def _born(self, fact: NodeBorn) -> None:
        if fact.node in self._acked:
            epoch, _, at = self._acked[fact.node]
            self._acked[fact.node] = (epoch, 0, at)
        if fact.node in self._paces:
            self._paces[fact.node].reached(fact.bd_seq, fact.at)

    def due(self, now: int, *, pressed: bool = False) -> Iterator[NodeCommand]:
        """Commands to send now; they count as sent.

        pressed  more has come than was looked at, maybe what is missing: to ask for it would bring it twice, and make more wait
        """
        self._begun = now if self._begun is None else self._begun
        self._pressed_at = now if pressed else self._pressed_at
        calm = not 0 <= now - self._pressed_at < self._grace_ms
        self._come_back(now)
        for node in list(self._open):
            epoch = self._journal_of(node)
            journal = self._fleet.journals.get(node, {}).get(epoch or "")
            if epoch is None or journal is None:
                self._open.discard(node)
                continue
            if calm:
                yield from self._replay(node, journal, now)
            yield from self._acknowledge(node, epoch, journal, now)

    def _come_back(self, now: int) -> None:
        """Those whose time has come; all of them where the clock was set back."""
        set_back, self._looked_at = now < self._looked_at, now
        while self._later and (set_back or self._later[0][0] <= now):
            node = heappop(self._later)[1]
            self._resting.discard(node)
            self._open.add(node)

    def unanswered(self) -> Iterator[NodeKey]:
        """Nodes whose replays do not come: their journal may have dropped them, and a rebirth would say so."""
        for node in self._behind:
            pace = self._paces[node]
            if pace.wants_birth:
                pace.wants_birth = False
                yield node

    def _replay(self, node: NodeKey, journal: JournalState, now: int) -> Iterator[NodeCommand]:
        missing = journal.missing
        if not missing and node not in self._behind:
            return
        pace = self._paces.setdefault(node, ReplayPace(self._grace_ms))
        asked = pace.due(missing, now)
        (self._behind.add if missing else self._behind.discard)(node)
        if asked is not None:
            first, last = asked
            yield NodeCommand(node, (command(REPLAY_FROM, first), command(REPLAY_TO, last)))

    def _acknowledge(self, node: NodeKey, epoch: str, journal: JournalState, now: int) -> Iterator[NodeCommand]:
        """At most once in `ack_every_s`, whatever happens: the contract allows no more.

        When an earlier run of the hub last did so is not known: it may have been just before this one began.
        """
        last = self._begun if node in self._known_before and self._begun is not None else _NEVER
        epoch_before, acked, at = self._acked.get(node, (epoch, 0, last))
        acked = acked if epoch_before == epoch else 0
        every = round(self._settings.ack_every_s * 1000)
        # A last time that lies ahead means that the hub's clock was set back.
        if journal.settled > acked and not 0 <= now - at < every:
            acked, at = journal.settled, now
            yield NodeCommand(node, (command(JOURNAL_ACK, acked),))
        self._acked[node] = (epoch, acked, at)
        if journal.missing or node in self._behind:
            return
        self._open.discard(node)
        if acked < journal.settled and node not in self._resting:
            self._resting.add(node)
            heappush(self._later, (at + every, node))

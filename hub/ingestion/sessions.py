"""All sessions: events go to the node that they concern and come back as facts. Nothing that arrives can stop it."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator

from hub.core.equipment import NodeKey
from hub.ingestion.arrivals import Arrival, Event, Linked, ShutOut, Unlinked
from hub.ingestion.counters import Counters
from hub.ingestion.facts import Fact, NodeDied, NodeUnseen
from hub.ingestion.fleet import Fleet
from hub.ingestion.messages import Message, Refusal, parse
from hub.ingestion.reasons import Reason
from hub.ingestion.rebirths import RebirthPace
from hub.ingestion.settings import IngestionSettings
from hub.ingestion.stages import understand
from hub.ingestion.tracker import Phase, Session
from wire.topics import MessageType

log = logging.getLogger(__name__)
_SAID = (Message, Arrival)
MAX_SESSIONS = 200_000
_SETTLE_MS = 5_000
"""After the hub has connected, nodes that follow its STATE are born again by themselves within so long."""


class Sessions:
    """Of every node that was heard or is expected. Not persisted: after a restart births are asked for."""

    def __init__(self, fleet: Fleet, settings: IngestionSettings, counters: Counters) -> None:
        self._fleet, self._settings, self._counters = fleet, settings, counters
        self._sessions: dict[NodeKey, Session] = {}
        self._linked: set[str] = set()
        self._holding: set[NodeKey] = set()
        self._unseen: set[NodeKey] = set()
        self._wanting: set[NodeKey] = set()
        self._heard: Counter[MessageType] = Counter()

    def take(self, event: Event | Message) -> list[Fact]:
        """What the event says. Never fails: what is wrong with it is counted by reason."""
        if not isinstance(event, _SAID):
            return self._heed(event)
        try:
            message = event if isinstance(event, Message) else parse(event)
            return [] if message is None else self._hear(message)
        except Refusal as refusal:
            self._refused(refusal)
        except Exception:  # Whatever a peer can make us stumble over must not stop the others.
            log.exception("%.200r met a mistake of ours and is dropped", event)
            self._counters.reject(Reason.INTERNAL)
        return []

    def _heed(self, event: Linked | Unlinked | ShutOut) -> list[Fact]:
        if isinstance(event, Linked):
            return self._link(event)
        if isinstance(event, Unlinked):
            self._linked.difference_update(event.groups)
            return self._forget(event.groups, event.at)
        return self._shut_out(event)

    def tick(self, now: int, *, behind: bool = False) -> list[Fact]:
        """What the passing of time alone says: messages that did not come, nodes that did not answer.

        behind  there are messages that have come and were not looked at: nobody is missed on their account
        """
        self._count()
        facts: list[Fact] = []
        for node in list(self._holding):
            session = self._sessions[node]
            overdue = session.overdue(now, round(self._settings.reorder_s * 1000))
            if overdue:
                self._counters.reject(Reason.SEQ_GAP)
                facts.extend(self._understood(overdue, session))
            self._file(session)
        return facts if behind else [*facts, *self._missed(now)]

    def rebirths_due(self, now: int, at_most: int) -> list[NodeKey]:
        """Nodes to ask for a rebirth now; they count as asked."""
        due = [node for node in self._wanting if node.group in self._linked and self._sessions[node].rebirth.due(now)]
        for node in due[:at_most]:
            self._sessions[node].rebirth.asked(now)
        return due[:at_most]

    def want_rebirth(self, node: NodeKey) -> None:
        session = self._sessions.get(node)
        if session is not None:
            session.rebirth.want()
            self._file(session)

    def journal_of(self, node: NodeKey) -> str | None:
        """The journal that the node now writes; None while it is not in session, and for one that keeps none."""
        session = self._sessions.get(node)
        return session.epoch if session is not None and session.phase is Phase.ONLINE else None

    def _hear(self, message: Message) -> list[Fact]:
        self._heard[message.type] += 1
        session = self._session(message.node)
        try:
            return self._understood(session.receive(message), session)
        finally:
            if session.notable or session.listed:
                self._file(session)

    def _understood(self, messages: Iterable[Message], session: Session) -> list[Fact]:
        facts: list[Fact] = []
        for message in messages:
            try:
                facts += understand(message, session, self._counters.reject)
            except Refusal as refusal:
                self._counters.reject(refusal.reason)
        return facts

    def _count(self) -> None:
        """A counter of Prometheus takes a lock: what was heard is added up first."""
        for kind, times in self._heard.items():
            self._counters.hear(kind, times)
        self._heard.clear()

    def _refused(self, refusal: Refusal) -> None:
        self._counters.reject(refusal.reason)
        if refusal.node is not None:
            # Something that cannot be read: what it was we do not know, so everything is asked for once more.
            session = self._session(refusal.node)
            session.rebirth.want()
            self._file(session)

    def _session(self, node: NodeKey) -> Session:
        session = self._sessions.get(node)
        if session is None:
            if len(self._sessions) >= MAX_SESSIONS:
                raise Refusal(Reason.TOO_MANY)
            settings = self._settings
            pace = RebirthPace(
                str(node), round(settings.rebirth_every_s * 1000), round(settings.rebirth_at_most_s * 1000)
            )
            session = self._sessions[node] = Session(node, pace)
        return session

    def _file(self, session: Session) -> None:
        """Keep the lists of those that time concerns."""
        unseen = session.phase is Phase.UNKNOWN and session.node in self._fleet.nodes
        belongs = (session.holding, session.rebirth.wanted, unseen)
        for listed, here in zip((self._holding, self._wanting, self._unseen), belongs, strict=True):
            (listed.add if here else listed.discard)(session.node)
        session.listed = any(belongs)

    def _link(self, event: Linked) -> list[Fact]:
        self._linked.update(event.groups)
        return self._forget(event.groups, event.at)

    def _forget(self, groups: tuple[str, ...], now: int) -> list[Fact]:
        """From here on these nodes may be in any state, until they say so."""
        facts: list[Fact] = []
        online = [key for key, node in self._fleet.nodes.items() if node.online and key.group in groups]
        for node in {*online, *(key for key in self._sessions if key.group in groups)}:
            session = self._session(node)
            session.forget(now)
            self._file(session)
            facts.append(NodeUnseen(node, now))
        return facts

    def _shut_out(self, event: ShutOut) -> list[Fact]:
        node = self._fleet.nodes.get(event.node)
        if node is None or not node.online:
            return []
        session = self._session(event.node)
        session.presume_dead()
        self._file(session)
        return [NodeDied(event.node, event.at)]

    def _missed(self, now: int) -> Iterator[Fact]:
        for key in list(self._unseen):
            node, waited = self._fleet.nodes[key], now - self._sessions[key].unknown_since
            if not node.online or key.group not in self._linked or waited < _SETTLE_MS:
                continue
            if waited < self._settings.presence_s * 1000:
                self.want_rebirth(key)
            else:
                self._sessions[key].presume_dead()
                self._file(self._sessions[key])
                yield NodeDied(key, now)

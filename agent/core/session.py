"""The edge node's Sparkplug session as a table of states: events in, actions out, no I/O, no clock.

What is said is decided in agent.core.voice, what is sent next in agent.core.backlog, where to connect in agent.core.servers.
Whoever runs the session carries out every action in order, sends `Woken` when `wake_at` has come, and calls `pump` after
each event.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from agent.core.backlog import Backlog
from agent.core.births import Births
from agent.core.messages import (
    Acknowledged,
    Action,
    Committed,
    Connect,
    Disconnect,
    Event,
    Fetched,
    HostSaid,
    KeepBdSeq,
    Lost,
    NotFetched,
    Polled,
    Publish,
    Rearranged,
    Renewed,
    ReplayAsked,
    Subscribe,
)
from agent.core.moment import Moment
from agent.core.servers import Servers
from agent.core.states import TRIGGERS, State, Trigger
from agent.core.voice import Voice
from wire import payloads
from wire.counters import following
from wire.hoststate import HostState
from wire.topics import MessageType, state_topic

log = logging.getLogger(__name__)

CONNACK_WITHIN_MS = 15_000
HOST_WITHIN_MS = 10_000
READINGS_WITHIN_MS = 1_500
BIRTHS_APART_MS = 1_000


class Session:
    """host_id None: there is no primary host, births go out at once."""

    def __init__(
        self,
        host_id: str | None,
        *,
        births: Births,
        voice: Voice,
        backlog: Backlog,
        servers: Servers,
        bd_seq: int | None,
    ) -> None:
        self._host_id, self._voice, self._servers = host_id, voice, servers
        self.births, self.backlog = births, backlog
        self._bd_seq, self._bd_seq_used = bd_seq, True
        self.state = State.IDLE
        self._deadline: int | None = None
        self._host: HostState | None = None
        self._read_once = False
        self._born_at: int | None = None
        self._attempt, self._complaint = 0, ""

    def handle(self, event: Event, now: Moment) -> list[Action]:
        """Everything to do about it, in order. Events of a connection that is no more are ignored."""
        if getattr(event, "attempt", self._attempt) != self._attempt or self.state is State.STOPPED:
            return []
        trigger = TRIGGERS.get(type(event))
        if trigger is not None:
            return list(self._step(trigger, now))
        return list(_DUTIES[type(event)](self, event, now))

    def wake_at(self, mono: int) -> int | None:
        """When `Woken` or `pump` is due next (monotonic ms)."""
        history = self.backlog.history_due_at(mono) if self.state is State.ONLINE else None
        times = [time for time in (self._deadline, history) if time is not None]
        return min(times, default=None)

    def pump(self, now: Moment, room: int) -> list[Action]:
        """Send what may be sent now; `room` is how many messages the connection still takes."""
        actions: list[Action] = []
        while self.state is State.ONLINE and len(actions) < room:
            kept = self.backlog.next_live(now.mono)
            if kept is None:
                fetch = self.backlog.next_history(now.mono)
                return actions if fetch is None else [*actions, fetch]
            actions += self._voice.live(kept, now)
        return actions

    def _step(self, trigger: Trigger, now: Moment, reason: str = "") -> Iterator[Action]:
        step = TABLE.get((self.state, trigger))
        if step is not None:
            yield from step(self, now, reason)

    # Events that the table does not know by themselves

    def _on_host(self, event: HostSaid, now: Moment) -> Iterator[Action]:
        """tck-id-message-flow-edge-node-birth-publish-phid-wait-timestamp: the first counts, an older one never."""
        if event.state.outdates(self._host):
            self._host = event.state
            yield from self._step(Trigger.HOST_ONLINE if event.state.online else Trigger.HOST_OFFLINE, now)

    def _on_lost(self, event: Lost, now: Moment) -> Iterator[Action]:
        self._bd_seq_used = self._bd_seq_used and event.sent
        yield from self._step(Trigger.LOST, now, event.reason)

    def _on_replay(self, event: ReplayAsked, _now: Moment) -> Iterator[Action]:
        self.backlog.replay(event.first, event.last)
        yield from ()

    def _on_acknowledged(self, event: Acknowledged, _now: Moment) -> Iterator[Action]:
        if not self.backlog.acknowledge(event.offset):
            log.warning("the host acknowledges %d, but %d is the newest report", event.offset, self.backlog.newest)
        yield from ()

    def _on_polled(self, event: Polled, now: Moment) -> Iterator[Action]:
        device = event.poll.device
        changed = self.births.learn(event.poll)
        if device is None and not self._read_once:
            self._read_once = True
            if self.state is State.BIRTH_DUE:
                self._deadline = self._births_from(now)
        if not changed or self.state is not State.ONLINE:
            return
        if device is None:
            yield from self._ask_birth(now)
        else:
            yield self._voice.dbirth(device, now)

    def _on_rearranged(self, event: Rearranged, now: Moment) -> Iterator[Action]:
        for device in event.gone if self.state is State.ONLINE else ():
            yield from self._voice.leave(device, now)
        self.births.rearrange(event.gone, event.equipment)
        yield from self._step(Trigger.REBIRTH, now)

    def _on_committed(self, event: Committed, _now: Moment) -> Iterator[Action]:
        live = self.state in (State.ONLINE, State.BIRTH_DUE)
        for kept in event.kept:
            self.backlog.keep(kept, live=live)
        self.backlog.dropped(event.oldest)
        self.backlog.missed(event.lost)
        yield from ()

    def _on_fetched(self, event: Fetched, now: Moment) -> Iterator[Action]:
        if self.state is not State.ONLINE:
            return
        for kept in event.kept:
            yield from self._voice.history(kept, now)
        self.backlog.told(event.fetch, [kept.offset for kept in event.kept], now.mono)

    def _on_not_fetched(self, _event: NotFetched, now: Moment) -> Iterator[Action]:
        self.backlog.put_off(now.mono)
        yield from ()

    def _on_renewed(self, event: Renewed, now: Moment) -> Iterator[Action]:
        self.backlog.begin(event.marks)
        yield from self._step(Trigger.REBIRTH, now)

    # Steps of the table

    def _connect(self, now: Moment, _reason: str) -> Iterator[Action]:
        """A number counts as used once a CONNECT left (tck-id-topics-nbirth-bdseq-increment); it is kept before that."""
        if self._bd_seq is None or self._bd_seq_used:
            self._bd_seq = 0 if self._bd_seq is None else following(self._bd_seq)
            self._bd_seq_used = True
            yield KeepBdSeq(self._bd_seq)
        self._bd_seq_used = True
        self._attempt += 1
        self._host = None
        self._enter(State.CONNECTING, now.mono + CONNACK_WITHIN_MS)
        yield Connect(self._attempt, self._servers.current, self._voice.topic(MessageType.NDEATH), self._death())

    def _subscribe(self, now: Moment, _reason: str) -> Iterator[Action]:
        ncmd = self._voice.topic(MessageType.NCMD)
        yield Subscribe((ncmd,) if self._host_id is None else (ncmd, state_topic(self._host_id)))
        if self._host_id is None:
            yield from self._ask_birth(now)
        else:
            self._enter(State.AWAITING_HOST, now.mono + HOST_WITHIN_MS if self._servers.several else None)

    def _ask_birth(self, now: Moment, _reason: str = "") -> Iterator[Action]:
        """DATA stops here, at once (tck-id-operational-behavior-data-commands-rebirth-action-1)."""
        due = self._births_from(now) if self._read_once else max(self._births_from(now), now.mono + READINGS_WITHIN_MS)
        self._enter(State.BIRTH_DUE, due)
        if due <= now.mono:
            yield from self._be_born(now)

    def _be_born(self, now: Moment, _reason: str = "") -> Iterator[Action]:
        if self.state is not State.ONLINE:
            log.info("online at broker %d, bdSeq %d", self._servers.current, self._bd_seq)
        self._enter(State.ONLINE, None)
        self._born_at, self._complaint = now.mono, ""
        yield from self._voice.be_born(now, self._bd_seq or 0)

    def _host_gone(self, now: Moment, _reason: str) -> Iterator[Action]:
        """tck-id-message-flow-edge-node-birth-publish-phid-offline: NDEATH, DISCONNECT, start over."""
        yield from self._leave()
        self._wait(now, "the primary host is offline")

    def _show_anew(self, now: Moment, _reason: str) -> Iterator[Action]:
        """An orderly end, and at once a connection with the new certificates."""
        log.info("the certificates changed: connecting anew")
        yield from self._leave()
        self.backlog.disconnected(now.mono)
        yield from self._connect(now, "")

    def _try_elsewhere(self, now: Moment, _reason: str) -> Iterator[Action]:
        if self._servers.several:
            yield from self._leave()
            self._wait(now, "the primary host is not online there")

    def _give_up(self, now: Moment, _reason: str) -> Iterator[Action]:
        yield Disconnect()
        self._wait(now, "the broker does not answer")

    def _lost(self, now: Moment, reason: str) -> Iterator[Action]:
        self._wait(now, reason)
        yield from ()

    def _stop(self, _now: Moment, _reason: str) -> Iterator[Action]:
        yield from self._leave()
        self._enter(State.STOPPED, None)

    def _abandon(self, _now: Moment, _reason: str) -> Iterator[Action]:
        """Nothing is born and nothing promised: close what is half open."""
        yield Disconnect()
        self._enter(State.STOPPED, None)

    # What the steps share

    def _enter(self, state: State, deadline: int | None) -> None:
        self.state, self._deadline = state, deadline

    def _leave(self) -> Iterator[Action]:
        """tck-id-payloads-ndeath-will-message-publisher-disconnect-mqtt311: NDEATH before DISCONNECT."""
        yield Publish(self._voice.topic(MessageType.NDEATH), self._death())
        yield Disconnect()

    def _wait(self, now: Moment, reason: str) -> None:
        self.backlog.disconnected(now.mono)
        wait = self._servers.move_on(now.mono, self._born_at)
        log.log(logging.DEBUG if reason == self._complaint else logging.WARNING, "not connected: %s; trying on", reason)
        self._born_at, self._complaint = None, reason
        self._enter(State.WAITING, now.mono + wait)

    def _births_from(self, now: Moment) -> int:
        return now.mono if self._born_at is None else max(now.mono, self._born_at + BIRTHS_APART_MS)

    def _death(self) -> bytes:
        return payloads.death(self._bd_seq or 0)


Step = Callable[[Session, Moment, str], Iterator[Action]]
_S, _T = State, Trigger
_CONNECTED = (State.AWAITING_HOST, State.BIRTH_DUE, State.ONLINE)

# A trigger that a state's row does not hold changes nothing there; a test walks them all.
TABLE: dict[tuple[State, Trigger], Step] = {
    (_S.IDLE, _T.START): Session._connect,
    (_S.WAITING, _T.WAKE): Session._connect,
    (_S.CONNECTING, _T.CONNECTED): Session._subscribe,
    (_S.CONNECTING, _T.WAKE): Session._give_up,
    (_S.CONNECTING, _T.LOST): Session._lost,
    (_S.AWAITING_HOST, _T.HOST_ONLINE): Session._ask_birth,
    (_S.AWAITING_HOST, _T.HOST_OFFLINE): Session._try_elsewhere,
    (_S.AWAITING_HOST, _T.WAKE): Session._try_elsewhere,
    (_S.BIRTH_DUE, _T.WAKE): Session._be_born,
    (_S.BIRTH_DUE, _T.HOST_OFFLINE): Session._host_gone,
    (_S.ONLINE, _T.REBIRTH): Session._ask_birth,
    (_S.ONLINE, _T.HOST_OFFLINE): Session._host_gone,
    **{(state, _T.LOST): Session._lost for state in _CONNECTED},
    **{(state, _T.TRUST_CHANGED): Session._show_anew for state in _CONNECTED},
    **{(state, _T.STOP): Session._stop for state in _CONNECTED},
    **{(state, _T.STOP): Session._abandon for state in (_S.IDLE, _S.WAITING, _S.CONNECTING)},
}

_DUTIES: dict[type, Callable[[Session, Any, Moment], Iterator[Action]]] = {
    HostSaid: Session._on_host,
    Lost: Session._on_lost,
    ReplayAsked: Session._on_replay,
    Acknowledged: Session._on_acknowledged,
    Polled: Session._on_polled,
    Rearranged: Session._on_rearranged,
    Committed: Session._on_committed,
    Fetched: Session._on_fetched,
    NotFetched: Session._on_not_fetched,
    Renewed: Session._on_renewed,
}

"""The agent's main loop: polls into the journal, the journal through the session to the broker, commands back.

1. one item is taken from the inbox, or none when something else is due before
2. a poll is told to the session (births hold present values) and, if it is worth a report, added to the journal
3. reports that became durable are told to the session; only those are ever published
4. the session's actions are carried out in their order, then it sends what may be sent

One thread owns session and journal. What is said and when is decided in agent.core.session.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from agent.core.entries import entry_of
from agent.core.messages import (
    Action,
    Connect,
    Connected,
    Disconnect,
    Event,
    Fetch,
    Fetched,
    HostSaid,
    KeepBdSeq,
    Lost,
    NotFetched,
    Polled,
    Publish,
    Rearranged,
    Renewed,
    Started,
    Stopped,
    Subscribe,
    TrustChanged,
    Woken,
)
from agent.core.moment import Moment
from agent.core.readings import Poll
from agent.core.report import Reporter
from agent.core.session import Session
from agent.core.states import State
from agent.ports import Broker, Clock, Heard
from agent.services.commanding import Commanding
from agent.services.devices import Device
from agent.services.heartbeat import Heartbeat
from agent.services.inbox import Inbox
from agent.services.journalling import Journalling
from agent.services.wellbeing import Wellbeing
from wire.errors import StateError, WireError
from wire.hoststate import HostState
from wire.topics import MessageType, Topic

log = logging.getLogger(__name__)

MAX_UNSENT = 200
CONGESTED_S = 0.25
BACKLOG = "agent/journal_backlog"


class StopAsked:
    """Somebody wants the agent to end."""


class ReloadAsked:
    """Somebody has changed the settings."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A device that is polled from now on."""

    device: Device


@dataclass(frozen=True, slots=True)
class Arranged:
    """Other settings hold: these devices are polled no more, and those are new or anew; the own computer may be one of them."""

    gone: tuple[str, ...]
    fresh: tuple[Device, ...]


Item = Poll | Adopted | Connected | Lost | TrustChanged | Heard | StopAsked | ReloadAsked


@dataclass(frozen=True, slots=True)
class Parts:
    """What the main loop works with.

    reload     reads the settings anew, and has polled what they name; None where nothing changed, or nothing may
    wellbeing  where somebody wants to know of it
    heartbeat  where somebody minds this process
    """

    session: Session
    journalling: Journalling
    broker: Broker
    reporter: Reporter
    commanding: Commanding
    clock: Clock
    inbox: Inbox[Item]
    reload: Callable[[], Arranged | None] = lambda: None
    wellbeing: Wellbeing | None = None
    heartbeat: Heartbeat | None = None


class Publishing:
    def __init__(self, parts: Parts) -> None:
        self._parts, self._session, self._journalling = parts, parts.session, parts.journalling
        self._stopping = False

    def run(self) -> None:
        """Returns when StopAsked came."""
        if self._parts.wellbeing is not None:
            self._parts.wellbeing.start(self._now())
        self._handle(Started())
        heartbeat = self._parts.heartbeat
        if heartbeat is not None:
            heartbeat.start(self._now())
        while not self._stopping:
            self._turn(self._parts.inbox.get(self._timeout_s()))
            if heartbeat is not None:
                heartbeat.beat(self._now())
        if heartbeat is not None:
            heartbeat.stop()

    def finish(self) -> None:
        """What was read is kept and, if somebody listens, sent; then the session ends. Call after polling has stopped."""
        while (item := self._parts.inbox.get(0)) is not None:
            self._turn(item)
        self._flush(self._now())
        self._pump(self._now())
        self._handle(Stopped())
        self._flush(self._now())

    def _turn(self, item: Item | None) -> None:
        """A fence: whatever one item does, the loop goes on with the next."""
        try:
            now = self._now()
            if item is not None:
                self._take(item)
            due = self._journalling.due_at()
            if due is not None and due <= now.mono:
                self._flush(now)
            self._catch_up(now)
            self._pump(now)
            if self._parts.wellbeing is not None:
                self._parts.wellbeing.look(now, online=self._session.state is State.ONLINE)
        except Exception:
            log.exception("something went wrong with %s", type(item).__name__)

    def _take(self, item: Item) -> None:
        if isinstance(item, Poll):
            self._poll(item)
        elif isinstance(item, Adopted):
            self._arrange(Arranged((), (item.device,)))
        elif isinstance(item, ReloadAsked):
            self._reload()
        elif isinstance(item, Heard):
            for event in self._events(item):
                self._handle(event)
        elif isinstance(item, StopAsked):
            self._stopping = True
        else:
            self._handle(item)

    def _poll(self, poll: Poll) -> None:
        if self._parts.wellbeing is not None:
            self._parts.wellbeing.hear(poll)
        if BACKLOG in poll.readings:
            unacknowledged = self._session.backlog.unacknowledged
            poll = replace(poll, readings={**poll.readings, BACKLOG: unacknowledged})
        self._handle(Polled(poll))
        report = self._parts.reporter.take(poll)
        if report is not None:
            entry = entry_of(report, self._session.births.datatypes(report.device))
            if entry.metrics:
                self._journalling.add(entry, old_at=None if report.news else self._now().mono)

    def _events(self, heard: Heard) -> Iterable[Event]:
        """The broker sends what was subscribed: our commands and our host's STATE."""
        try:
            topic = Topic.parse(heard.topic)
        except WireError:
            return self._host(heard)
        if topic.type is not MessageType.NCMD or heard.retained:
            log.warning("a command is ignored: it is %s", "retained" if heard.retained else f"a {topic.type}")
            return ()
        return self._parts.commanding.events(heard.payload)

    def _host(self, heard: Heard) -> Iterable[Event]:
        try:
            return (HostSaid(heard.attempt, HostState.decode(heard.payload)),)
        except StateError as error:
            log.warning("the host's STATE is ignored: %s", error)
            return ()

    def _reload(self) -> None:
        change = None if self._stopping else self._parts.reload()
        if change is not None:
            self._arrange(change)

    def _arrange(self, change: Arranged) -> None:
        """What was reported of a device that goes is told before its death."""
        if change.gone:
            self._flush(self._now())
            self._pump(self._now())
        for device in change.gone:
            self._parts.reporter.drop(device)
        for each in change.fresh:
            self._parts.reporter.add(each.equipment.key, each.profile.report)
        self._handle(Rearranged(change.gone, tuple(each.equipment for each in change.fresh)))

    def _flush(self, now: Moment) -> None:
        backlog = self._session.backlog
        committed = self._journalling.flush(now, acked=backlog.acked, published=backlog.published)
        if committed is not None:
            self._handle(committed)

    def _catch_up(self, now: Moment) -> None:
        while self._journalling.renewed:
            self._handle(Renewed(self._journalling.renewed.popleft()))
        wake = self._session.wake_at(now.mono)
        if wake is not None and wake <= now.mono:
            self._handle(Woken())

    def _pump(self, now: Moment) -> None:
        self._perform(self._session.pump(now, self._room()))

    def _handle(self, event: Event) -> None:
        self._perform(self._session.handle(event, self._now()))

    def _perform(self, actions: Iterable[Action]) -> None:
        self._journalling.promise(self._session.backlog.epoch, self._session.backlog.told_up_to)
        for action in actions:
            self._carry_out(action)

    def _carry_out(self, action: Action) -> None:
        broker = self._parts.broker
        match action:
            case Publish(topic, payload):
                broker.publish(topic, payload)
            case Fetch(first, last, limit):
                kept = self._journalling.read(self._now(), first, last, limit)
                self._handle(NotFetched() if kept is None else Fetched(action, tuple(kept)))
            case KeepBdSeq(bd_seq):
                self._journalling.keep_bd_seq(self._now(), bd_seq)
            case Connect(attempt, server, will_topic, will):
                broker.connect(attempt, server, will_topic, will)
            case Subscribe(topics):
                broker.subscribe(topics)
            case Disconnect():
                broker.disconnect()

    def _timeout_s(self) -> float | None:
        now = self._now()
        beat = None if self._parts.heartbeat is None else self._parts.heartbeat.due_at
        times = (self._journalling.due_at(), self._session.wake_at(now.mono), beat)
        due = min((time for time in times if time is not None), default=None)
        if due is None:
            return None
        # While the network is slower than the history, there is nothing to do but wait for it.
        return max((due - now.mono) / 1000, 0.0 if self._room() > 0 else CONGESTED_S)

    def _room(self) -> int:
        return MAX_UNSENT - self._parts.broker.unsent()

    def _now(self) -> Moment:
        return Moment(self._parts.clock.utc_ms(), self._parts.clock.mono_ms())

"""The nodes of one process: what connects them, what they say, and what becomes of it. Who orders it about is country_nodes.py's.

What a node says and when it connects, waits, forwards and repeats is decided by the agent's own session, backlog and commands;
only its voice is a cheaper one (country_speech.py), and its journal a list.
"""

import select
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from random import Random

from agent.core.entries import Kept
from agent.core.messages import (
    Action,
    Committed,
    Connect,
    Connected,
    Disconnect,
    Event,
    Fetch,
    Fetched,
    HostSaid,
    Lost,
    Polled,
    Publish,
    RebirthAsked,
    ReplayAsked,
    Started,
    Subscribe,
    Woken,
)
from agent.core.moment import Moment
from agent.core.readings import Poll
from agent.core.states import State
from agent.services.commanding import Commanding
from benchmarks.country_link import CONNACK, KEEPALIVE_S, PUBLISH, Link, Packet
from benchmarks.country_school import Node, district_of, morning, name_of
from wire.hoststate import HostState
from wire.metrics import Value
from wire.topics import MessageType

_ROOM = 200


@dataclass(slots=True)
class Counts:
    """What happened to all nodes of this process.

    broken     lines that ended although the node wanted them
    sent_away  times that a node left because its host said that it goes
    """

    births: int = 0
    born: int = 0
    rebirths_asked: int = 0
    replays_asked: int = 0
    acknowledged: int = 0
    made: int = 0
    again: int = 0
    late_s: float = 0.0
    broken: int = 0
    sent_away: int = 0


class Crowd:
    def __init__(self, port: int, host_id: str, numbers: Sequence[int], every: int) -> None:
        """`every`: of so many nodes one is told of in detail."""
        self._port, self._every = port, every
        self._dice = Random(numbers[0])
        self.nodes = [Node.of(number, host_id, self._dice) for number in numbers]
        self.counts = Counts()
        self._epoll = select.epoll()
        self._by_fd: dict[int, Node] = {}
        self._timers: list[tuple[int, int]] = []
        self._plan: list[tuple[int, int, int, int, dict[int, Value]]] = []
        self._commanding = Commanding(lambda: None)
        self._made: list[tuple[int, int, int]] = []

    @property
    def done(self) -> bool:
        """Whether all that was planned has happened."""
        return not self._plan

    def begin(self, within_s: float) -> None:
        """Connect, spread over so long."""
        for at in range(len(self.nodes)):
            heappush(self._timers, (_mono() + self._dice.randrange(1 + round(within_s * 1000)), at))

    def dawn(self, factor: float) -> None:
        """Everything is switched on within a quarter of an hour, which takes a factor less; heartbeats come as much closer."""
        begun = _mono()
        told = ((number, each) for number in range(len(self.nodes)) for each in morning(self._dice))
        plan = [
            (begun + round(after * 1000 / factor), order, number, at, change)
            for order, (number, (after, at, change)) in enumerate(told)
        ]
        heapify(plan)
        self._plan = plan

    def turn(self, at_most_s: float) -> None:
        """What is due, and what comes within so long."""
        now = _mono()
        due = min((each[0][0] for each in (self._timers, self._plan) if each), default=now + 1000)
        wait = min(at_most_s, max(0, due - now) / 1000)
        for fd, what in self._epoll.poll(wait, 500):
            node = self._by_fd.get(fd)
            if node is not None:
                self._serve(node, what)
        now = _mono()
        while self._timers and self._timers[0][0] <= now:
            self._wake(self.nodes[heappop(self._timers)[1]], now)
        for _ in range(500):
            if not self._plan or self._plan[0][0] > now:
                break
            due, _, number, device, change = heappop(self._plan)
            self._live_on(due, number, device, change)

    def cut(self, share: float) -> None:
        """The lines of so many nodes break in one moment."""
        online = [node for node in self.nodes if node.link is not None]
        for node in self._dice.sample(online, min(len(online), round(share * len(self.nodes)))):
            self._part(node, "cut", abruptly=True)

    def told(self) -> list[tuple[int, int, int]]:
        """What nodes that are told of in detail have put into their journals since: node, offset, time."""
        made, self._made = self._made, []
        return made

    def _live_on(self, due: int, number: int, at: int, change: dict[int, Value]) -> None:
        node = self.nodes[number]
        values = node.speech.current[at]
        for slot, value in change.items():
            values[slot] = value
        if not at:
            values[4], values[7] = _mono() // 1000, node.session.backlog.unacknowledged
        elif isinstance(values[3], float):
            values[3] = round(self._dice.uniform(11, 15), 1)
        t = _utc()
        kept = node.report(at, t)
        self.counts.made += 1
        self.counts.late_s = max(self.counts.late_s, (_mono() - due) / 1000)
        if node.number % self._every == 0:
            self._made.append((node.number, kept.offset, t))
        self._handle(node, Committed((kept,), 1))

    def _serve(self, node: Node, what: int) -> None:
        link = node.link
        assert link is not None
        try:
            if what & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                for packet in link.read():
                    for event in self._events(node, packet):
                        self._handle(node, event)
                    if node.link is not link:
                        return
            link.flush()
        except OSError as error:
            self._part(node, str(error))
            return
        self._settle(node, link)

    def _events(self, node: Node, packet: Packet) -> Iterator[Event]:
        if packet.kind == CONNACK:
            yield Connected(node.attempt)
        elif packet.kind == PUBLISH and "/STATE/" in packet.topic:
            yield HostSaid(node.attempt, HostState.decode(packet.payload))
        elif packet.kind == PUBLISH and not packet.retained:
            for event in self._commanding.events(packet.payload):
                self.counts.rebirths_asked += isinstance(event, RebirthAsked)
                self.counts.replays_asked += isinstance(event, ReplayAsked)
                yield event

    def _wake(self, node: Node, now: int) -> None:
        if node.wakes is not None and node.wakes > now:
            return
        node.wakes = None
        due = node.session.wake_at(now)
        if node.session.state is State.IDLE:
            self._handle(node, Started())
            self._handle(node, Polled(Poll(None, _utc(), {})))
        elif due is not None and due <= now:
            self._handle(node, Woken())
        else:
            self._note_wake(node)
        if node.link is not None and now - node.said_ms > KEEPALIVE_S * 500:
            node.said_ms = now
            self._ping(node, node.link)

    def _ping(self, node: Node, link: Link) -> None:
        """At once: who has nothing else to say would send it with the next report, and be cut off by the broker before."""
        link.ping()
        try:
            link.flush()
        except OSError as error:
            self._part(node, str(error))
            return
        self._settle(node, link)

    def _handle(self, node: Node, event: Event) -> None:
        moment = Moment(_utc(), _mono())
        try:
            self._do(node, node.session.handle(event, moment), moment)
            room = _ROOM if node.link is not None and node.link.has_room else 0
            self._do(node, node.session.pump(moment, room), moment)
            if node.link is not None:
                node.link.flush()
                self._settle(node, node.link)
        except OSError as error:
            self._part(node, str(error))
        self._note_wake(node)

    def _note_wake(self, node: Node) -> None:
        now = _mono()
        wakes = node.session.wake_at(now)
        wakes = now + KEEPALIVE_S * 500 if wakes is None else max(wakes, now + 1)
        if node.wakes is None or wakes < node.wakes or node.wakes <= now:
            node.wakes = wakes
            heappush(self._timers, (wakes, node.number - self.nodes[0].number))

    def _do(self, node: Node, actions: Sequence[Action], moment: Moment) -> None:
        link = node.link
        for action in actions:
            match action:
                case Publish(topic, payload) if link is not None:
                    self._count(topic)
                    link.publish(topic, payload)
                    node.said_ms = moment.mono
                case Connect(attempt, _, will_topic, will):
                    link = self._connect(node, attempt)
                    link.connect(f"dltv-{district_of(node.number)}-{name_of(node.number)}", will_topic, will)
                case Subscribe(topics) if link is not None:
                    link.subscribe(topics)
                case Disconnect() if link is not None:
                    self.counts.sent_away += node.session.state is State.WAITING
                    link.leave()
                case Fetch(first, last, limit):
                    wanted = range(first, min(last, first + limit - 1) + 1)
                    kept = tuple(Kept(offset, node.reports[offset - 1]) for offset in wanted)
                    self.counts.again += len(kept)
                    self._do(node, node.session.handle(Fetched(action, kept), moment), moment)

    def _count(self, topic: str) -> None:
        self.counts.births += f"/{MessageType.NBIRTH.value}/" in topic

    def _connect(self, node: Node, attempt: int) -> Link:
        if node.link is not None:
            self._drop(node)
        node.attempt, node.said_ms = attempt, _mono()
        link = node.link = Link(self._port)
        self._by_fd[link.sock.fileno()] = node
        self._epoll.register(link.sock.fileno(), select.EPOLLIN | select.EPOLLOUT)
        return link

    def _settle(self, node: Node, link: Link) -> None:
        if node.link is not link:
            return
        if link.closing and not link.waits:
            self._drop(node)
            return
        if link.armed != link.waits:
            link.armed = link.waits
            self._epoll.modify(link.sock.fileno(), select.EPOLLIN | (select.EPOLLOUT if link.waits else 0))

    def _drop(self, node: Node, *, abruptly: bool = False) -> None:
        link, node.link = node.link, None
        if link is not None:
            del self._by_fd[link.sock.fileno()]
            self._epoll.unregister(link.sock.fileno())
            (link.cut if abruptly else link.sock.close)()

    def _part(self, node: Node, reason: str, *, abruptly: bool = False) -> None:
        self._drop(node, abruptly=abruptly)
        self.counts.broken += 1
        self._handle(node, Lost(node.attempt, reason))

    def look(self) -> None:
        self.counts.born = sum(node.session.state is State.ONLINE for node in self.nodes)
        self.counts.acknowledged = sum(node.session.backlog.acked for node in self.nodes)

    def close(self) -> None:
        for node in self.nodes:
            self._drop(node)
        self._epoll.close()


def _mono() -> int:
    return time.monotonic_ns() // 1_000_000


def _utc() -> int:
    return time.time_ns() // 1_000_000

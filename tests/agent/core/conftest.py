"""An edge node's session on a clock that the test moves, with a journal in memory, and all that it says decoded."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from agent.core import messages
from agent.core.backlog import Backlog
from agent.core.births import Births
from agent.core.entries import Kept, Marks, entry_of
from agent.core.messages import Action, Connect, Connected, Fetch, Fetched, HostSaid, Publish
from agent.core.moment import Moment
from agent.core.readings import Equipment, Poll, Report
from agent.core.servers import Servers
from agent.core.session import Session
from agent.core.states import State
from agent.core.voice import Voice
from wire import payloads
from wire.hoststate import HostState
from wire.payloads import Payload
from wire.topics import Topic

T0 = 1_790_000_000_000
HOST = Equipment(None, "computer", None, "host/linux", ("host/cpu_pct", "host/mem_used_pct", "agent/journal_backlog"))
TV = Equipment("p1-tv", "tv", "p1", "lg/rs232", ("device/reachable", "power/on", "panel/temp_c"))
RECEIVER = Equipment("p1-receiver", "receiver", None, "enigma2/openwebif", ("device/reachable", "signal/lock"))
EPOCH = "5f1c7f5e-5a0e-4f7e-9d6e-0123456789ab"


@dataclass(frozen=True)
class Said:
    """One message that the node published."""

    topic: Topic
    payload: Payload
    raw: bytes

    @property
    def kind(self) -> str:
        return self.topic.type.value

    @property
    def brief(self) -> str:
        """`DDATA p1-tv`, or `NBIRTH`."""
        return " ".join(filter(None, (self.kind, self.topic.device)))

    def metric(self, name: str) -> Any:
        return next(metric for metric in self.payload.metrics if metric.name == name)


class Node:
    def __init__(self, host_id: str | None = "hub-cpm3", servers: int = 1, **marks: Any) -> None:
        self.mono, self.utc = 1_000_000, T0
        self.births = Births([HOST, TV, RECEIVER])
        fresh = Marks(EPOCH, 1, 0, 0, 0, None)
        self.marks = replace(fresh, **{key: value for key, value in marks.items() if key != "datatypes"})
        self.backlog = Backlog(self.marks, per_second=20.0)
        voice = Voice("cpm3", "36010001", self.births, self.backlog.marks, datatypes=marks.get("datatypes", False))
        self.session = Session(
            host_id,
            births=self.births,
            voice=voice,
            backlog=self.backlog,
            servers=Servers(servers, lambda: 0.999),
            bd_seq=self.marks.bd_seq,
        )
        self.journal: dict[int, Kept] = {}
        self.newest = self.marks.newest
        self.actions: list[Action] = []
        self.said: list[Said] = []
        self.attempt = 0

    @property
    def now(self) -> Moment:
        return Moment(self.utc, self.mono)

    @property
    def state(self) -> State:
        return self.session.state

    @property
    def connects(self) -> list[Connect]:
        return [action for action in self.actions if isinstance(action, Connect)]

    @property
    def briefs(self) -> list[str]:
        return [said.brief for said in self.said]

    def of_kind(self, kind: str) -> list[Said]:
        return [said for said in self.said if said.kind == kind]

    def forget(self) -> None:
        self.actions.clear()
        self.said.clear()

    def go(self, event: Any) -> list[Action]:
        """The session's actions to an event, carried out as far as a test without a network can."""
        actions = self.session.handle(event, self.now)
        self._carry_out(actions)
        return actions

    def pump(self, room: int = 1000) -> None:
        self._carry_out(self.session.pump(self.now, room))

    def wait(self, ms: int) -> None:
        """Let time pass, waking the session as its runner does."""
        until = self.mono + ms
        while (at := self.session.wake_at(self.mono)) is not None and at <= until:
            self._advance(max(0, at - self.mono))
            self.go(messages.Woken())
            self.pump()
        self._advance(until - self.mono)

    def connect(self) -> None:
        if self.state is State.IDLE:
            self.go(messages.Started())
        while self.state is State.WAITING:
            self.wait(1000)
        self.go(Connected(self.attempt))

    def host(self, online: bool, timestamp: int = T0, attempt: int | None = None) -> list[Action]:
        return self.go(HostSaid(self.attempt if attempt is None else attempt, HostState(online, timestamp)))

    def come_online(self) -> None:
        """Through the whole birth sequence, the first readings known."""
        self.connect()
        self.host(online=True)
        self.poll(None, **{"host/cpu_pct": 5.0, "host/mem_used_pct": 40.0})
        self.wait(2000)
        assert self.state is State.ONLINE

    def poll(self, device: str | None, properties: dict[str, str] | None = None, **readings: Any) -> None:
        self.go(messages.Polled(Poll(device, self.utc, readings, properties)))

    def keep(self, device: str | None, t: int | None = None, **readings: Any) -> Kept:
        """A report becomes durable."""
        self.newest += 1
        report = Report(device, self.utc if t is None else t, tuple(readings.items()))
        kept = Kept(self.newest, entry_of(report, self.births.datatypes(device)))
        self.journal[self.newest] = kept
        self.go(messages.Committed((kept,), min(self.journal)))
        return kept

    def report(self, device: str | None, **readings: Any) -> Kept:
        """Something is read, reported, and what may be sent is sent."""
        self.poll(device, **readings)
        kept = self.keep(device, **readings)
        self.pump()
        return kept

    def lose(self) -> None:
        self.go(messages.Lost(self.attempt, "the line broke"))

    def _advance(self, ms: int) -> None:
        self.mono += ms
        self.utc += ms

    def _carry_out(self, actions: list[Action]) -> None:
        for action in actions:
            self.actions.append(action)
            if isinstance(action, Publish):
                self.said.append(Said(Topic.parse(action.topic), payloads.decode(action.payload), action.payload))
            elif isinstance(action, Connect):
                self.attempt = action.attempt
            elif isinstance(action, Fetch):
                held = [kept for offset, kept in sorted(self.journal.items()) if action.first <= offset <= action.last]
                self.go(Fetched(action, tuple(held[: action.limit])))


@pytest.fixture
def make_node() -> type[Node]:
    return Node


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def online(node: Node) -> Node:
    """A node that was just born, with nothing said since."""
    node.come_online()
    node.forget()
    return node

"""Anything in any order: connections that come and go, hosts, devices, rebirths, replays, a journal that forgets.

A broker in the middle checks what every Sparkplug host may rely on, and that in the end every report has arrived.
"""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agent.core import messages
from agent.core.entries import Entry, Kept, Marks
from agent.core.messages import Connect, Disconnect, KeepBdSeq, Publish, Subscribe
from agent.core.states import State
from wire import payloads
from wire.aliases import AliasTable
from wire.counters import following
from wire.metrics import DataType, Metric
from wire.topics import MessageType, Topic

DEVICES = st.sampled_from([None, "p1-tv", "p1-receiver"])
RARELY = st.sampled_from([False] * 7 + [True])


class Listener:
    """A strict host: it resolves every alias and counts every seq, and complains at once."""

    def __init__(self) -> None:
        self.arrived: set[int] = set()
        self.fresh: set[int] = set()
        self.will = -1
        self.connected = self.subscribed = False
        self.begin(-1)
        self.connected = False

    def begin(self, will: int) -> None:
        self.will, self.connected, self.subscribed = will, True, False
        self.born: set[str | None] = set()
        self.names = AliasTable()
        self.seq = 0

    def hear(self, topic: Topic, payload: payloads.Payload) -> None:
        assert self.connected
        assert self.subscribed
        if topic.type is MessageType.NDEATH:
            assert payload.value("bdSeq") == self.will
            self.connected = False
            return
        if topic.type is MessageType.NBIRTH:
            assert payload.value("bdSeq") == self.will
            self.born, self.names, self.seq = {None}, AliasTable(), 0
        assert payload.seq == self.seq
        self.seq = following(self.seq)
        self._hear_of(topic, payload)

    def _hear_of(self, topic: Topic, payload: payloads.Payload) -> None:
        scope = topic.device
        if topic.type in (MessageType.NBIRTH, MessageType.DBIRTH):
            assert None in self.born
            self.born.add(scope)
            self.names.announce(scope, payload.metrics)
        elif topic.type is MessageType.DDEATH:
            assert scope in self.born
            self.born.remove(scope)
        else:
            assert scope in self.born
            assert None in self.born
            self._take([self.names.resolve(scope, metric) for metric in payload.metrics])

    def _take(self, metrics: list[Any]) -> None:
        [offset] = [metric for metric in metrics if metric.name == "Journal/Offset"]
        assert len({metric.is_historical for metric in metrics}) == 1
        self.arrived.add(offset.value)


class Life(RuleBasedStateMachine):
    make_node: Any = None

    @initialize(servers=st.sampled_from([1, 2]), host_id=st.sampled_from([None, "hub-cpm3"]), offline=RARELY)
    def begin(self, servers: int, host_id: str | None, offline: bool) -> None:
        self.node = self.make_node(host_id=host_id, servers=servers)
        self.listener = Listener()
        self.bd_seqs: list[int] = []
        self.kept_bd_seq = -1
        self.connect_left = True
        self.stamp = 1000
        self._go(messages.Started())
        if not offline:
            self._settle()

    @rule(ms=st.sampled_from([0, 10, 300, 1000, 5000, 70_000]))
    def time_passes(self, ms: int) -> None:
        self.node.wait(ms)
        self._listen()

    @precondition(lambda self: self.node.state is State.CONNECTING)
    @rule()
    def the_connection_stands(self) -> None:
        self._go(messages.Connected(self.node.attempt))

    @rule(sent=st.booleans())
    def the_connection_fails(self, sent: bool) -> None:
        connecting = self.node.state is State.CONNECTING
        if connecting:
            self.connect_left = sent
        if self.node.state is not State.WAITING:
            self.listener.connected = False
            self._go(messages.Lost(self.node.attempt, "gone", sent=sent or not connecting))

    @rule(online=st.booleans())
    def an_old_connection_is_heard_of(self, online: bool) -> None:
        before = self.node.state
        self._go(messages.Connected(self.node.attempt - 1))
        self.node.host(online, timestamp=self.stamp + 100, attempt=self.node.attempt - 1)
        self._go(messages.Lost(self.node.attempt - 1, "gone", sent=False))
        assert self.node.state is before

    @rule(online=RARELY.map(lambda each: not each), later=st.sampled_from([-500, 0, 1]))
    def the_host_says(self, online: bool, later: int) -> None:
        if self.node.state not in (State.CONNECTING, State.WAITING):
            self.stamp += max(0, later)
            self.node.host(online, timestamp=self.stamp + min(0, later))
            self._listen()

    @rule(device=DEVICES, reachable=st.booleans(), value=st.none() | st.floats(0, 100), strange=RARELY)
    def something_is_read(self, device: str | None, reachable: bool, value: float | None, strange: bool) -> None:
        readings: dict[str, Any] = {"host/cpu_pct": value}
        if device is not None:
            readings = {"device/reachable": reachable}
            readings |= {"power/on": True} if reachable and device == "p1-tv" else {}
        properties = {"Properties/firmware": str(value)} if strange else None
        self.node.poll(device, properties, **readings)
        self.node.keep(device, **readings)
        self._listen()

    @rule(device=DEVICES, count=st.sampled_from([30, 50]))
    def much_is_read(self, device: str | None, count: int) -> None:
        for _ in range(count):
            self.node.keep(device, **({"host/cpu_pct": 1.0} if device is None else {"device/reachable": True}))
        self._listen()

    @rule(device=st.sampled_from([None, "p1-tv", "p9-tv"]), name=st.sampled_from(["a", "b"]))
    def a_report_of_another_configuration_turns_up(self, device: str | None, name: str) -> None:
        self.node.newest += 1
        metric = Metric(name, 1, DataType.INT64, timestamp=self.node.utc)
        self.node.journal[self.node.newest] = kept = Kept(self.node.newest, Entry(device, self.node.utc, (metric,)))
        self._go(messages.Committed((kept,), 1))

    @rule(room=st.sampled_from([0, 1, 5, 1000]))
    def the_network_takes_some(self, room: int) -> None:
        self.node.pump(room)
        self._listen()

    @rule()
    def a_rebirth_is_asked_for(self) -> None:
        self._go(messages.RebirthAsked())

    @rule(back=st.integers(-2, 20), length=st.none() | st.integers(-3, 20), ms=st.sampled_from([0, 1000]))
    def a_replay_is_asked_for(self, back: int, length: int | None, ms: int) -> None:
        first = max(0, self.node.newest - back)
        self._go(messages.ReplayAsked(first, None if length is None else first + length))
        self.the_network_takes_some(1000)
        self.time_passes(ms)

    @rule()
    def all_that_arrived_is_acknowledged(self) -> None:
        safe = next(
            offset for offset in range(len(self.listener.arrived) + 1) if offset + 1 not in self.listener.arrived
        )
        self._go(messages.Acknowledged(safe))

    @rule(offset=st.integers(-1, 1 << 64))
    def nonsense_is_acknowledged(self, offset: int) -> None:
        if not 0 <= offset <= self.node.newest:
            self._go(messages.Acknowledged(offset))

    def teardown(self) -> None:
        """When everything is well again for long enough, every report that was kept has arrived."""
        if not hasattr(self, "node"):
            return
        for _ in range(10 + len(self.node.journal) // 50):
            self._settle()
        assert self.listener.arrived == set(self.node.journal)
        assert self.node.backlog.published == self.node.newest

    def _settle(self) -> None:
        while self.node.state in (State.CONNECTING, State.WAITING):
            if self.node.state is State.CONNECTING:
                self._go(messages.Connected(self.node.attempt))
            else:
                self.time_passes(1000)
        self.stamp += 1
        self.node.host(online=True, timestamp=self.stamp)
        self.time_passes(5000)
        self.the_network_takes_some(1000)

    def _go(self, event: Any) -> None:
        self.node.go(event)
        self._listen()

    def _listen(self) -> None:
        actions, self.node.actions = self.node.actions, []
        for action in actions:
            if isinstance(action, KeepBdSeq):
                self.kept_bd_seq = action.bd_seq
            elif isinstance(action, Connect):
                self._hear_connect(action)
            elif isinstance(action, Subscribe):
                self.listener.subscribed = True
            elif isinstance(action, Disconnect):
                self.listener.connected = False
            elif isinstance(action, Publish):
                self.listener.hear(Topic.parse(action.topic), payloads.decode(action.payload))

    def _hear_connect(self, connect: Connect) -> None:
        assert not self.listener.connected
        bd_seq = payloads.decode(connect.will).value("bdSeq")
        assert bd_seq == self.kept_bd_seq
        if self.bd_seqs:
            assert bd_seq == (following(self.bd_seqs[-1]) if self.connect_left else self.bd_seqs[-1])
        self.connect_left = True
        self.bd_seqs.append(bd_seq)
        self.listener.begin(self.kept_bd_seq)


def test_whatever_happens_every_host_can_follow_and_no_report_is_lost(make_node: Any) -> None:
    class Machine(Life):
        pass

    Machine.make_node = staticmethod(make_node)
    run_state_machine_as_test(Machine, settings=settings(max_examples=300, stateful_step_count=40, deadline=None))


def test_the_machine_would_notice_a_report_that_is_lost(make_node: Any) -> None:
    node = make_node(host_id=None)
    node.come_online()
    node.report(None, **{"host/cpu_pct": 1.0})
    listener = Listener()
    listener.begin(0)
    listener.subscribed = True
    for said in node.said:
        listener.hear(said.topic, said.payload)
    assert listener.arrived == set(node.journal) == {1}
    assert node.backlog.marks() == Marks(node.marks.epoch, 1, 1, 0, 1, None)

"""The main loop, turn by turn, with a real journal, a clock that the test moves, and a broker that remembers."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.sqlite_journal import SqliteJournal
from agent.core.backlog import Backlog
from agent.core.births import Births
from agent.core.messages import Connected, Started
from agent.core.readings import Equipment, Poll
from agent.core.report import Reporter
from agent.core.servers import Servers
from agent.core.session import Session
from agent.core.states import State
from agent.core.voice import Voice
from agent.ports import Heard
from agent.services.commanding import Commanding
from agent.services.inbox import Inbox
from agent.services.journalling import Journalling
from agent.services.publishing import Item, Parts, Publishing, StopAsked
from wire import payloads
from wire.controls import command
from wire.hoststate import HostState
from wire.topics import Topic

T0 = 1_790_000_000_000
HOST = Equipment(None, "computer", None, "host/linux", ("host/cpu_pct", "agent/journal_backlog"))
NCMD = "spBv1.0/cpm3/NCMD/36010001"
STATE = "spBv1.0/STATE/hub-cpm3"


class HandClock:
    def __init__(self) -> None:
        self.mono = 1_000_000

    def utc_ms(self) -> int:
        return T0 + self.mono

    def mono_ms(self) -> int:
        return self.mono

    def sleep(self, seconds: float) -> None:
        self.mono += round(seconds * 1000)


class ListBroker:
    """Connects whenever it is told to, and remembers what it was given."""

    def __init__(self) -> None:
        self.attempt = 0
        self.said: list[tuple[str, payloads.Payload]] = []
        self.waiting = 0
        self.fails = False

    def connect(self, attempt: int, server: int, will_topic: str, will: bytes) -> None:
        self.attempt = attempt

    def subscribe(self, topics: Sequence[str]) -> None:
        pass

    def publish(self, topic: str, payload: bytes) -> None:
        if self.fails:
            raise RuntimeError("a bug")
        self.said.append((Topic.parse(topic).type.value, payloads.decode(payload)))

    def unsent(self) -> int:
        return self.waiting

    def disconnect(self) -> None:
        pass


class Loop:
    """The main loop and all that is around it."""

    def __init__(self, folder: Path, max_bytes: int = 10_000_000) -> None:
        self.clock, self.broker, self.inbox = HandClock(), ListBroker(), Inbox[Item]()
        self.journal = SqliteJournal(folder, T0, max_bytes=max_bytes)
        births, self.backlog = Births([HOST]), Backlog(self.journal.marks(), per_second=20)
        self.session = Session(
            "hub-cpm3",
            births=births,
            voice=Voice("cpm3", "36010001", births, self.backlog.marks),
            backlog=self.backlog,
            servers=Servers(1, lambda: 0.5),
            bd_seq=self.journal.marks().bd_seq,
        )
        self.journalling = Journalling(self.journal, 1000)
        commanding = Commanding(lambda: None)
        parts = Parts(self.session, self.journalling, self.broker, Reporter({}), commanding, self.clock, self.inbox)
        self.publishing = Publishing(parts)

    def turn(self, item: Item | None = None, after_ms: int = 0) -> None:
        self.clock.mono += after_ms
        self.publishing._turn(item)

    def come_online(self) -> None:
        self.publishing._handle(Started())
        self.turn(Connected(self.broker.attempt))
        self.poll(1.0)
        self.hear(STATE, HostState(True, T0).encode())
        self.turn(after_ms=2000)
        assert self.session.state is State.ONLINE

    def poll(self, cpu: float, after_ms: int = 0, **more: Any) -> None:
        self.turn(Poll(None, self.clock.utc_ms(), {"host/cpu_pct": cpu, **more}), after_ms)

    def hear(self, topic: str, payload: bytes, *, retained: bool = False) -> None:
        self.turn(Heard(self.broker.attempt, topic, payload, retained))

    def of_kind(self, kind: str) -> list[payloads.Payload]:
        return [payload for said, payload in self.broker.said if said == kind]


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    loop = Loop(tmp_path)
    yield loop
    loop.journal.close()


def test_a_poll_becomes_a_report_that_is_durable_before_it_is_published(loop: Loop) -> None:
    loop.come_online()
    loop.poll(50.0, after_ms=5000)
    newest = loop.journal.marks().newest
    last = loop.of_kind("NDATA")[-1]
    assert last.metrics[0].value == newest
    assert loop.journal.read(newest, newest, 1)[0].entry.metrics[0].value == 50.0


def test_reports_within_a_second_are_published_together_when_they_are_durable(loop: Loop) -> None:
    loop.come_online()
    loop.poll(50.0, after_ms=5000)
    told = len(loop.of_kind("NDATA"))
    loop.poll(60.0, after_ms=100)
    loop.poll(70.0, after_ms=100)
    assert len(loop.of_kind("NDATA")) == told
    assert loop.publishing._timeout_s() == pytest.approx(0.8)
    loop.turn(after_ms=800)
    assert len(loop.of_kind("NDATA")) == told + 2


@pytest.mark.tck(
    "principles-rbe-recommended",
    "operational-behavior-data-publish-nbirth-change",
    "operational-behavior-data-publish-dbirth-change",
)
def test_what_is_not_news_is_not_reported(loop: Loop) -> None:
    loop.come_online()
    loop.poll(50.0, after_ms=5000)
    told = len(loop.of_kind("NDATA"))
    loop.poll(50.0, after_ms=5000)
    assert len(loop.of_kind("NDATA")) == told


def test_the_backlog_is_a_reading_of_the_computer(loop: Loop) -> None:
    loop.come_online()
    loop.poll(50.0, after_ms=5000, **{"agent/journal_backlog": None})
    [*_, last] = loop.journal.read(1, 99, 99)
    assert dict(zip([m.name for m in last.entry.metrics], [m.value for m in last.entry.metrics], strict=True)) == {
        "host/cpu_pct": 50.0,
        "agent/journal_backlog": 1,
    }


def test_cursors_are_kept_with_the_next_commit(loop: Loop) -> None:
    loop.come_online()
    loop.poll(50.0, after_ms=5000)
    loop.hear(NCMD, payloads.encode([command("Node Control/Journal Ack", 2)], timestamp=T0))
    assert loop.journal.marks().acked == 0
    loop.poll(60.0, after_ms=5000)
    assert (loop.journal.marks().acked, loop.journal.marks().published) == (2, 2)


def test_an_end_keeps_and_sends_what_waits_and_dies(loop: Loop) -> None:
    loop.come_online()
    loop.poll(50.0, after_ms=5000)
    loop.poll(60.0, after_ms=10)
    loop.inbox.put(Poll(None, T0, {"host/cpu_pct": 70.0}))
    loop.publishing.finish()
    assert [kind for kind, _ in loop.broker.said[-3:]] == ["NDATA", "NDATA", "NDEATH"]
    marks = loop.journal.marks()
    assert (marks.newest, marks.published) == (4, 4)


def test_a_command_that_was_retained_is_ignored(loop: Loop) -> None:
    loop.come_online()
    rebirth = payloads.encode([command("Node Control/Rebirth", True)], timestamp=T0)
    loop.hear(NCMD, rebirth, retained=True)
    loop.turn(after_ms=5000)
    assert len(loop.of_kind("NBIRTH")) == 1
    loop.hear(NCMD, rebirth)
    assert len(loop.of_kind("NBIRTH")) == 2


@pytest.mark.parametrize("topic", ["spBv1.0/cpm3/NDATA/36010001", "rubbish", STATE, NCMD])
def test_rubbish_of_any_topic_changes_nothing(loop: Loop, topic: str) -> None:
    loop.come_online()
    loop.hear(topic, b"\xff\x00rubbish")
    assert loop.session.state is State.ONLINE


def test_a_journal_that_is_damaged_while_it_runs_goes_on_and_announces_what_is_lost(loop: Loop) -> None:
    loop.come_online()
    loop.poll(50.0, after_ms=5000)
    epoch = loop.of_kind("NBIRTH")[0].value("Journal/Epoch")
    [last] = [metric.value for metric in loop.of_kind("NDATA")[-1].metrics[:1]]
    loop.journal._db.execute("UPDATE reports SET body = x'ff'")
    loop.hear(NCMD, payloads.encode([command("Node Control/Replay From", 1)], timestamp=T0))
    loop.turn(after_ms=5000)
    loop.turn(after_ms=5000)
    birth = loop.of_kind("NBIRTH")[-1]
    assert birth.value("Journal/Epoch") == epoch
    assert birth.value("Journal/Lost") == f"{epoch} 1 {last} damaged"
    loop.poll(60.0, after_ms=5000)
    assert loop.of_kind("NDATA")[-1].metrics[0].value == last + 1


def test_while_the_disk_is_full_nothing_is_published_and_afterwards_everything(loop: Loop) -> None:
    loop.come_online()
    loop.poll(-1.0)
    told = len(loop.of_kind("NDATA"))
    (pages,) = loop.journal._db.execute("PRAGMA page_count").fetchone()
    loop.journal._db.execute(f"PRAGMA max_page_count={pages}")
    for number in range(500):
        loop.poll(float(number), after_ms=1)
    loop.turn(after_ms=5000)
    assert len(loop.of_kind("NDATA")) == told
    loop.journal._db.execute("PRAGMA max_page_count=100000")
    for _ in range(10):
        loop.turn(after_ms=1000)
    assert len(loop.of_kind("NDATA")) == told + 500


def test_history_waits_for_a_network_that_is_slow(loop: Loop) -> None:
    for number in range(300):
        loop.poll(float(number), after_ms=1000)
    loop.broker.waiting = 10_000
    loop.come_online()
    assert loop.of_kind("NDATA") == []
    assert loop.publishing._timeout_s() == pytest.approx(0.25)
    loop.broker.waiting = 0
    loop.turn()
    assert len(loop.of_kind("NDATA")) > 0


def test_a_turn_that_fails_does_not_end_the_loop(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    loop.come_online()
    loop.broker.fails = True
    loop.poll(50.0, after_ms=5000)
    assert "something went wrong" in caplog.text
    loop.broker.fails = False
    loop.poll(60.0, after_ms=5000)
    assert loop.of_kind("NDATA")[-1].metrics[-1].value == 60.0


def test_the_loop_ends_when_it_is_asked_to(loop: Loop) -> None:
    loop.inbox.put(Poll(None, T0, {"host/cpu_pct": 1.0}))
    loop.inbox.interrupt(StopAsked())
    loop.publishing.run()
    loop.publishing.finish()
    assert loop.journal.marks().newest == 1

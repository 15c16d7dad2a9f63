"""The whole uplink against Mosquitto, with a small host of the test: what arrives while everything dies and comes back."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.e2e


class Agent:
    """Our agent, or the streaming one, as a process."""

    def __init__(self, command: list[str], log: Path) -> None:
        self._command, self._log = command, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, stdout=log, stderr=log, env={"PYTHONPATH": str(ROOT)}
            )

    def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(60)

    @property
    def output(self) -> str:
        return self._log.read_text()


@pytest.fixture
def agents(tmp_path: Path) -> Iterator[Callable[..., Agent]]:
    made: list[Agent] = []

    def start(*command: str) -> Agent:
        made.append(Agent([sys.executable, *command], tmp_path / f"agent-{len(made)}.log"))
        made[-1].start()
        return made[-1]

    yield start
    for agent in made:
        if agent.process is not None and agent.process.poll() is None:
            agent.end(signal.SIGKILL)


@pytest.fixture
def stream(agents: Any, tmp_path: Path) -> Callable[..., Agent]:
    def start(*brokers: Any, host_id: str = "hub-cpm3", every_ms: int = 10) -> Agent:
        urls = ",".join(broker.url for broker in brokers)
        script = ROOT / "tests" / "agent" / "streaming_agent.py"
        return agents(str(script), urls, str(tmp_path / "journal"), host_id, str(every_ms))  # type: ignore[no-any-return]

    return start


@pytest.fixture
def run(agents: Any, mosquitto: Any, tmp_path: Path) -> Callable[..., Agent]:
    """`dltv-agent run` without a config file: host metrics only."""

    def start(*more: str) -> Agent:
        who = ("--group", "cpm3", "--node", "36010001", "--journal", str(tmp_path / "journal"))
        return agents("-m", "agent", "run", "--broker", mosquitto.url, *who, *more)  # type: ignore[no-any-return]

    return start


def without_gap(told: dict[int, set[Any]]) -> int:
    """The last offset before the first that is missing."""
    offset = min(told, default=1)
    while offset + 1 in told:
        offset += 1
    return offset


def is_sound(host: Any) -> None:
    """No alias was unknown, and no offset ever stood for two reports."""
    assert host.errors == []
    assert {offset: values for offset, values in host.told.items() if len(values) > 1} == {}


def test_without_a_config_file_the_computer_itself_is_reported(run: Any, small_host: Any) -> None:
    agent = run()
    small_host.until("data", lambda: small_host.of_kind("NDATA"))
    birth = small_host.heard[0]
    assert (birth.brief, birth.payload.seq) == ("NBIRTH", 0)
    assert birth.metrics["host/mem_used_pct"].value > 0
    assert birth.metrics["Properties/hardware"].value
    assert birth.metrics["agent/journal_backlog"].value == 0
    assert small_host.heard[1].metrics["Journal/Offset"].value == 1
    assert agent.end(signal.SIGTERM) == 0
    is_sound(small_host)


@pytest.mark.tck("operational-behavior-edge-node-intentional-disconnect-ndeath")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_agent_says_so_keeps_everything_and_ends_at_once(
    stream: Any, small_host: Any, mosquitto: Any, how: signal.Signals, run: Any
) -> None:
    agent = run()
    small_host.until("data", lambda: small_host.of_kind("NDATA"))
    began = time.monotonic()
    assert agent.end(how) == 0
    assert time.monotonic() - began < 60
    small_host.until("a death", lambda: small_host.of_kind("NDEATH"))
    assert "stopped" in agent.output
    assert "Traceback" not in agent.output


def test_an_agent_that_cannot_reach_a_broker_can_be_stopped_too(run: Any, mosquitto: Any) -> None:
    mosquitto.kill()
    agent = run()
    deadline = time.monotonic() + 60
    while "not connected" not in agent.output:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert agent.end(signal.SIGTERM) == 0


def test_births_and_data_of_a_device_arrive_live(stream: Any, small_host: Any, mosquitto: Any) -> None:
    stream(mosquitto)
    small_host.until("live data", lambda: len(small_host.told) > 200)
    assert small_host.briefs[:2] == ["NBIRTH", "DBIRTH p1-tv"]
    late = small_host.of_kind("DDATA p1-tv")[100:]
    assert not any(metric.is_historical for arrived in late for metric in arrived.metrics.values())
    assert small_host.gaps == 0
    is_sound(small_host)


def test_a_rebirth_is_answered_with_all_births(stream: Any, small_host: Any, mosquitto: Any) -> None:
    stream(mosquitto)
    small_host.until("live data", lambda: len(small_host.told) > 5)
    small_host.command(Rebirth=True)
    small_host.until("two births", lambda: len(small_host.of_kind("DBIRTH p1-tv")) >= 2)
    first, second = small_host.of_kind("NBIRTH")[:2]
    assert first.payload.value("bdSeq") == second.payload.value("bdSeq")


def test_a_replay_brings_the_same_reports_as_history(stream: Any, small_host: Any, mosquitto: Any) -> None:
    stream(mosquitto)
    small_host.until("data", lambda: len(small_host.told) > 60)
    small_host.command(Replay_From=10, Replay_To=40)

    def replayed() -> list[Any]:
        return [
            arrived.metrics
            for arrived in small_host.of_kind("DDATA p1-tv")
            if arrived.metrics["Journal/Offset"].is_historical and 10 <= arrived.metrics["Journal/Offset"].value <= 40
        ]

    small_host.until("history", lambda: len(replayed()) >= 31)
    assert [metrics["Journal/Offset"].value for metrics in replayed()] == list(range(10, 41))
    is_sound(small_host)


def test_a_poll_is_asked_for_by_command(stream: Any, small_host: Any, mosquitto: Any) -> None:
    stream(mosquitto)
    small_host.until("data", lambda: len(small_host.told) > 5)
    small_host.command(Poll_Now=True)
    small_host.until("a report of the computer", lambda: small_host.of_kind("NDATA"))


@pytest.mark.tck(
    "message-flow-edge-node-birth-publish-phid-offline", "operational-behavior-edge-node-birth-sequence-wait"
)
def test_while_the_host_is_offline_reports_are_stored_and_then_forwarded(
    stream: Any, make_host: Any, mosquitto: Any
) -> None:
    host = make_host(mosquitto, online=False)
    stream(mosquitto)
    host.say(online=True)
    host.until("births and data", lambda: len(host.told) > 20)
    host.say(online=False)
    host.until("a death", lambda: host.of_kind("NDEATH"))
    deaf = len(host.heard)
    time.sleep(1.0)  # long enough for a hundred reports, of which none may come
    assert host.briefs[deaf:] == []
    host.say(online=True)
    newest = host.until("a new birth", lambda: host.of_kind("NBIRTH")[1:])[0].metrics["Journal/Newest"].value
    host.until("all that was stored", lambda: without_gap(host.told) >= newest)
    first, second = host.of_kind("NBIRTH")
    assert second.payload.value("bdSeq") == first.payload.value("bdSeq") + 1
    is_sound(host)


def test_after_a_short_outage_of_the_broker_the_node_is_back_soon(stream: Any, small_host: Any, mosquitto: Any) -> None:
    stream(mosquitto)
    small_host.until("data", lambda: len(small_host.told) > 20)
    mosquitto.kill()
    time.sleep(3.0)  # the outage
    births = len(small_host.of_kind("NBIRTH"))
    mosquitto.start()
    began = time.monotonic()
    small_host.close()
    small_host.connect(mosquitto)
    small_host.until("a birth", lambda: len(small_host.of_kind("NBIRTH")) > births)
    assert time.monotonic() - began < 60
    newest = small_host.of_kind("NBIRTH")[-1].metrics["Journal/Newest"].value
    small_host.until("what was missed", lambda: without_gap(small_host.told) >= newest)
    is_sound(small_host)


@pytest.mark.tck("operational-behavior-primary-application-state-with-multiple-servers-walk")
def test_a_node_with_two_brokers_follows_its_host(
    stream: Any, make_host: Any, mosquitto: Any, another_mosquitto: Any
) -> None:
    first, second = make_host(mosquitto), make_host(another_mosquitto, online=False)
    stream(mosquitto, another_mosquitto)
    first.until("data at the first broker", lambda: len(first.told) > 10)
    second.say(online=True)
    first.say(online=False)
    second.until("data at the second broker", lambda: len(second.told) > 10)
    first.until("a death at the first broker", lambda: first.of_kind("NDEATH"))
    another_mosquitto.kill()
    first.say(online=True)
    first.until("births at the first broker again", lambda: len(first.of_kind("NBIRTH")) > 1)


@pytest.fixture
def another_mosquitto(mosquitto: Any, tmp_path: Path) -> Iterator[Any]:
    folder = tmp_path / "another"
    folder.mkdir()
    another = type(mosquitto)(folder)
    another.start()
    yield another
    another.kill()


def test_killed_and_cut_off_at_random_moments_no_report_is_lost_or_told_twice_differently(
    stream: Any, small_host: Any, mosquitto: Any
) -> None:
    chance = random.Random(20261120)
    agent = stream(mosquitto, every_ms=5)
    for _ in range(4):
        seen = len(small_host.heard)
        small_host.until("more", lambda seen=seen: len(small_host.heard) > seen + chance.randrange(30, 200))
        agent.end(signal.SIGKILL)
        agent.start()
        seen = len(small_host.heard)
        small_host.until("more", lambda seen=seen: len(small_host.heard) > seen + chance.randrange(30, 200))
        mosquitto.kill()
        small_host.close()
        mosquitto.start()
        small_host.connect(mosquitto)
    small_host.command(Rebirth=True)
    births = len(small_host.of_kind("NBIRTH"))
    small_host.until("a last birth", lambda: len(small_host.of_kind("NBIRTH")) > births)
    newest = small_host.of_kind("NBIRTH")[-1].metrics["Journal/Newest"].value
    small_host.command(Replay_From=1, Replay_To=newest)
    small_host.until("every report", lambda: without_gap(small_host.told) >= newest)
    is_sound(small_host)
    values = [next(iter(small_host.told[offset])) for offset in range(2, newest + 1)]
    assert values == sorted(values)


def test_two_agents_on_one_journal_are_refused_in_one_line(run: Any, agents: Any, small_host: Any) -> None:
    run()
    small_host.until("a birth", lambda: small_host.of_kind("NBIRTH"))
    second = run()
    assert second.process.wait(60) == 2
    assert second.output.count("\n") == 1
    assert "another agent has this journal open" in second.output

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.core.messages import Acknowledged, Event, RebirthAsked, ReplayAsked
from agent.core.wishes import Wish, WishKind
from agent.services.commanding import Commanding
from wire import controls, payloads
from wire.controls import command
from wire.metrics import DataType, Metric
from wire.schema import new_payload

T0 = 1_790_000_000_000


class Desk:
    """Takes commands as bytes and remembers what they led to."""

    def __init__(self) -> None:
        self.polls = 0
        self._commanding = Commanding(self._poll_now)

    def _poll_now(self) -> None:
        self.polls += 1

    def take(self, *metrics: Metric, datatypes: bool = True) -> list[Event]:
        return self._commanding.events(payloads.encode(metrics, timestamp=T0, datatypes=datatypes))

    def take_bytes(self, data: bytes) -> list[Event]:
        return self._commanding.events(data)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("datatypes", [True, False])
def test_commands_are_understood_with_and_without_datatypes(desk: Desk, datatypes: bool) -> None:
    metrics = (command(controls.JOURNAL_ACK, 12), command(controls.REPLAY_FROM, 13), command(controls.REPLAY_TO, 20))
    assert desk.take(*metrics, datatypes=datatypes) == [Acknowledged(12), ReplayAsked(13, 20)]


def test_a_replay_without_an_end_goes_up_to_the_newest(desk: Desk) -> None:
    assert desk.take(command(controls.REPLAY_FROM, 13)) == [ReplayAsked(13, None)]


def test_a_rebirth_comes_before_the_replay_of_the_same_command(desk: Desk) -> None:
    events = desk.take(command(controls.REPLAY_FROM, 13), command(controls.REBIRTH, True))
    assert events == [RebirthAsked(), ReplayAsked(13, None)]


def test_poll_now_polls(desk: Desk) -> None:
    assert desk.take(command(controls.POLL_NOW, True)) == []
    assert desk.polls == 1


@pytest.mark.parametrize("name", [controls.REBIRTH, controls.POLL_NOW])
def test_a_switch_that_is_false_asks_for_nothing(desk: Desk, name: str) -> None:
    assert desk.take(command(name, False)) == []
    assert desk.polls == 0


@pytest.mark.parametrize(
    "metric",
    [
        Metric("Node Control/Dance", True, DataType.BOOLEAN),
        Metric("Node Control/Rebirth", 1, DataType.INT32),
        Metric("Node Control/Rebirth", "true", DataType.STRING),
        Metric("Node Control/Rebirth", None, DataType.BOOLEAN),
        Metric("Node Control/Replay From", 5, DataType.INT64),
        Metric("Node Control/Replay From", -5, DataType.INT64),
        Metric("Node Control/Journal Ack", 1.0, DataType.DOUBLE),
        Metric(None, True, DataType.BOOLEAN, alias=4),
    ],
)
def test_what_is_unknown_or_of_the_wrong_type_is_ignored_and_logged(
    desk: Desk, metric: Metric, caplog: pytest.LogCaptureFixture
) -> None:
    assert desk.take(metric) == []
    assert "is ignored" in caplog.text


def test_a_good_command_beside_a_bad_one_is_obeyed(desk: Desk) -> None:
    assert desk.take(Metric("x", 1, DataType.INT32), command(controls.REBIRTH, True)) == [RebirthAsked()]


def test_a_replay_that_has_an_end_alone_is_ignored(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    assert desk.take(command(controls.REPLAY_TO, 5)) == []
    assert "without" in caplog.text


@pytest.mark.parametrize("name", [controls.CONFIG_VERSION, controls.UPDATE_TO])
def test_remote_updates_are_declined_in_one_line(desk: Desk, name: str, caplog: pytest.LogCaptureFixture) -> None:
    assert desk.take(command(name, "1.2.3")) == []
    assert [record.message for record in caplog.records] == [
        f"{name} '1.2.3': this agent is not configured for remote updates"
    ]


def test_a_type_that_nobody_has_a_use_for_is_ignored(desk: Desk) -> None:
    message = new_payload()
    metric = message.metrics.add()
    metric.name, metric.datatype, metric.bytes_value = "Node Control/Rebirth", 17, b"x"
    assert desk.take_bytes(message.SerializeToString()) == []


@given(data=st.binary(max_size=300))
def test_rubbish_is_ignored(data: Any) -> None:
    Desk().take_bytes(data)


def test_a_version_that_is_commanded_is_handed_on() -> None:
    wishes: list[Wish] = []
    commanding = Commanding(lambda: None, wishes.append)
    metrics = (command(controls.UPDATE_TO, "1.2.3"), command(controls.CONFIG_VERSION, "../c7"))
    assert commanding.events(payloads.encode(metrics, timestamp=T0)) == []
    assert wishes == [Wish(WishKind.RELEASE, "1.2.3")]

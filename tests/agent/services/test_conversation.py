"""Deadlines, further tries and pauses of a conversation, on virtual time."""

import threading
from collections.abc import Callable

import pytest

from agent.errors import BadReply, LinkLost
from agent.protocols.codec import Dialogue, line
from agent.services.conversation import Conversation
from firmware_profiles.links import Connection, Link


class Time:
    """A Clock whose waiting takes no time."""

    def __init__(self) -> None:
        self.now = 0

    def utc_ms(self) -> int:
        return self.now

    def mono_ms(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


class Stopping(threading.Event):
    def __init__(self, time: Time) -> None:
        super().__init__()
        self.time = time

    def wait(self, timeout: float | None = None) -> bool:
        self.time.now += round((timeout or 0) * 1000)
        return self.is_set()


class Lines:
    """A codec of lines that greets by waiting for nothing."""

    def greet(self) -> Dialogue[None]:
        return
        yield b""

    def ask(self, request: str) -> Dialogue[str]:
        received = yield request.encode() + b"\n"
        if received == b"nonsense\n":
            raise BadReply("nonsense")
        return (yield from line(bytearray(received), b"\n"))


class Wire:
    """A link: each request gets the next list of pieces, each after `delay` ms; then silence. b"" is a closed connection."""

    def __init__(self, time: Time, answers: list[list[bytes]], delay: int = 0) -> None:
        self.time, self.answers, self.delay = time, answers, delay
        self.pending: list[bytes] = []
        self.stale: list[bytes] = []
        self.sent: list[tuple[int, bytes]] = []
        self.open = 0
        self.opened_times = 0

    def opened(self) -> "Wire":
        self.open, self.opened_times, self.pending = 1, self.opened_times + 1, []
        return self

    def send(self, data: bytes) -> None:
        self.sent.append((self.time.now, data))
        self.pending = self.answers.pop(0) if self.answers else []

    def receive(self, timeout_s: float) -> bytes | None:
        if not timeout_s:
            return self.stale.pop(0) if self.stale else None
        if self.pending and self.delay <= timeout_s * 1000:
            self.time.now += self.delay
            return self.pending.pop(0)
        self.time.now += round(timeout_s * 1000)
        return None

    def close(self) -> None:
        self.open = 0


Talk = Callable[..., tuple[Conversation, Wire, Time]]


def talk(answers: list[list[bytes]], *, delay: int = 0, **link: object) -> tuple[Conversation, Wire, Time]:
    time = Time()
    wire = Wire(time, answers, delay)
    settings = Link.model_validate({"timeout_ms": 1000, "retries": 1, **link})
    return Conversation(wire.opened, Lines(), settings, time, Stopping(time)), wire, time


def test_an_answer_may_come_in_pieces() -> None:
    assert talk([[b"a", b"b\n"]])[0].ask("?") == "ab"


def test_the_connection_is_opened_once_and_kept() -> None:
    conversation, wire, _ = talk([[b"a\n"], [b"b\n"]])
    assert [conversation.ask("?"), conversation.ask("?")] == ["a", "b"]
    assert (wire.opened_times, wire.open) == (1, 1)


def test_a_connection_per_request_is_closed_after_each() -> None:
    conversation, wire, _ = talk([[b"a\n"], [b"b\n"]], connection=Connection.PER_REQUEST)
    conversation.ask("?")
    assert wire.open == 0
    conversation.ask("?")
    assert wire.opened_times == 2


def test_an_unanswered_request_is_tried_again_on_a_new_connection() -> None:
    conversation, wire, time = talk([[], [b"a\n"]])
    assert conversation.ask("?") == "a"
    assert wire.opened_times == 2
    assert time.now == 1000


def test_after_its_tries_it_is_lost() -> None:
    conversation, wire, time = talk([], retries=2)
    with pytest.raises(LinkLost, match="no answer within 1000 ms"):
        conversation.ask("?")
    assert (len(wire.sent), time.now, wire.open) == (3, 3000, 0)


def test_one_deadline_holds_for_all_of_an_answer_that_drips() -> None:
    conversation, _, time = talk([[b"a"] * 100], delay=200, retries=0)
    with pytest.raises(LinkLost):
        conversation.ask("?")
    assert time.now <= 1200


def test_nonsense_is_not_asked_for_again() -> None:
    conversation, wire, _ = talk([[b"nonsense\n"], [b"a\n"]])
    with pytest.raises(BadReply):
        conversation.ask("?")
    assert (len(wire.sent), wire.open) == (1, 0)


def test_what_came_too_late_is_not_the_next_answer() -> None:
    conversation, wire, _ = talk([[b"a\n"], [b"b\n"]])
    conversation.ask("?")
    wire.stale = [b"late\n"]
    assert conversation.ask("?") == "b"


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    conversation, wire, _ = talk([[b"a\n"], [b"b\n"]])
    conversation.ask("?")
    wire.stale = [b""]
    assert conversation.ask("?") == "b"
    assert wire.opened_times == 2


def test_a_line_that_never_falls_silent_is_lost() -> None:
    conversation, wire, _ = talk([[b"a\n"]], retries=0)
    wire.stale = [b"noise"] * 1000
    with pytest.raises(LinkLost, match="full of noise"):
        conversation.ask("?")


@pytest.mark.parametrize("gap_ms", [20, 300])
def test_the_gap_between_answer_and_request_is_kept(gap_ms: int) -> None:
    conversation, wire, _ = talk([[b"a\n"], [b"b\n"]], gap_ms=gap_ms)
    conversation.ask("?")
    conversation.ask("?")
    assert [at for at, _ in wire.sent] == [0, gap_ms]


def test_a_stop_ends_the_waiting() -> None:
    time = Time()
    wire, stopping = Wire(time, []), Stopping(time)
    conversation = Conversation(wire.opened, Lines(), Link(timeout_ms=60_000), time, stopping)
    stopping.set()
    with pytest.raises(LinkLost, match="stopping"):
        conversation.ask("?")
    assert time.now == 0

"""The port's manners: greeting first, so many sessions at once, idleness, power cuts."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bench.lines.tcp_port import TcpPort
from bench.lines.trouble import Trouble
from bench.stations import TcpPlug

GREETING = b"hello\n"


@pytest.fixture
def port(echo: Any, trouble: Trouble) -> Iterator[TcpPort]:
    port = TcpPort(TcpPlug("127.0.0.1", 0, echo), trouble)
    port.open()
    yield port
    port.close()


@pytest.fixture
def hasty(echo: Any, trouble: Trouble) -> Iterator[TcpPort]:
    """It hangs up soon when nobody says more."""
    port = TcpPort(TcpPlug("127.0.0.1", 0, echo, idle_s=0.5), trouble)
    port.open()
    yield port
    port.close()


def call(port: TcpPort) -> socket.socket:
    return socket.create_connection((port.host, port.port), timeout=60)


def line(caller: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\n"):
        chunk = caller.recv(1)
        if not chunk:
            break
        data += chunk
    return data


def test_it_greets_and_answers(port: TcpPort) -> None:
    with call(port) as caller:
        assert line(caller) == GREETING
        caller.sendall(b"what\n")
        assert line(caller) == b"what\n"


def test_when_the_session_ends_it_hangs_up(echo: Any, trouble: Trouble) -> None:
    port = TcpPort(TcpPlug("127.0.0.1", 0, lambda: echo(ended=True)), trouble)
    port.open()
    with call(port) as caller:
        assert line(caller) == GREETING
        assert caller.recv(1) == b""
    port.close()


def test_it_serves_as_many_callers_as_it_can(echo: Any, trouble: Trouble) -> None:
    port = TcpPort(TcpPlug("127.0.0.1", 0, echo, callers=2), trouble)
    port.open()
    with call(port) as first, call(port) as second:
        assert line(first) == line(second) == GREETING
    port.close()


def test_half_an_answer_comes_from_a_broken_one(port: TcpPort, broken: Any) -> None:
    with call(port) as caller:
        assert line(caller) == GREETING
        broken.break_("half")
        caller.sendall(b"what\n")
        assert caller.recv(100) == b"wha"


def test_a_silent_one_answers_nothing_until_it_hangs_up(hasty: TcpPort, broken: Any) -> None:
    with call(hasty) as caller:
        assert line(caller) == GREETING
        broken.break_("silent")
        caller.sendall(b"what\n")
        assert caller.recv(100) == b""


def test_a_slow_answer_comes_late(port: TcpPort, broken: Any) -> None:
    with call(port) as caller:
        assert line(caller) == GREETING
        broken.break_("slow")
        asked = time.monotonic()
        caller.sendall(b"what\n")
        assert line(caller) == b"what\n"
        assert time.monotonic() - asked > 0.25


def test_an_idle_session_is_closed(hasty: TcpPort) -> None:
    with call(hasty) as caller:
        assert line(caller) == GREETING
        assert caller.recv(1) == b""


def test_a_second_caller_waits_for_the_first_to_hang_up(port: TcpPort) -> None:
    with call(port) as first, call(port) as second:
        assert line(first) == GREETING
        second.settimeout(0.2)
        with pytest.raises(TimeoutError):
            second.recv(1)
        first.close()
        second.settimeout(60)
        assert line(second) == GREETING


def test_a_power_cut_refuses_callers_and_drops_the_session(port: TcpPort) -> None:
    with call(port) as caller:
        assert line(caller) == GREETING
        port.close()
        assert caller.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        call(port)


def test_with_the_power_back_it_listens_on_the_same_port(port: TcpPort) -> None:
    number = port.port
    port.close()
    port.open()
    assert port.port == number
    with call(port) as caller:
        assert line(caller) == GREETING


def test_opening_and_closing_twice_is_harmless(port: TcpPort) -> None:
    port.open()
    port.close()
    port.close()


def test_a_port_in_use_is_an_os_error(port: TcpPort, echo: Any, trouble: Trouble) -> None:
    with pytest.raises(OSError, match="in use"):
        TcpPort(TcpPlug("127.0.0.1", port.port, echo), trouble).open()

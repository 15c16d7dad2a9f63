"""The port's manners: greeting first, one session at a time, idleness, power cuts. PJLink serves as the session."""

import socket
from collections.abc import Iterator

import pytest

from bench.live import LiveRoom
from bench.projector import PjLinkSession
from bench.tcp_port import TcpPort

DIGEST = b"5d8409bc1c3fa39749434aa3a5c38682"
GREETING = b"PJLINK 1 498e4a67\r"


@pytest.fixture
def port(in_class: LiveRoom) -> Iterator[TcpPort]:
    settings = in_class.look().room.settings.projector
    port = TcpPort("127.0.0.1", 0, lambda: PjLinkSession(settings, in_class, "498e4a67"), settings.idle_s)
    port.open()
    yield port
    port.close()


def call(port: TcpPort) -> socket.socket:
    return socket.create_connection((port.host, port.port), timeout=5)


def line(caller: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\r"):
        chunk = caller.recv(1)
        if not chunk:
            break
        data += chunk
    return data


def test_it_greets_and_answers(port: TcpPort) -> None:
    with call(port) as caller:
        assert line(caller) == GREETING
        caller.sendall(DIGEST + b"%1POWR ?\r")
        assert line(caller) == b"%1POWR=1\r"


def test_after_erra_it_hangs_up(port: TcpPort) -> None:
    with call(port) as caller:
        assert line(caller) == GREETING
        caller.sendall(b"0" * 32 + b"%1POWR ?\r")
        assert line(caller) == b"PJLINK ERRA\r"
        assert caller.recv(1) == b""


def test_an_idle_session_is_closed(port: TcpPort) -> None:
    with call(port) as caller:
        assert line(caller) == GREETING
        assert caller.recv(1) == b""


def test_a_second_caller_waits_for_the_first_to_hang_up(port: TcpPort) -> None:
    with call(port) as first, call(port) as second:
        assert line(first) == GREETING
        second.settimeout(0.2)
        with pytest.raises(TimeoutError):
            second.recv(1)
        first.close()
        second.settimeout(5)
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


def test_a_port_in_use_is_an_os_error(port: TcpPort) -> None:
    with pytest.raises(OSError, match="in use"):
        TcpPort("127.0.0.1", port.port, lambda: pytest.fail("nobody called"), 1.0).open()

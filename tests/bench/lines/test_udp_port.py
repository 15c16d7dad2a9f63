"""Datagrams in, datagrams out, on a port that comes and goes with the power."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from bench.lines.trouble import Trouble
from bench.lines.udp_port import UdpPort
from bench.stations import UdpPlug


@pytest.fixture
def port(trouble: Trouble) -> Iterator[UdpPort]:
    def replies(datagram: bytes) -> list[bytes]:
        return [datagram] * (2 if datagram == b"twice" else len(datagram) and 1)

    port = UdpPort(UdpPlug("127.0.0.1", 0, replies), trouble)
    port.open()
    yield port
    port.close()


def ask(port: UdpPort, datagram: bytes, timeout_s: float = 60.0) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.settimeout(timeout_s)
        caller.sendto(datagram, (port.host, port.port))
        return caller.recv(100)


def test_it_answers_whoever_asked(port: UdpPort) -> None:
    assert ask(port, b"hello") == b"hello"


def test_a_question_may_have_two_answers(port: UdpPort) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.settimeout(60)
        caller.sendto(b"twice", (port.host, port.port))
        assert [caller.recv(100), caller.recv(100)] == [b"twice", b"twice"]


def test_half_an_answer_comes_from_a_broken_one(port: UdpPort, broken: Any) -> None:
    broken.break_("half")
    assert ask(port, b"abcd") == b"ab"


def test_closed_it_is_silent_and_open_again_on_the_same_port(port: UdpPort) -> None:
    number = port.port
    port.close()
    port.close()
    with pytest.raises((TimeoutError, ConnectionRefusedError)):
        ask(port, b"hello", 0.2)
    port.open()
    port.open()
    assert port.port == number
    assert ask(port, b"hello") == b"hello"


def test_a_port_in_use_is_an_os_error(port: UdpPort, trouble: Trouble) -> None:
    with pytest.raises(OSError, match="in use"):
        UdpPort(UdpPlug("127.0.0.1", port.port, lambda _: []), trouble).open()


def test_it_announces_itself_when_it_comes_to_the_network(trouble: Trouble) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(60)
        told = (("203.0.113.1", 9, b"lost"), (*listener.getsockname(), b"here I am"))
        port = UdpPort(UdpPlug("127.0.0.1", 0, lambda _datagram: [], told), trouble)
        port.open()
        assert listener.recvfrom(100) == (b"here I am", ("127.0.0.1", port.port))
        port.close()

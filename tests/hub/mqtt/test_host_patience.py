"""A host whose broker has much to tell: its answer to a ping stands behind all of it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import pytest

from hub.ingestion.arrivals import Event, Unlinked
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.host_client import Host, HostClient

PINGRESP = 13
KEEPALIVE_S = 1


class SlowToAnswer:
    """Stands before a broker and hands on all but its answers to pings."""

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections, self.withheld = 0, 0
        self._sockets: list[socket.socket] = [self._listener]
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def close(self) -> None:
        for each in self._sockets:
            _shut(each)
        for thread in self._threads:
            thread.join(60)
        for each in self._sockets:
            each.close()

    def _start(self, work: Callable[..., None], *given: Any) -> None:
        self._threads.append(threading.Thread(target=work, args=given))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                broker = socket.create_connection(("127.0.0.1", self._broker_port))
                self._sockets += [client, broker]
                self.connections += 1
                self._start(self._up, client, broker)
                self._start(self._down, broker, client)

    def _up(self, client: socket.socket, broker: socket.socket) -> None:
        with suppress(OSError):
            while chunk := client.recv(65_536):
                broker.sendall(chunk)
        _shut(broker)

    def _down(self, broker: socket.socket, client: socket.socket) -> None:
        with suppress(OSError), broker.makefile("rb") as stream:
            while packet := _packet(stream):
                if packet[0] >> 4 == PINGRESP:
                    self.withheld += 1
                else:
                    client.sendall(packet)
        _shut(client)


def _packet(stream: BinaryIO) -> bytes:
    """A whole one: type, remaining length in bytes of seven bits, the rest (MQTT 3.1.1, chapter 2.2); none at the end."""
    head, length = stream.read(1), 0
    for shift in range(0, 28, 7):
        byte = stream.read(1)
        if not byte:
            return b""
        head += byte
        length |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            break
    return head + stream.read(length)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def slow(mosquitto: Any) -> Iterator[SlowToAnswer]:
    one = SlowToAnswer(mosquitto.port)
    yield one
    one.close()


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def host(slow: SlowToAnswer, told: list[Event]) -> Iterator[HostClient]:
    broker = BrokerUrl("127.0.0.1", slow.port)
    one = HostClient(Host("hub-dltv", ("dltv",), broker), told.append, keepalive_s=KEEPALIVE_S)
    one.start()
    yield one
    one.stop()


def test_a_line_that_brings_messages_is_alive_whenever_pings_are_answered(
    slow: SlowToAnswer, host: HostClient, told: list[Event], mosquitto: Any, client: Any, until: Any
) -> None:
    until("the host to be online", lambda: host.online)
    node = client(mosquitto.port, "36030001")

    def says_something() -> None:
        node.mqtt.publish("spBv1.0/dltv/NDATA/36030001", b"x")

    def pings_stay_unanswered() -> bool:
        says_something()
        return slow.withheld >= 4

    until("four pings", pings_stay_unanswered)
    assert (slow.connections, [each for each in told if isinstance(each, Unlinked)]) == (1, [])


def test_a_line_that_brings_nothing_is_given_up(
    slow: SlowToAnswer, host: HostClient, told: list[Event], until: Any
) -> None:
    until("the host to be online", lambda: host.online)
    until("the end of it", lambda: any(isinstance(each, Unlinked) for each in told))
    until("another", lambda: slow.connections > 1)

"""What is heard in large pieces is what was said."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from hub.mqtt.buffered_client import BufferedClient, BufferedSocket


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    yield ours, theirs
    ours.close()
    theirs.close()


def test_bytes_come_one_by_one_and_the_kernel_is_asked_once(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    buffered = BufferedSocket(ours)
    theirs.sendall(b"abcdef")
    assert (buffered.pending(), buffered.recv(1), buffered.pending()) == (0, b"a", 5)
    with pytest.raises(BlockingIOError):
        ours.recv(1)
    assert (buffered.recv(3), buffered.recv(100), buffered.pending()) == (b"bcd", b"ef", 0)


def test_where_nothing_is_left_it_is_as_with_a_socket(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    buffered = BufferedSocket(ours)
    with pytest.raises(BlockingIOError):
        buffered.recv(1)
    theirs.close()
    assert buffered.recv(1) == b""
    assert buffered.fileno() == ours.fileno()


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=20), st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_whatever_is_asked_for_is_told_in_order(said: list[bytes], sizes: list[int]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        buffered, heard = BufferedSocket(ours), b""
        for each in said:
            theirs.sendall(each)
        theirs.shutdown(socket.SHUT_WR)
        at = 0
        while piece := buffered.recv(sizes[at % len(sizes)]):
            heard, at = heard + piece, at + 1
        assert heard == b"".join(said)


def test_over_tls_all_records_that_have_come_are_one_piece(office: Any) -> None:
    with ExitStack() as ends:
        ours, theirs = map(ends.enter_context, over_tls(office))
        buffered = BufferedSocket(ours)
        for said in (b"ab", b"cd", b"ef"):
            theirs.sendall(said)
        assert (buffered.recv(1), buffered.pending(), buffered.recv(100)) == (b"a", 5, b"bcdef")
        with pytest.raises(ssl.SSLWantReadError):
            buffered.recv(1)
        theirs.sendall(b"gh")
        theirs.close()
        assert (buffered.recv(100), buffered.recv(100)) == (b"gh", b"")


def over_tls(office: Any) -> tuple[ssl.SSLSocket, ssl.SSLSocket]:
    """The hub's end, which waits for nothing, and the broker's."""
    ours, theirs = socket.socketpair()
    made: list[ssl.SSLSocket] = []
    shakes = threading.Thread(
        target=lambda: made.append(office.server().for_server().wrap_socket(theirs, server_side=True))
    )
    shakes.start()
    secure = office.client("hub-cpm3").for_client().wrap_socket(ours, server_hostname="localhost")
    shakes.join(60)
    secure.setblocking(False)
    return secure, made[0]


def test_whoever_takes_long_over_messages_gets_to_say_something_in_between(
    mosquitto: Any, client: Any, until: Any
) -> None:
    heard: list[bytes] = []

    def takes_long(_client: Any, _userdata: Any, message: Any) -> None:
        heard.append(message.payload)
        time.sleep(0.05)

    slow = BufferedClient(CallbackAPIVersion.VERSION2, client_id="slow")
    slow.on_message = takes_long
    subscribed: list[int] = []
    slow.on_subscribe = lambda *_: subscribed.append(1)
    slow.connect("127.0.0.1", mosquitto.port)
    slow.subscribe("much")
    until("SUBACK", lambda: slow.hear(0.1) is not None and subscribed)
    said = client(mosquitto.port, "says-much").subscribe("much")
    for number in range(100):
        said.mqtt.publish("much", str(number))
    until("the broker to have told all", lambda: len(said.got) == 100)
    most = 0
    while len(heard) < 100:
        before = len(heard)
        slow.hear(0.1)
        most = max(most, len(heard) - before)
    slow.disconnect()
    assert [int(each) for each in heard] == list(range(100))
    assert most < 50

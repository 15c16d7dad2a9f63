"""Whoever connects and says nothing, or says it drop by drop, is not waited for."""

import socket
import time
from collections.abc import Iterator

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from hub.web.devices import hurried
from hub.web.devices.hurried import HurriedProtocol
from hub.web.server import Served, listen


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello")(scope, receive, send)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(hurried, "_ASK_WITHIN_S", 0.5)
    server = Served(hello, "test", listen("127.0.0.1", 0, "test", ""), http=HurriedProtocol, lifespan="off", ws="none")
    server.start()
    yield server.port
    server.stop()


def closed_after(connection: socket.socket, drops: bytes) -> float:
    """Seconds until the server closes, while the drops go out one by one."""
    begun = time.monotonic()
    connection.settimeout(0.1)
    while time.monotonic() - begun < 20:
        try:
            if drops:
                connection.sendall(drops[:1])
                drops = drops[1:]
            if connection.recv(1000) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - begun


@pytest.mark.parametrize("drops", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 300])
def test_silence_and_trickling_are_ended(port: int, drops: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        assert 0.3 < closed_after(connection, drops) < 10


def test_after_an_answer_the_next_request_may_not_trickle_either(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            answer = b""
            while not answer.endswith(b"hello"):
                answer += connection.recv(1000)
        assert closed_after(connection, b"GET / HTTP/1.1\r\nX-A: " + b"a" * 300) < 10

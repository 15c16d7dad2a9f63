"""Whoever connects and says nothing, says it drop by drop, or does not take the answer, is not waited for."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from hub import loops
from hub.pki.authority import Authority
from hub.pki.kept import keep_server
from hub.pki.tls import server_context
from hub.web import hurried
from hub.web.server import Served, listen

PATIENCE_S = 60.0


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["method"] == "POST":
        await Request(scope, receive).body()
    words = "hello" if scope["path"] == "/" else "x" * 50_000_000
    await PlainTextResponse(words)(scope, receive, send)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on half a second must do for everything."""

    def begin() -> None:
        monkeypatch.setattr(loops, "_GREETS_WITHIN_S", 0.5)
        for name in ("_ASK_WITHIN_S", "_SENDS_WITHIN_S", "_TAKES_WITHIN_S"):
            monkeypatch.setattr(hurried, name, 0.5)

    return begin


@pytest.fixture
def served() -> Iterator[Served]:
    """Not hurried yet: who is quick on a machine of leisure is not on every machine."""
    server = Served(hello, "test", listen("127.0.0.1", 0, "test", ""), lifespan="off", ws="none")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def port(served: Served, hurry: Callable[[], None]) -> int:
    hurry()
    return served.port


def closed_after(connection: socket.socket, drops: bytes, begun: float | None = None) -> float:
    """Seconds since it began until the server closes, while the drops go out one by one."""
    begun = begun or time.monotonic()
    connection.settimeout(0.1)
    while time.monotonic() - begun < PATIENCE_S:
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


@pytest.mark.parametrize("drops", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 3000])
def test_silence_and_trickling_are_ended(port: int, drops: bytes) -> None:
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        assert 0.3 < closed_after(connection, drops, begun) < PATIENCE_S


def test_after_an_answer_the_next_request_may_not_trickle_either(served: Served, hurry: Callable[[], None]) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S) as connection:
        for _ in range(2):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            answer = b""
            while not answer.endswith(b"hello"):
                answer += connection.recv(1000)
        hurry()
        assert closed_after(connection, b"GET / HTTP/1.1\r\nX-A: " + b"a" * 3000) < PATIENCE_S


def test_a_body_may_not_trickle(port: int) -> None:
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n")
        assert 0.3 < closed_after(connection, b"a" * 3000, begun) < PATIENCE_S


def test_a_body_that_comes_in_pieces_is_answered(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
        for piece in (b"a", b"b", b"c"):
            connection.sendall(piece)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")


def test_who_does_not_take_the_answer_is_left(served: Served, hurry: Callable[[], None]) -> None:
    open_ones = served._server.server_state.connections
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S) as connection:
        while not open_ones:
            time.sleep(0.01)
        hurry()
        connection.sendall(b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.recv(1000)
        while open_ones:
            time.sleep(0.01)
        assert ends(connection)


def ends(connection: socket.socket) -> bool:
    """Whether the server has left before the whole was said."""
    taken = 0
    try:
        while piece := connection.recv(1 << 20):
            taken += len(piece)
    except ConnectionResetError:
        return True
    return taken < 50_000_000


def tls_context(folder: Path) -> ssl.SSLContext:
    now = int(time.time() * 1000)
    return server_context(keep_server(Authority(folder / "pki", now), "test", ["127.0.0.1"], now))


def test_half_a_handshake_is_not_waited_for(tmp_path: Path, hurry: Callable[[], None]) -> None:
    hurry()
    options = {"ssl_context_factory": lambda *_: tls_context(tmp_path)}
    server = Served(hello, "tls", listen("127.0.0.1", 0, "test", ""), lifespan="off", ws="none", **options)
    server.start()
    try:
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            assert 0.3 < closed_after(connection, b"\x16\x03\x01", begun) < PATIENCE_S
    finally:
        server.stop()

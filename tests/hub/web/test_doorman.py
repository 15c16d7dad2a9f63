"""Too many connections, of one or of all, keep nobody else out."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from hub.web.server import Served, listen

HERE, ELSEWHERE, BESIDE = "127.0.0.1", "127.0.0.2", "127.0.0.3"


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello")(scope, receive, send)


@pytest.fixture
def port() -> Iterator[int]:
    server = Served(hello, "test", listen(HERE, 0, "test", "", (6, 3)), lifespan="off", ws="none")
    server.start()
    yield server.port
    server.stop()


def connect(port: int, source: str) -> socket.socket:
    return socket.create_connection((HERE, port), timeout=60, source_address=(source, 0))


def answers(connection: socket.socket) -> bool:
    try:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        return connection.recv(1000).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def test_one_address_has_so_many_and_keeps_nobody_else_out(port: int) -> None:
    with ExitStack() as open_ones:
        inside = [open_ones.enter_context(connect(port, ELSEWHERE)) for _ in range(5)]
        assert [answers(each) for each in inside] == [True, True, True, False, False]
        assert answers(open_ones.enter_context(connect(port, BESIDE)))


def test_together_they_have_so_many_also_by_a_server_in_front(port: int) -> None:
    with ExitStack() as open_ones:
        inside = [open_ones.enter_context(connect(port, HERE)) for _ in range(8)]
        assert [answers(each) for each in inside].count(True) == 6


def test_who_leaves_makes_room(port: int) -> None:
    for _ in range(20):
        with connect(port, ELSEWHERE) as connection:
            assert answers(connection)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1000):
                continue

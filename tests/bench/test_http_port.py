import http.client
import socket
from collections.abc import Iterator

import pytest

from bench.http_port import HttpPort
from bench.stations import Page


@pytest.fixture
def port() -> Iterator[HttpPort]:
    port = HttpPort("127.0.0.1", 0, lambda path: Page(200 if path == "/yes" else 404, "text/plain", path.encode()))
    port.open()
    yield port
    port.close()


def get(port: HttpPort, path: str) -> tuple[int, bytes]:
    caller = http.client.HTTPConnection(port.host, port.port, timeout=5)
    try:
        caller.request("GET", path)
        answer = caller.getresponse()
        return answer.status, answer.read()
    finally:
        caller.close()


def test_it_serves_what_the_pages_say(port: HttpPort) -> None:
    assert get(port, "/yes") == (200, b"/yes")
    assert get(port, "/no") == (404, b"/no")


def test_a_connection_is_kept_alive_and_dropped_by_a_power_cut(port: HttpPort) -> None:
    caller = http.client.HTTPConnection(port.host, port.port, timeout=5)
    for _ in range(2):
        caller.request("GET", "/yes")
        assert caller.getresponse().read() == b"/yes"
    port.close()
    assert caller.sock.recv(1) == b""
    caller.close()
    with pytest.raises(ConnectionRefusedError):
        get(port, "/yes")


def test_with_the_power_back_it_listens_on_the_same_port(port: HttpPort) -> None:
    number = port.port
    port.close()
    port.open()
    assert port.port == number
    assert get(port, "/yes") == (200, b"/yes")


def test_rubbish_does_not_upset_it(port: HttpPort) -> None:
    with socket.create_connection((port.host, port.port), timeout=5) as caller:
        caller.sendall(b"\x00\xff\r\n\r\n")
        caller.recv(100)
    assert get(port, "/yes") == (200, b"/yes")


def test_what_is_not_a_get_is_refused(port: HttpPort) -> None:
    caller = http.client.HTTPConnection(port.host, port.port, timeout=5)
    caller.request("POST", "/yes", body=b"x")
    assert caller.getresponse().status == 501
    caller.close()

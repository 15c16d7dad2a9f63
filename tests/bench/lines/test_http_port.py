import http.client
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from bench.lines.http_port import HttpPort
from bench.lines.trouble import Trouble
from bench.stations import HttpPlug, Page, Request


def pages(request: Request) -> Page:
    if request.method == "POST":
        return Page(200, "text/plain", request.body, (("X-Key", request.headers["x-key"]),))
    return Page(200 if request.path == "/yes" else 404, "text/plain", request.path.encode())


@pytest.fixture
def port(trouble: Trouble) -> Iterator[HttpPort]:
    port = HttpPort(HttpPlug("127.0.0.1", 0, pages), trouble)
    port.open()
    yield port
    port.close()


def get(port: HttpPort, path: str) -> tuple[int, bytes]:
    caller = http.client.HTTPConnection(port.host, port.port, timeout=60)
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
    caller = http.client.HTTPConnection(port.host, port.port, timeout=60)
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
    with socket.create_connection((port.host, port.port), timeout=60) as caller:
        caller.sendall(b"\x00\xff\r\n\r\n")
        caller.recv(100)
    assert get(port, "/yes") == (200, b"/yes")


def test_a_post_brings_body_and_headers(port: HttpPort) -> None:
    caller = http.client.HTTPConnection(port.host, port.port, timeout=60)
    caller.request("POST", "/yes", body=b"x", headers={"X-Key": "1234"})
    answer = caller.getresponse()
    assert (answer.status, answer.read(), answer.headers["X-Key"]) == (200, b"x", "1234")
    caller.close()


def test_what_is_neither_get_nor_post_is_refused(port: HttpPort) -> None:
    caller = http.client.HTTPConnection(port.host, port.port, timeout=60)
    caller.request("PUT", "/yes", body=b"x")
    assert caller.getresponse().status == 501
    caller.close()


def test_half_a_body_breaks_off(port: HttpPort, broken: Any) -> None:
    broken.break_("half")
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(port, "/yes")
    assert caught.value.partial == b"/y"


def test_garbage_comes_under_good_headers(port: HttpPort, broken: Any) -> None:
    broken.break_("garbage")
    status, body = get(port, "/yes")
    assert (status, len(body)) == (200, 4)
    assert body != b"/yes"


def test_a_slow_page_comes_late(port: HttpPort, broken: Any) -> None:
    broken.break_("slow")
    assert get(port, "/yes") == (200, b"/yes")


def test_silence_is_no_answer_at_all(port: HttpPort, broken: Any) -> None:
    broken.break_("silent")
    caller = http.client.HTTPConnection(port.host, port.port, timeout=0.3)
    caller.request("GET", "/yes")
    with pytest.raises(TimeoutError):
        caller.getresponse()
    caller.close()


def test_a_page_may_come_in_chunks(lone: Any) -> None:
    body = bytes(range(256)) * 2
    chunked = HttpPlug("127.0.0.1", 0, lambda _request: Page(200, "text/plain", body, chunked=True))
    device = lone("tasmota")
    port = HttpPort(chunked, Trouble(device.unit))
    port.open()
    try:
        assert get(port, "/") == (200, body)
        device.break_("half")
        with pytest.raises(http.client.IncompleteRead):
            get(port, "/")
    finally:
        port.close()

"""The server of the long history is where the settings say it is, and nowhere else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from hub.historian.errors import HistorianUnavailable
from hub.historian.server import Server
from hub.historian.settings import HistorianSettings


class _Web(ThreadingHTTPServer):
    """Answers every POST with this status, and leads on to `location`."""

    def __init__(self, status: int, location: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.location = status, location
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Web

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(self.headers.get("Authorization"))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def serving(web: _Web) -> Iterator[_Web]:
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield web
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    """It could lead to what stands beside the hub, and would be told the token."""
    with serving(_Web(204)) as inside, serving(_Web(status, f"{inside.url}/api/v2/write")) as outside:
        server = Server(HistorianSettings(url=outside.url, token=SecretStr("secret-token"), bucket="school"))
        with pytest.raises(HistorianUnavailable, match=str(status)):
            server.write(["m v=1 1"])
        server.close()
    assert (len(outside.asked), inside.asked) == (1, [])

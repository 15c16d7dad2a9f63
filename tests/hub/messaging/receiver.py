"""A program that is told over HTTP, on loopback: it remembers what came, and answers as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


@dataclass
class Came:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """status: what it answers; hang_up: it reads all and closes without an answer; pause: it answers when this is set."""

    port: int = 0
    status: int = 204
    location: str = ""
    hang_up: bool = False
    pause: threading.Event | None = None
    came: list[Came] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


class _Talk(BaseHTTPRequestHandler):
    timeout = 60

    def do_POST(self) -> None:
        one: Receiver = cast(Any, self.server).one
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        one.came.append(Came(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        if one.pause is not None:
            one.pause.wait(60)
        if one.hang_up:
            self.close_connection = True
            return
        self.send_response(one.status)
        if one.location:
            self.send_header("Location", one.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is none of our worries."""


@contextmanager
def listening() -> Iterator[Receiver]:
    with _Server(("127.0.0.1", 0), _Talk) as server:
        one = Receiver(port=server.server_address[1])
        server.one = one  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield one
        if one.pause is not None:
            one.pause.set()
        server.shutdown()
        thread.join()

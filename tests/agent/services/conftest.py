"""Equipment for the agent to talk to, on real ports: a set on a pseudo-terminal, a projector on TCP, a receiver on HTTP.

Written from the protocols' facts, for these tests only.
"""

import contextlib
import hashlib
import http.server
import os
import pty
import select
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.core.readings import Poll

PATIENCE_S = 60.0
RECEIVER_PAGES = {
    "/api/statusinfo": b'{"inStandby": "false", "currservice_station": "DLTV 1"}',
    "/api/signal": b'{"snr": 82, "snr_db": "12.30", "agc": 65, "ber": 0}',
    "/api/deviceinfo": b'{"brand": "Acme", "model": "Sat1", "imagever": "8.3"}',
}
PROJECTOR_ANSWERS = {
    "POWR": "1",
    "ERST": "000000",
    "INPT": "31",
    "LAMP": "1234 1",
    "INF1": "Acme",
    "INF2": "P-100",
}
TV_ANSWERS = {
    b"ka 01 ff": b"a 01 OK01x",
    b"sv 01 02 ff": b"v 01 OK0201x",
    b"xb 01 ff": b"b 01 OK90x",
    b"dn 01 ff": b"n 01 OK20x",
    b"dp 01 ff": b"p 01 OK1x",
    b"dl 01 ff": b"l 01 OK1c2ax",
    b"fv 01 ff": b"v 01 OK3735554835462d484ax",
    b"fz 01 ff": b"z 01 OK041350x",
}


class Polls:
    """What on_poll was handed, by all threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.all: list[Poll] = []

    def __call__(self, poll: Poll) -> None:
        with self._changed:
            self.all.append(poll)
            self._changed.notify_all()

    def of(self, device: str | None) -> list[Poll]:
        with self._changed:
            return [poll for poll in self.all if poll.device == device]

    def wait(self, wanted: Callable[["Polls"], Any]) -> Any:
        """What `wanted` gives as soon as that is true."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = wanted(self)
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                pytest.fail(f"waited in vain; polls: {self.all[-5:]}")
            with self._changed:
                self._changed.wait(min(left, 0.05))

    def next_of(self, device: str | None, reachable: bool = True) -> Poll:
        """A poll that is yet to come."""
        seen = len(self.of(device))
        return self.wait(
            lambda polls: [p for p in polls.of(device)[seen:] if p.readings["device/reachable"] is reachable]
        )[0]


class Tv:
    """An LG set on a serial line that can be unplugged. It echoes, as some sets do, and answers byte by byte."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers = dict(TV_ANSWERS)
        self._plugged: tuple[int, int, threading.Event, threading.Thread] | None = None

    def plug(self) -> None:
        master, slave = pty.openpty()
        tty.setraw(slave)
        self.path.symlink_to(os.ttyname(slave))
        gone = threading.Event()
        thread = threading.Thread(target=self._serve, args=(master, gone))
        self._plugged = (master, slave, gone, thread)
        thread.start()

    def unplug(self) -> None:
        if self._plugged is not None:
            master, slave, gone, thread = self._plugged
            self._plugged = None
            gone.set()
            thread.join()
            self.path.unlink()
            os.close(slave)
            os.close(master)

    def _serve(self, master: int, gone: threading.Event) -> None:
        heard = b""
        while not gone.is_set():
            if not select.select([master], [], [], 0.02)[0]:
                continue
            heard += os.read(master, 100)
            while b"\r" in heard:
                line, heard = heard.split(b"\r", 1)
                if line in self.answers:
                    for sign in line + b"\r\n" + self.answers[line]:
                        os.write(master, bytes([sign]))


class Server:
    """A TCP server, one thread a connection."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._serve, self._open = serve, True
        self._connections: list[tuple[socket.socket, threading.Thread]] = []
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if not self._open:
                connection.close()
                return
            thread = threading.Thread(target=self._guarded, args=(connection,))
            self._connections.append((connection, thread))
            thread.start()

    def _guarded(self, connection: socket.socket) -> None:
        try:
            self._serve(connection)
        except OSError:
            pass
        finally:
            connection.close()

    def close(self) -> None:
        self._open = False
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listener.close()
        for connection, thread in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()


class Projector:
    """PJLink class 1 with a password: `PJLINK ERRA` and a closed connection for a wrong one."""

    def __init__(self, password: str) -> None:
        self.password = password
        self.sessions = 0

    def __call__(self, connection: socket.socket) -> None:
        self.sessions += 1
        seed = f"{self.sessions:08x}"
        digest = hashlib.md5((seed + self.password).encode()).hexdigest()
        connection.sendall(f"PJLINK 1 {seed}\r".encode())
        with connection.makefile("rb") as stream:
            buffer = b""
            while sign := stream.read(1):
                buffer += sign
                if sign == b"\r":
                    if not self._answered(connection, buffer.decode()[:-1], digest):
                        return
                    buffer, digest = b"", ""

    def _answered(self, connection: socket.socket, request: str, digest: str) -> bool:
        if not request.startswith(digest):
            connection.sendall(b"PJLINK ERRA\r")
            return False
        command = request.removeprefix(digest)[2:6]
        connection.sendall(f"%1{command}={PROJECTOR_ANSWERS.get(command, 'ERR1')}\r".encode())
        return True


class Receiver(http.server.BaseHTTPRequestHandler):
    """Enigma2's OpenWebif."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        page = RECEIVER_PAGES.get(self.path)
        self.send_response(200 if page else 404)
        self.send_header("Content-Length", str(len(page or b"")))
        self.end_headers()
        self.wfile.write(page or b"")

    def log_message(self, *_arguments: object) -> None:
        """Not into the test's output."""


@pytest.fixture
def polls() -> Polls:
    return Polls()


@pytest.fixture
def tv(tmp_path: Path) -> Iterator[Tv]:
    tv = Tv(tmp_path / "ttyUSB0")
    yield tv
    tv.unplug()


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[socket.socket], None]], int]]:
    """Start a TCP server for the given conversation; the port."""
    servers: list[Server] = []

    def start(conversation: Callable[[socket.socket], None]) -> int:
        servers.append(Server(conversation))
        return servers[-1].port

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def projector() -> type[Projector]:
    return Projector


@pytest.fixture
def receiver() -> Iterator[int]:
    """The port of a receiver."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hang() -> Callable[[socket.socket], None]:
    """The conversation of a device that takes connections and never says a word."""

    def listen(connection: socket.socket) -> None:
        while connection.recv(1000):
            pass

    return listen

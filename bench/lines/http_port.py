"""An HTTP port that can be closed and opened again (power cut and return). What the pages say is the simulators'.

Line troubles concern the body: noise in its place, or half of what was announced and then the end of the connection.
"""

import contextlib
import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any

from bench.faults import HALF
from bench.lines.trouble import Answer, Trouble
from bench.live import Moment
from bench.stations import HttpPlug, Page, Request

log = logging.getLogger("bench.http")
IDLE_S = 15.0
CHUNK = 100
MAX_BODY = 65_536


class HttpPort:
    """`port` 0 takes any free one; it is kept when the port is opened again."""

    def __init__(self, plug: HttpPlug, trouble: Trouble) -> None:
        self.host = plug.host
        self.port = plug.port
        self._plug = plug
        self._trouble = trouble
        self._server: _Server | None = None

    def open(self) -> None:
        """Raises OSError where somebody else has the port."""
        if self._server is not None:
            return
        self._server = _Server((self.host, self.port), self._plug, self._trouble)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name=f"http {self.port}", daemon=True).start()

    def close(self) -> None:
        """The listener and every connection that is kept alive: as when the plug is pulled."""
        server, self._server = self._server, None
        if server is None:
            return
        server.closing.set()
        server.shutdown()
        server.server_close()
        server.hang_up()

    def present(self, moment: Moment) -> bool:
        return self._trouble.listening(moment)

    def place(self) -> str:
        return f"http://{self.host}:{self.port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], plug: HttpPlug, trouble: Trouble) -> None:
        super().__init__(address, _Handler)
        self.plug = plug
        self.trouble = trouble
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._callers: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._callers.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._callers.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._lock:
            for caller in self._callers:
                with contextlib.suppress(OSError):
                    caller.shutdown(socket.SHUT_RDWR)

    def handle_error(self, _request: Any, client_address: Any) -> None:
        log.debug("%s hung up", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        headers = MappingProxyType({name.lower(): value for name, value in self.headers.items()})
        page = self.server.plug.pages(Request(self.command, self.path, headers, self._body()))
        answer = self.server.trouble.answer(page.body or b" ")
        if answer.data is None or self.server.closing.wait(answer.after_s):
            # Silence: it neither answers nor hangs up for a while.
            self.server.closing.wait(IDLE_S if answer.data is None else 0.0)
            self.close_connection = True
            return
        self._write(page, answer)

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(min(int(length), MAX_BODY)) if length.isdecimal() else b""

    def _write(self, page: Page, answer: Answer) -> None:
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header(
            *(("Transfer-Encoding", "chunked") if page.chunked else ("Content-Length", str(len(page.body))))
        )
        for name, value in page.headers:
            self.send_header(name, value)
        self.end_headers()
        broken_off = self.server.trouble.kind == HALF
        body = (answer.data or b"")[: len(page.body)]
        self.wfile.write(_in_chunks(body, ends=not broken_off) if page.chunked else body)
        self.close_connection = self.close_connection or broken_off

    def log_message(self, *args: Any) -> None:
        log.debug(*args)


def _in_chunks(body: bytes, *, ends: bool) -> bytes:
    pieces = [body[at : at + CHUNK] for at in range(0, len(body), CHUNK)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + (b"0\r\n\r\n" if ends else b"")

"""An HTTP port that can be closed and opened again (power cut and return). What the pages say is receiver.py's."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bench.stations import Page

log = logging.getLogger("bench.http")
IDLE_S = 15.0
Pages = Callable[[str], Page]


class HttpPort:
    """`port` 0 takes any free one; it is kept when the port is opened again."""

    def __init__(self, host: str, port: int, pages: Pages) -> None:
        self.host = host
        self.port = port
        self._pages = pages
        self._server: _Server | None = None

    def open(self) -> None:
        """Raises OSError where somebody else has the port."""
        if self._server is not None:
            return
        self._server = _Server((self.host, self.port), self._pages)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name=f"http {self.port}", daemon=True).start()

    def close(self) -> None:
        """The listener and every connection that is kept alive: as when the plug is pulled."""
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        server.server_close()
        server.hang_up()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], pages: Pages) -> None:
        super().__init__(address, _Handler)
        self.pages = pages
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
        page = self.server.pages(self.path)
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body)

    def log_message(self, *args: Any) -> None:
        log.debug(*args)

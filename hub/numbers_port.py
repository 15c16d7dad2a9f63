"""Shows the numbers of a process that has no pages: /metrics for Prometheus, /healthz and /readyz as the pages' server has them.

Whoever reaches the address may read it: names of parts, counts and times, and nothing of any school. An answer is made by one
thread after the other, each within seconds, so that whoever asks too slowly keeps nobody waiting for long.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from socket import AF_INET6
from socketserver import TCPServer

from hub.config import Listen
from hub.web.server import CannotListen

log = logging.getLogger(__name__)

_WITHIN_S = 5.0


class NumbersPort:
    def __init__(self, listen: Listen, metrics: Callable[[], bytes], troubles: Callable[[], Mapping[str, str]]) -> None:
        """Raises CannotListen."""
        try:
            kind = _Server6 if ":" in listen.host else _Server
            self._server = kind((listen.host, listen.port), _Answer)
        except OSError as error:
            why = error.strerror or str(error)
            raise CannotListen(
                f"cannot show numbers at {listen}: {why}; choose another with --metrics HOST:PORT"
            ) from None
        self._server.metrics, self._server.troubles = metrics, troubles
        self._thread = threading.Thread(target=self._server.serve_forever, name="numbers", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(_WITHIN_S)
        self._server.server_close()


class _Server(HTTPServer):
    """Asks nobody for the name of its own address."""

    metrics: Callable[[], bytes]
    troubles: Callable[[], Mapping[str, str]]

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "numbers", int(self.server_address[1])


class _Server6(_Server):
    address_family = AF_INET6


class _Answer(BaseHTTPRequestHandler):
    server: _Server
    timeout = _WITHIN_S

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self._say(200, "text/plain; version=0.0.4; charset=utf-8", self.server.metrics())
        elif self.path == "/readyz":
            reasons = dict(self.server.troubles())
            told = {"ready": not reasons, "reasons": reasons}
            self._say(503 if reasons else 200, "application/json", json.dumps(told).encode())
        elif self.path == "/healthz":
            self._say(200, "application/json", b'{"alive":true}')
        else:
            self.send_error(404)

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *what: object) -> None:
        log.debug("%s", what)

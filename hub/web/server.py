"""Serving the web application in a thread of its own, and stopping it within a second although streams are open."""

import socket
import threading
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from hub.web.doorman import Doorman
from hub.web.hurried import HurriedProtocol
from hub.web.live import Live

_STOP_WITHIN_S = 1
_LEAVES_WITHIN_S = 10
"""A machine that does much else takes its time; another takes none."""
_MOST = (2000, 500)
"""Connections, of all and of one address: all pages that are open listen. An office may stand behind one address."""


class CannotListen(Exception):
    """The address cannot be listened on; the text says which and why."""


class Served:
    """uvicorn in a thread, on a socket that listens from the beginning. The signals stay with whoever runs the program."""

    def __init__(self, app: ASGIApp, name: str, listener: socket.socket, **options: Any) -> None:
        """`options` are uvicorn's."""
        self._socket = listener
        # The one in use; of interest where port 0 was asked for.
        self.port = int(self._socket.getsockname()[1])
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_WITHIN_S,
            **{"http": HurriedProtocol, "loop": "hub.loops:HurriedLoop", **options},
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Serve. The socket listens already, so early requests wait rather than fail until the thread is up."""
        self._thread.start()

    def stop(self) -> None:
        """Let running requests finish for a moment, then stop."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN_S + _LEAVES_WITHIN_S)
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


class WebServer(Served):
    """The pages."""

    def __init__(self, app: ASGIApp, live: Live, host: str, port: int) -> None:
        self._live = live
        way_out = "choose another with --http HOST:PORT"
        super().__init__(app, "web", listen(host, port, "http", way_out), timeout_keep_alive=65)

    def stop(self) -> None:
        """End the streams first."""
        self._live.close()
        super().stop()


def listen(host: str, port: int, who: str, way_out: str, most: tuple[int, int] = _MOST) -> socket.socket:
    """`most`: connections at once, of all and of one address. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio would leave Nagle's algorithm on for its connections: 40 ms more for every answer.
    listener = Doorman(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.most, listener.most_each = most
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListen(f"{who}: cannot listen on {host}:{port}: {reason}; {way_out}") from None
    return listener

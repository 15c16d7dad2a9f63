"""A TCP port that can be closed and opened again (power cut and return), serving one session at a time.

A second caller waits in the queue and hears nothing until the first hangs up, as with most projectors.
"""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable

from bench.stations import Session

log = logging.getLogger("bench.tcp")
CHUNK = 1024


class TcpPort:
    """`port` 0 takes any free one; it is kept when the port is opened again."""

    def __init__(self, host: str, port: int, sessions: Callable[[], Session], idle_s: float) -> None:
        self.host = host
        self.port = port
        self._sessions = sessions
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._caller: socket.socket | None = None

    def open(self) -> None:
        """Raises OSError where somebody else has the port."""
        if self._listener is not None:
            return
        self._listener = socket.create_server((self.host, self.port), backlog=4)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._listener,), name=f"tcp {self.port}", daemon=True).start()

    def close(self) -> None:
        """The listener and whoever is being served: as when the plug is pulled."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        with self._lock:
            for connection in (listener, self._caller):
                if connection is not None:
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)
        listener.close()

    def _serve(self, listener: socket.socket) -> None:
        while self._listener is listener:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            with caller:
                self._attend(caller, listener)

    def _attend(self, caller: socket.socket, listener: socket.socket) -> None:
        with self._lock:
            if self._listener is not listener:
                return
            self._caller = caller
        try:
            caller.settimeout(self._idle_s)
            self._talk(caller, self._sessions())
        except OSError as error:
            log.debug("port %d: session ended: %s", self.port, error)
        finally:
            with self._lock:
                self._caller = None

    def _talk(self, caller: socket.socket, session: Session) -> None:
        caller.sendall(session.greeting())
        while not session.ended:
            data = caller.recv(CHUNK)
            if not data:
                return
            caller.sendall(session.feed(data))

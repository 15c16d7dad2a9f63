"""A TCP port that can be closed and opened again (power cut and return), serving as many sessions at once as the equipment does.

Whoever calls beyond that waits in the queue and hears nothing until another hangs up, as with most projectors.
"""

import contextlib
import logging
import socket
import threading

from bench.lines.trouble import Trouble
from bench.live import Moment
from bench.stations import Session, TcpPlug

log = logging.getLogger("bench.tcp")
CHUNK = 1024


class TcpPort:
    """`port` 0 takes any free one; it is kept when the port is opened again."""

    def __init__(self, plug: TcpPlug, trouble: Trouble) -> None:
        self.host = plug.host
        self.port = plug.port
        self._plug = plug
        self._trouble = trouble
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._listener: socket.socket | None = None
        self._callers: set[socket.socket] = set()

    def open(self) -> None:
        """Raises OSError where somebody else has the port."""
        if self._listener is not None:
            return
        listener = socket.create_server((self.host, self.port), backlog=4)
        self._listener, self._closing = listener, threading.Event()
        self.port = listener.getsockname()[1]
        for _ in range(self._plug.callers):
            threading.Thread(target=self._serve, args=(listener,), name=f"tcp {self.port}", daemon=True).start()

    def close(self) -> None:
        """The listener and whoever is being served: as when the plug is pulled."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._closing.set()
        with self._lock:
            for connection in (listener, *self._callers):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        listener.close()

    def present(self, moment: Moment) -> bool:
        return self._trouble.listening(moment)

    def place(self) -> str:
        return f"tcp://{self.host}:{self.port}"

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
            self._callers.add(caller)
        try:
            caller.settimeout(self._plug.idle_s)
            self._talk(caller, self._plug.session())
        except OSError as error:
            log.debug("port %d: session ended: %s", self.port, error)
        finally:
            with self._lock:
                self._callers.discard(caller)

    def _talk(self, caller: socket.socket, session: Session) -> None:
        self._send(caller, session.greeting())
        while not session.ended:
            data = caller.recv(CHUNK)
            if not data:
                return
            self._send(caller, session.feed(data))

    def _send(self, caller: socket.socket, data: bytes) -> None:
        answer = self._trouble.answer(data)
        if answer.data is not None and not (answer.after_s and self._closing.wait(answer.after_s)):
            caller.sendall(answer.data)

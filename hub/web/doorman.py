"""How many may be connected at once: of all, and of one address. Those who are too many are closed before a word is said, so
that neither half a handshake nor a thousand of them keep the others out, or use up the files that the hub may open.
"""

import socket
from collections import Counter
from typing import Any

from hub.enrolment.tries import source

_AT_A_TIME = 100
_HERE = frozenset({"127.0.0.1", "::/64"})
"""A server in front of the hub speaks for everybody."""


class Doorman(socket.socket):
    """A socket that listens; `most` and `most_each` are set before it does. Used by one thread."""

    most = most_each = 1000

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._inside: Counter[str] = Counter()

    def accept(self) -> tuple[socket.socket, Any]:
        """The next one that is let in. Raises BlockingIOError where nobody waits, or too many do."""
        for _ in range(_AT_A_TIME):
            connection, address = super().accept()
            whence = source(address[0])
            if self._inside.total() < self.most and (whence in _HERE or self._inside[whence] < self.most_each):
                self._inside[whence] += 1
                return _Guest(connection, self, whence), address
            connection.close()
        raise BlockingIOError

    def left(self, whence: str) -> None:
        self._inside[whence] -= 1
        if self._inside[whence] <= 0:
            del self._inside[whence]


class _Guest(socket.socket):
    """One connection, which says when it ends."""

    def __init__(self, connection: socket.socket, doorman: Doorman, whence: str) -> None:
        super().__init__(connection.family, connection.type, connection.proto, fileno=connection.detach())
        self._doorman: Doorman | None = doorman
        self._whence = whence

    def close(self) -> None:
        super().close()
        if self._doorman is not None:
            self._doorman.left(self._whence)
            self._doorman = None

"""paho's client for a hub that hears thousands of messages a second: it reads from the kernel in large pieces.

paho asks the kernel at least four times for each message: whether there is one, for its first byte, for its length, for the
rest; and each time Python may let another thread run first. As with paho's own WebSockets, what stands in for the socket is read
from instead: a message costs a quarter less of the processor.

Over TLS a read gives no more than one record, and Mosquitto makes a record of each message: so it is read on until none is left.
"""

import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTErrorCode

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

_PIECE, _RECORD = 65_536, 16_384
_AT_ONCE, _AT_MOST_S = 500, 1.0
"""So many messages are heard, and for so long, before something is said again: without room for them each may take long,
and pings must go out all the same."""


class BufferedSocket:
    """All else is the socket's own."""

    def __init__(self, sock: "SocketLike") -> None:
        self._sock, self._piece, self._at = sock, b"", 0

    def recv(self, size: int) -> bytes:
        """As a socket does, also what it raises: where nothing is left, the kernel is asked."""
        if self._at == len(self._piece):
            self._piece, self._at = self._next_piece(), 0
        data = self._piece[self._at : self._at + size]
        self._at += len(data)
        return data

    def pending(self) -> int:
        """Bytes that nobody has to wait for; paho looks at it before it waits."""
        inside = getattr(self._sock, "pending", None)
        return len(self._piece) - self._at + (inside() if inside is not None else 0)

    def _next_piece(self) -> bytes:
        piece = self._sock.recv(_PIECE)
        if not isinstance(self._sock, ssl.SSLSocket) or not piece:
            return piece
        records, size = [piece], len(piece)
        # Nothing is left (SSLWantReadError); and what else is wrong is so at the next call, too.
        with suppress(OSError):
            while size < _PIECE and (record := self._sock.recv(_RECORD)):
                records.append(record)
                size += len(record)
        return b"".join(records)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class BufferedClient(mqtt.Client):
    def hear(self, timeout: float) -> MQTTErrorCode:
        """Wait so long, hear what has come, and say what is to be said."""
        result, heard, until = self.loop(timeout), 1, time.monotonic() + _AT_MOST_S
        while result == MQTTErrorCode.MQTT_ERR_SUCCESS and heard < _AT_ONCE and self._has_more():
            if time.monotonic() > until:
                break
            result, heard = self.loop_read(), heard + 1
        return result

    def _has_more(self) -> bool:
        sock = self.socket()
        return isinstance(sock, BufferedSocket) and sock.pending() > 0

    def _create_socket(self) -> Any:
        return BufferedSocket(super()._create_socket())

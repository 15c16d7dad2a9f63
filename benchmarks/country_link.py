"""The little of MQTT 3.1.1 that a node needs, on a socket that never blocks: thousands of them in one process.

Clean sessions, QoS 0 out, QoS 1 in. Who asks for what is left to country_nodes.py.
"""

import socket
import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

KEEPALIVE_S = 120
_ROOM = 65_536
CONNACK, PUBLISH, PUBACK, SUBACK = 0x20, 0x30, 0x40, 0x90
_ABORT = struct.pack("ii", 1, 0)


class Packet(NamedTuple):
    kind: int
    topic: str
    payload: bytes
    retained: bool


class Link:
    """One connection. Raises OSError where it is over.

    armed  whoever serves it waits until it can be written to
    """

    __slots__ = ("_in", "_out", "armed", "closing", "sock")

    def __init__(self, port: int) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.setblocking(False)
        try:
            self.sock.connect(("127.0.0.1", port))
        except BlockingIOError:
            pass
        except OSError:
            self.sock.close()
            raise
        self._in, self._out = bytearray(), bytearray()
        self.closing = False
        self.armed = True

    @property
    def waits(self) -> bool:
        """Whether there is something left to send."""
        return bool(self._out)

    @property
    def has_room(self) -> bool:
        return len(self._out) < _ROOM

    def connect(self, client: str, will_topic: str, will: bytes) -> None:
        """With a will of QoS 1."""
        head = b"\x00\x04MQTT\x04\x0e" + struct.pack(">H", KEEPALIVE_S)
        self._packet(0x10, head + _text(client) + _text(will_topic) + struct.pack(">H", len(will)) + will)

    def subscribe(self, topics: Sequence[str]) -> None:
        self._packet(0x82, b"\x00\x01" + b"".join(_text(topic) + b"\x01" for topic in topics))

    def publish(self, topic: str, payload: bytes) -> None:
        self._packet(PUBLISH, _text(topic) + payload)

    def ping(self) -> None:
        self._out += b"\xc0\x00"

    def leave(self) -> None:
        """Once everything is sent, the end."""
        self._out += b"\xe0\x00"
        self.closing = True

    def cut(self) -> None:
        """As a line breaks: no DISCONNECT, nothing more is sent."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        self.sock.close()

    def flush(self) -> None:
        while self._out:
            try:
                sent = self.sock.send(self._out)
            except BlockingIOError:
                return
            del self._out[:sent]

    def read(self) -> Iterator[Packet]:
        try:
            data = self.sock.recv(_ROOM)
        except BlockingIOError:
            return
        if not data:
            raise ConnectionResetError("the broker has gone")
        self._in += data
        while (found := _first(self._in)) is not None:
            start, end = found
            head, body = self._in[0], bytes(self._in[start:end])
            del self._in[:end]
            packet = self._understood(head, body)
            if packet is not None:
                yield packet

    def _understood(self, head: int, body: bytes) -> Packet | None:
        kind = head & 0xF0
        if kind == CONNACK and body[1]:
            raise ConnectionRefusedError(f"the broker lets nobody in: {body[1]}")
        if kind != PUBLISH:
            return Packet(kind, "", body, retained=False)
        size = struct.unpack_from(">H", body)[0]
        start = 2 + size
        if head & 0x06:
            self._packet(PUBACK, body[start : start + 2])
            start += 2
        return Packet(kind, body[2 : 2 + size].decode(), body[start:], bool(head & 1))

    def _packet(self, head: int, body: bytes) -> None:
        size, length = len(body), bytearray([head])
        while size > 0x7F:
            length.append(size & 0x7F | 0x80)
            size >>= 7
        length.append(size)
        self._out += length + body


def _text(text: str) -> bytes:
    told = text.encode()
    return struct.pack(">H", len(told)) + told


def _first(data: bytearray) -> tuple[int, int] | None:
    """Where the body of the first packet begins and ends; None while it has not come whole."""
    length, shift = 0, 0
    for at in range(1, min(len(data), 5)):
        length |= (data[at] & 0x7F) << shift
        shift += 7
        if data[at] < 0x80:
            end = at + 1 + length
            return (at + 1, end) if len(data) >= end else None
    return None

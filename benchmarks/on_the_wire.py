"""How many bytes of IP pass the loopback by port, in both directions. Root's, on Linux."""

import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

_ALL, _ETHERNET, _OUTGOING = 3, 14, 4
_TCP, _UDP = 6, 17
_MOST = 65_536


class Wire:
    """bytes_of(port) since the beginning; read it twice for a span."""

    def __init__(self, listening: socket.socket) -> None:
        self._socket, self._counted = listening, Counter[int]()
        threading.Thread(target=self._listen, name="wire", daemon=True).start()

    def bytes_of(self, port: int) -> int:
        return self._counted[port]

    def _listen(self) -> None:
        while True:
            try:
                frame, origin = self._socket.recvfrom(_MOST)
            except OSError:
                return
            # On the loopback each packet is seen twice: as it goes, and as it comes.
            if origin[2] != _OUTGOING:
                self._count(frame[_ETHERNET:])

    def _count(self, packet: bytes) -> None:
        if len(packet) < 20 or packet[0] >> 4 != 4 or packet[9] not in (_TCP, _UDP):
            return
        header = (packet[0] & 15) * 4
        for port in set(struct.unpack_from("!HH", packet, header)):
            self._counted[port] += len(packet)


@contextmanager
def a_wire() -> Iterator[Wire | None]:
    """None where it may not be listened to."""
    try:
        listening = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
    except (OSError, AttributeError):
        yield None
        return
    with listening:
        listening.bind(("lo", 0))
        yield Wire(listening)

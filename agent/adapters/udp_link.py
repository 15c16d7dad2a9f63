"""UDP behind Link: each send is a datagram, each receive another. Answers of strangers are not heard."""

import socket

from agent.adapters.tcp_link import reason
from agent.core.device_address import Address
from agent.errors import LinkLost

MAX_BYTES = 65536


class UdpLink:
    """Raises LinkLost."""

    def __init__(self, address: Address, timeout_s: float) -> None:
        self._name = str(address)
        try:
            family, kind, protocol, _, place = socket.getaddrinfo(address.place, address.port, type=socket.SOCK_DGRAM)[
                0
            ]
            self._socket = socket.socket(family, kind, protocol)
        except OSError as error:
            raise LinkLost(f"{self._name}: {reason(error)}") from None
        try:
            self._socket.settimeout(timeout_s)
            self._socket.connect(place)
        except OSError as error:
            self._socket.close()
            raise LinkLost(f"{self._name}: {reason(error)}") from None

    def send(self, data: bytes) -> None:
        try:
            self._socket.send(data)
        except OSError as error:
            raise LinkLost(f"{self._name}: {reason(error)}") from None

    def receive(self, timeout_s: float) -> bytes | None:
        try:
            self._socket.settimeout(timeout_s)
            # An empty datagram says nothing; an empty answer would mean that the peer has closed.
            return self._socket.recv(MAX_BYTES) or None
        except (TimeoutError, BlockingIOError):
            return None
        except OSError as error:
            raise LinkLost(f"{self._name}: {reason(error)}") from None

    def close(self) -> None:
        self._socket.close()

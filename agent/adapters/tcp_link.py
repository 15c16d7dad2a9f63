"""A TCP connection behind Link."""

import socket

from agent.core.device_address import Address
from agent.errors import LinkLost

MAX_BYTES = 65536


class TcpLink:
    """Connects. Raises LinkLost."""

    def __init__(self, address: Address, timeout_s: float) -> None:
        self._name = str(address)
        try:
            self._socket = socket.create_connection((address.place, address.port), timeout_s)
        except OSError as error:
            raise LinkLost(f"{self._name}: {reason(error)}") from None

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise LinkLost(f"{self._name}: {reason(error)}") from None

    def receive(self, timeout_s: float) -> bytes | None:
        try:
            self._socket.settimeout(timeout_s)
            return self._socket.recv(MAX_BYTES)
        except (TimeoutError, BlockingIOError):
            return None
        except OSError as error:
            raise LinkLost(f"{self._name}: {reason(error)}") from None

    def close(self) -> None:
        self._socket.close()


def reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "no connection in time"
    if isinstance(error, socket.gaierror):
        return "there is no host of this name"
    return error.strerror or str(error)

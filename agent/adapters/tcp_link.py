"""A TCP connection behind Link."""

import select
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
            # The socket keeps the time-out of its connection: to give it another for each look is a call to the kernel each.
            readable, _, _ = select.select((self._socket,), (), (), timeout_s)
            return self._socket.recv(MAX_BYTES) if readable else None
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

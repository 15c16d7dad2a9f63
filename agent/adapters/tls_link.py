"""TLS over TCP behind Link. A device whose certificate nobody has signed is trusted by naming that certificate as `ca`."""

import socket
import ssl
from pathlib import Path

from agent.adapters.tcp_link import reason
from agent.core.device_address import Address
from agent.errors import LinkLost, Refused

MAX_BYTES = 65536


class TlsLink:
    """Connects. Raises LinkLost, and Refused where the certificate is not to be trusted."""

    def __init__(self, address: Address, ca: Path | None, timeout_s: float) -> None:
        self._name = str(address)
        context = _context(self._name, ca)
        try:
            plain = socket.create_connection((address.place, address.port), timeout_s)
        except OSError as error:
            raise LinkLost(f"{self._name}: {reason(error)}") from None
        try:
            self._socket = context.wrap_socket(plain, server_hostname=address.place)
        except ssl.SSLCertVerificationError as error:
            plain.close()
            raise Refused(
                f"{self._name}: {error.verify_message}; name its certificate with ca = … of this device"
            ) from None
        except (OSError, ValueError) as error:
            plain.close()
            raise LinkLost(f"{self._name}: {_reason(error)}") from None

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise LinkLost(f"{self._name}: {_reason(error)}") from None

    def receive(self, timeout_s: float) -> bytes | None:
        try:
            if not timeout_s and not self._socket.pending():
                return self._glimpse()
            self._socket.settimeout(timeout_s)
            return self._socket.recv(MAX_BYTES)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except ssl.SSLEOFError:
            return b""
        except OSError as error:
            raise LinkLost(f"{self._name}: {_reason(error)}") from None

    def close(self) -> None:
        self._socket.close()

    def _glimpse(self) -> bytes | None:
        self._socket.settimeout(0)
        return self._socket.recv(MAX_BYTES)


def _context(name: str, ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca) if ca else None)
    except OSError as error:
        raise Refused(f"{name}: ca: {error.strerror or error}; name a PEM file of certificates") from None


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return f"no TLS with it: {(error.reason or str(error)).lower().replace('_', ' ')}"
    return reason(error) if isinstance(error, OSError) else str(error)

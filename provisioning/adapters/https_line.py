"""One HTTPS request to the hub: its certificate must be signed by our roots and name the address; sizes and times are limited.

Times of certificates are not looked at: a device that has lost its clock could not reach the hub that would set it right. What
a thief of an old certificate of the hub's could do with it is bounded by the signatures on all that matters.
"""

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from provisioning.errors import HubUnreachable, NotOurHub, OperatorError

TIMEOUT_S = 20.0
ANSWER_WITHIN_S = 60.0
NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME."""
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """Where the hub is, as `https://host[:port]`."""

    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> "Address":
        try:
            parts = urlsplit(url)
            if parts.scheme == "https" and parts.hostname and parts.path in ("", "/") and not parts.query:
                return cls(parts.hostname, parts.port or 443)
        except ValueError:
            pass
        raise OperatorError(f"{url!r:.100} is no address of a hub; write https://name:port as on the slip")

    def __str__(self) -> str:
        return f"https://{self.host}:{self.port}"


def trusting(roots: tuple[str, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= NO_CHECK_TIME
    try:
        context.load_verify_locations(cadata="\n".join(roots))
    except (ssl.SSLError, ValueError):
        raise NotOurHub("the hub's certificate authority cannot be read") from None
    return context


def trusting_nobody_yet() -> ssl.SSLContext:
    """For the first contact: whatever is heard is checked against the pin before anything is believed or told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class HttpsLine:
    def __init__(self, address: Address, context: ssl.SSLContext, timeout_s: float = TIMEOUT_S) -> None:
        self._address, self._context, self._timeout_s = address, context, timeout_s

    def ask(self, method: str, path: str, body: bytes | None, most: int) -> tuple[int, bytes]:
        """Status and body; a body longer than `most` is somebody else's. Raises HubUnreachable and NotOurHub."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        with self._answer(method, path, body, headers) as answer:
            data = b"".join(_chunks(answer, time.monotonic() + ANSWER_WITHIN_S, most + 1))
            if len(data) > most:
                raise HubUnreachable(f"{self._address} answers with more than was agreed")
            return answer.status, data

    def stream(
        self, path: str, begin: int, within_s: float, shown: Mapping[str, str] | None = None
    ) -> Iterator[tuple[int, bytes]]:
        """Status and piece by piece, from byte `begin` on where the hub can (206). Raises as ask; also when it breaks off."""
        headers = {"Range": f"bytes={begin}-"} if begin else {}
        with self._answer("GET", path, None, {**headers, **(shown or {})}) as answer:
            wanted = answer.length
            for chunk in _chunks(answer, time.monotonic() + within_s):
                wanted = None if wanted is None else wanted - len(chunk)
                yield answer.status, chunk
            if wanted:
                raise HubUnreachable(f"{self._address} broke off in the middle")
            if answer.status >= http.HTTPStatus.BAD_REQUEST:
                yield answer.status, b""

    @contextlib.contextmanager
    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPSConnection(
            self._address.host, self._address.port, timeout=self._timeout_s, context=self._context
        )
        with self._told(), contextlib.closing(connection):
            connection.request(method, path, body=body, headers={"Connection": "close", **headers})
            yield connection.getresponse()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message or str(error)
            raise NotOurHub(
                f"{self._address}: this is not your district's hub, or not its address ({why}): check the address; "
                "if it is right, tell the district office that somebody stands between"
            ) from error
        except socket.gaierror as error:
            raise HubUnreachable(
                f"{self._address}: there is no such name, or no network: check cable or WLAN"
            ) from error
        except TimeoutError as error:
            raise HubUnreachable(f"{self._address}: no answer in time: check the network; it is tried again") from error
        except (OSError, http.client.HTTPException) as error:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise HubUnreachable(f"{self._address} cannot be reached: {why}") from error


def _chunks(answer: http.client.HTTPResponse, deadline: float, most: int | None = None) -> Iterator[bytes]:
    left = most
    while left is None or left > 0:
        chunk = answer.read1(_CHUNK if left is None else min(_CHUNK, left))
        if not chunk:
            return
        if time.monotonic() > deadline:
            raise TimeoutError
        left = None if left is None else left - len(chunk)
        yield chunk

"""Calls a webhook, signed as Standard Webhooks wants it. Of the answer only the status is read, and it gets little time."""

import secrets
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from standardwebhooks.webhooks import Webhook as Signature

from hub.messages.deliveries import Outcome
from hub.messages.events import Event, payload, webhook_id
from hub.messages.refusals import MessageRefused
from hub.messaging.reach import Forbidden, Network, resolve

_TIMEOUT_S, _WHOLE_S = 15.0, 30.0
_STREAMS = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})
_GONE = 410


@dataclass(frozen=True, slots=True)
class Answered:
    """What a program answered. trouble: why not, as the catalogues name it."""

    outcome: Outcome
    status: int | None = None
    trouble: str = ""


def new_secret() -> str:
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


def read_url(text: str) -> str:
    """An address of a webhook as somebody typed it. Raises MessageRefused."""
    try:
        parts = urlsplit(text.strip())
        fit = parts.scheme in ("https", "http") and parts.hostname and not parts.fragment and parts.port != 0
        # A name that the resolver could not even ask for: an empty label, or one of 64 signs.
        (parts.hostname or "").encode("idna")
    except ValueError:
        fit = False
    if not fit or len(text) > 1000 or any(sign.isspace() or not sign.isprintable() for sign in text.strip()):
        raise MessageRefused("hook_url", "url")
    if parts.username is not None:
        raise MessageRefused("hook_user", "url")
    return text.strip()


def shown(url: str) -> str:
    """What may be shown of an address: its path may hold a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Caller:
    """`allowed`: networks beside the public one. timeout_s: of each thing that is waited for; whole_s: of a call."""

    def __init__(
        self, allowed: Sequence[Network] = (), *, timeout_s: float = _TIMEOUT_S, whole_s: float = _WHOLE_S
    ) -> None:
        self._allowed, self._whole_s = allowed, whole_s
        # No proxy of the environment, no redirects: the address that was checked is the one that is called.
        trusted = ssl.create_default_context()
        # Each call has a connection of its own, which its deadline may end.
        alone = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(
            timeout=timeout_s, trust_env=False, follow_redirects=False, verify=trusted, limits=alone
        )

    def close(self) -> None:
        self._client.close()

    def call(self, url: str, secret: str, event: Event, now: int) -> Answered:
        body = orjson.dumps(payload(event))
        headers = {"content-type": "application/json", "user-agent": "dltv-fleet", **_signed(secret, event, body, now)}
        try:
            request = self._request(url, body, headers)
            with _deadline(self._whole_s) as watched:
                request.extensions = {**request.extensions, "trace": watched}
                answer = self._client.send(request, stream=True)
                answer.close()
        except Forbidden:
            return Answered(Outcome.REFUSED, None, "forbidden")
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return Answered(Outcome.LATER, None, "unreached")
        except (httpx.HTTPError, httpx.InvalidURL):
            return Answered(Outcome.LATER, None, "unsure")
        except (OSError, UnicodeError):
            return Answered(Outcome.LATER, None, "unreached")
        return _judged(answer.status_code)

    def _request(self, url: str, body: bytes, headers: dict[str, str]) -> httpx.Request:
        """To the address that the name has now, which was looked at; the certificate is still that of the name."""
        parts = httpx.URL(url)
        address = resolve(parts.host, parts.port or (443 if parts.scheme == "https" else 80), self._allowed)
        named = {**headers, "host": parts.netloc.decode()}
        extensions = {"sni_hostname": parts.host} if parts.scheme == "https" else {}
        return self._client.build_request(
            "POST", parts.copy_with(host=address), content=body, headers=named, extensions=extensions
        )


class _Watched:
    """The connection of a call: a server that gives a byte at a time would hold the thread for as long as it likes."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._is_over = False

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event in _STREAMS:
            self._socket = info["return_value"].get_extra_info("socket")
            if self._is_over:
                self.end()

    def end(self) -> None:
        self._is_over = True
        if self._socket is not None:
            # Of the socket below: what TLS keeps of it is in use by the thread that waits.
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


@contextmanager
def _deadline(after_s: float) -> Iterator[_Watched]:
    watched = _Watched()
    timer = threading.Timer(after_s, watched.end)
    timer.start()
    try:
        yield watched
    finally:
        timer.cancel()


def _signed(secret: str, event: Event, body: bytes, now: int) -> dict[str, str]:
    moment = datetime.fromtimestamp(now // 1000, UTC)
    name = webhook_id(event)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(now // 1000),
        "webhook-signature": Signature(secret).sign(name, moment, body.decode()),
    }


def _judged(status: int) -> Answered:
    if 200 <= status < 300:
        return Answered(Outcome.TAKEN, status)
    if status == _GONE:
        return Answered(Outcome.REFUSED, status, "gone")
    return Answered(Outcome.LATER, status, "redirected" if 300 <= status < 400 else "later")

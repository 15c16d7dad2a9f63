"""HTTP GET, one request a connection: the request is a path, the answer is the body of a 200.

Written out rather than left to http.client, whose time-outs are per read: here one deadline holds for all of an answer.
"""

import base64
from urllib.parse import quote

from agent.errors import Declined, LinkLost, Refused
from agent.protocols.codec import Codec, Dialogue, Peer, silent
from agent.protocols.http_digest import Challenge, challenge_in, response
from agent.protocols.http_message import Message, body, head
from firmware_profiles.data import SET_ID
from firmware_profiles.links import HttpProtocol


def codec(protocol: HttpProtocol, peer: Peer) -> Codec:
    return HttpGet(peer, protocol.auth)


class HttpGet:
    """The digest's challenge is remembered, so that the password need not be asked for each time."""

    def __init__(self, peer: Peer, auth: str = "basic") -> None:
        self._peer, self._auth = peer, auth
        self._knows = bool(peer.user or peer.password)
        self._challenge: Challenge | None = None
        self._count = 0

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[str]:
        path = request.replace(SET_ID, self._peer.set_id)
        buffer = bytearray()
        message = yield from self._exchange(buffer, path)
        if message.status == 401 and self._is_challenged(message):
            # The same connection serves for the second try; where the device closes it, the next one does.
            yield from body(buffer, message)
            message = yield from self._exchange(buffer, path)
        if message.status in (401, 403):
            raise Refused(f"it answers HTTP {message.status}; give the right user = … and password = … to this device")
        if message.status != 200:
            raise Declined(f"HTTP {message.status} for {request}")
        return (yield from body(buffer, message)).decode("utf-8", "replace")

    def _exchange(self, buffer: bytearray, path: str) -> Dialogue[Message]:
        received = yield self._head(path)
        if not received:
            raise LinkLost("the connection was closed without an answer")
        buffer += received
        return (yield from head(buffer, "HTTP/1."))

    def _is_challenged(self, message: Message) -> bool:
        """Whether there is something to answer that was not answered in vain already."""
        if self._auth != "digest" or not self._knows:
            return False
        new = challenge_in(message.headers.get("www-authenticate", ()))
        if new is None:
            raise Refused("it does not take a digest of the password; set its authentication to digest")
        # Its first use failed: it is not old, the password is wrong.
        in_vain = self._count == 1 and not new.stale
        self._challenge, self._count = new, 0
        return not in_vain

    def _head(self, path: str) -> bytes:
        keeps = self._auth == "digest" and self._knows
        lines = [
            f"GET {self._with_query(path)} HTTP/1.1",
            f"Host: {self._peer.host}",
            "Accept: */*",
            "Connection: " + ("keep-alive" if keeps else "close"),
        ]
        if proof := self._proof(path):
            lines.append(f"Authorization: {proof}")
        return "\r\n".join([*lines, "", ""]).encode()

    def _with_query(self, path: str) -> str:
        if self._auth != "query" or not self._knows:
            return path
        pair = f"user={quote(self._peer.user, '')}&password={quote(self._peer.password, '')}"
        return f"{path}{'&' if '?' in path else '?'}{pair}"

    def _proof(self, path: str) -> str:
        user, password = self._peer.user, self._peer.password
        if self._auth == "basic" and self._knows:
            return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        if self._challenge is None:
            return ""
        self._count += 1
        return response(self._challenge, user, password, path, self._count)

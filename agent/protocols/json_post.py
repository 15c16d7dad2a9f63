"""JSON by HTTP POST, one request a connection: Sony's REST API. The answer is the document of a 200, its errors included."""

import re

from agent.errors import BadReply, Declined, LinkLost, Refused
from agent.protocols.codec import Codec, Dialogue, Peer, silent
from agent.protocols.http_message import body, head
from firmware_profiles.links import KEY_PLACE, JsonPostProtocol

_REQUEST = re.compile(r"(/[!-~]*) (\{.*\})", re.DOTALL)


def codec(protocol: JsonPostProtocol, peer: Peer) -> Codec:
    return JsonPost(protocol, peer)


class JsonPost:
    """A header for the password is left out where there is none."""

    def __init__(self, protocol: JsonPostProtocol, peer: Peer) -> None:
        self._host = peer.host
        wanted = {name: value for name, value in protocol.headers.items() if peer.password or KEY_PLACE not in value}
        self._headers = [f"{name}: {value.replace(KEY_PLACE, peer.password)}" for name, value in wanted.items()]

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[str]:
        received = yield self._message(request)
        if not received:
            raise LinkLost("the connection was closed without an answer")
        buffer = bytearray(received)
        message = yield from head(buffer, "HTTP/1.")
        if message.status in (401, 403):
            raise Refused(f"it answers HTTP {message.status}; give the right password = … to this device")
        if message.status != 200:
            raise Declined(f"HTTP {message.status} for {request.partition(' ')[0]}")
        return (yield from body(buffer, message)).decode("utf-8", "replace")

    def _message(self, request: str) -> bytes:
        found = _REQUEST.fullmatch(request)
        if found is None:
            raise BadReply(f"{request!r} is no path and document")
        if any(not header.isprintable() for header in self._headers):
            raise Refused("this password cannot be sent; write password = … without line ends")
        document = found[2].encode()
        lines = [
            f"POST {found[1]} HTTP/1.1",
            f"Host: {self._host}",
            "Content-Type: application/json",
            f"Content-Length: {len(document)}",
            *self._headers,
            "Connection: close",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + document

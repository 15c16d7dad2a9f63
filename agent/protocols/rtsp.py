"""RTSP (RFC 2326) as far as a SAT>IP server is watched with it: OPTIONS says who it is, DESCRIBE what its tuners receive.

Nothing is tuned: SETUP and PLAY would take a tuner away from those for whom it is there.
"""

from agent.errors import BadReply, Declined, LinkLost, Refused
from agent.protocols.codec import Codec, Dialogue, Peer, silent
from agent.protocols.http_message import Message, body, head
from firmware_profiles.links import RtspProtocol

METHODS = ("OPTIONS", "DESCRIBE")
NO_STREAM = 404
MAX_OTHERS = 8


def codec(_protocol: RtspProtocol, peer: Peer) -> Codec:
    return Rtsp(peer)


class Rtsp:
    def __init__(self, peer: Peer) -> None:
        self._url = f"rtsp://{peer.host}/"
        self._number = 0

    def greet(self) -> Dialogue[None]:
        self._number = 0
        return silent()

    def ask(self, request: str) -> Dialogue[str]:
        if request not in METHODS:
            raise BadReply(f"{request!r} is no request of this protocol; write OPTIONS or DESCRIBE")
        self._number += 1
        buffer = bytearray()
        received = yield self._message(request)
        if not received:
            raise LinkLost("the connection was closed without an answer")
        buffer += received
        message = yield from self._answer(buffer)
        text = (yield from body(buffer, message)).decode("utf-8", "replace") if _has_body(message) else ""
        if message.status in (401, 403):
            raise Refused(f"it answers RTSP {message.status}; allow this computer to read it")
        if message.status == NO_STREAM and request == "DESCRIBE":
            return ""
        if message.status != 200:
            raise Declined(f"RTSP {message.status} for {request}")
        return text if request == "DESCRIBE" else _headers(message)

    def _answer(self, buffer: bytearray) -> Dialogue[Message]:
        """The answer to this request; what was answered too late to an earlier one is passed over."""
        for _ in range(MAX_OTHERS):
            message = yield from head(buffer, "RTSP/1.")
            number = message.header("cseq")
            if number in ("", str(self._number)):
                return message
            if _has_body(message):
                yield from body(buffer, message)
        raise BadReply("it answers what it was not asked")

    def _message(self, method: str) -> bytes:
        lines = [f"{method} {self._url} RTSP/1.0", f"CSeq: {self._number}"]
        if method == "DESCRIBE":
            lines.append("Accept: application/sdp")
        return "\r\n".join([*lines, "", ""]).encode()


def _headers(message: Message) -> str:
    """One a line, their names in small letters."""
    return "\n".join(f"{name}: {value}" for name, values in message.headers.items() for value in values)


def _has_body(message: Message) -> bool:
    """Without a length there is none: RTSP keeps its connections."""
    return "content-length" in message.headers

"""HTTP GET, one request a connection: the request is a path, the answer is the body of a 200.

Written out rather than left to http.client, whose time-outs are per read: here one deadline holds for all of an answer.
"""

import base64

from agent.errors import BadReply, Declined, LinkLost, Refused
from agent.protocols.codec import Codec, Dialogue, Peer, line, silent
from firmware_profiles.links import HttpProtocol

END = b"\r\n"
MAX_HEADERS = 100
MAX_BODY = 1024 * 1024


def codec(_protocol: HttpProtocol, peer: Peer) -> Codec:
    return HttpGet(peer)


class HttpGet:
    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[str]:
        buffer = bytearray()
        received = yield self._head(request)
        if not received:
            raise LinkLost("the connection was closed without an answer")
        buffer += received
        status = yield from _status(buffer)
        headers = yield from _headers(buffer)
        if status in (401, 403):
            raise Refused(f"it answers HTTP {status}; give the right user = … and password = … to this device")
        if status != 200:
            raise Declined(f"HTTP {status} for {request}")
        return (yield from _body(buffer, headers)).decode("utf-8", "replace")

    def _head(self, path: str) -> bytes:
        lines = [f"GET {path} HTTP/1.1", f"Host: {self._peer.host}", "Accept: */*", "Connection: close"]
        if self._peer.user or self._peer.password:
            pair = base64.b64encode(f"{self._peer.user}:{self._peer.password}".encode()).decode()
            lines.append(f"Authorization: Basic {pair}")
        return "\r\n".join([*lines, "", ""]).encode()


def _status(buffer: bytearray) -> Dialogue[int]:
    first = yield from line(buffer, END)
    words = first.split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or len(words[1]) != 3 or not words[1].isdecimal():
        raise BadReply(f"it answers {first[:40]!r}, which is no HTTP")
    return int(words[1])


def _headers(buffer: bytearray) -> Dialogue[dict[str, str]]:
    headers: dict[str, str] = {}
    for _ in range(MAX_HEADERS):
        text = yield from line(buffer, END)
        if not text:
            return headers
        name, _, value = text.partition(":")
        headers[name.strip().lower()] = value.strip()
    raise BadReply(f"more than {MAX_HEADERS} headers")


def _body(buffer: bytearray, headers: dict[str, str]) -> Dialogue[bytes]:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return (yield from _chunks(buffer))
    length = headers.get("content-length")
    if length is None:
        return (yield from _to_the_end(buffer))
    if not length.isdecimal() or len(length) > 9:
        raise BadReply(f"a body of {length[:20]!r} bytes")
    return (yield from _exactly(buffer, int(length)))


def _exactly(buffer: bytearray, size: int) -> Dialogue[bytes]:
    if size > MAX_BODY:
        raise BadReply(f"a body of {size} bytes; {MAX_BODY} are allowed")
    while len(buffer) < size:
        received = yield b""
        if not received:
            raise LinkLost("the connection was closed before the answer was whole")
        buffer += received
    body = bytes(buffer[:size])
    del buffer[:size]
    return body


def _to_the_end(buffer: bytearray) -> Dialogue[bytes]:
    while received := (yield b""):
        buffer += received
        if len(buffer) > MAX_BODY:
            raise BadReply(f"a body of more than {MAX_BODY} bytes")
    return bytes(buffer)


def _chunks(buffer: bytearray) -> Dialogue[bytes]:
    body = bytearray()
    while True:
        digits = (yield from line(buffer, END)).partition(";")[0].strip()
        try:
            size = int(digits, 16) if len(digits) <= 8 else -1
        except ValueError:
            size = -1
        if size < 0:
            raise BadReply(f"a chunk of {digits[:20]!r} bytes")
        if size == 0:
            return bytes(body)
        body += yield from _exactly(buffer, size)
        if len(body) > MAX_BODY:
            raise BadReply(f"a body of more than {MAX_BODY} bytes")
        yield from line(buffer, END)

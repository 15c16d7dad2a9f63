"""Reads messages in HTTP's form, which RTSP shares: a status line, headers, a body. What a status means is the codecs' say."""

from dataclasses import dataclass

from agent.errors import BadReply, LinkLost
from agent.protocols.codec import Dialogue, line

END = b"\r\n"
MAX_HEADERS = 100
MAX_BODY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Message:
    """headers: by name in small letters; those that stand more than once are kept all."""

    status: int
    headers: dict[str, list[str]]

    def header(self, name: str) -> str:
        return next(iter(self.headers.get(name, ())), "")


def head(buffer: bytearray, version: str) -> Dialogue[Message]:
    """Status line and headers; `version` as in `HTTP/1.`."""
    status = yield from _status(buffer, version)
    return Message(status, (yield from _headers(buffer)))


def body(buffer: bytearray, message: Message) -> Dialogue[bytes]:
    if "chunked" in message.header("transfer-encoding").lower():
        return (yield from _chunks(buffer))
    length = message.header("content-length")
    if "content-length" not in message.headers:
        return (yield from _to_the_end(buffer))
    if not length.isdecimal() or len(length) > 9:
        raise BadReply(f"a body of {length[:20]!r} bytes")
    return (yield from _exactly(buffer, int(length)))


def _status(buffer: bytearray, version: str) -> Dialogue[int]:
    first = yield from line(buffer, END)
    words = first.split(" ", 2)
    name = version.partition("/")[0]
    if len(words) < 2 or not words[0].startswith(version) or len(words[1]) != 3 or not words[1].isdecimal():
        raise BadReply(f"it answers {first[:40]!r}, which is no {name}")
    return int(words[1])


def _headers(buffer: bytearray) -> Dialogue[dict[str, list[str]]]:
    headers: dict[str, list[str]] = {}
    for _ in range(MAX_HEADERS):
        text = yield from line(buffer, END)
        if not text:
            return headers
        name, _, value = text.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    raise BadReply(f"more than {MAX_HEADERS} headers")


def _exactly(buffer: bytearray, size: int) -> Dialogue[bytes]:
    if size > MAX_BODY:
        raise BadReply(f"a body of {size} bytes; {MAX_BODY} are allowed")
    while len(buffer) < size:
        received = yield b""
        if not received:
            raise LinkLost("the connection was closed before the answer was whole")
        buffer += received
    taken = bytes(buffer[:size])
    del buffer[:size]
    return taken


def _to_the_end(buffer: bytearray) -> Dialogue[bytes]:
    while received := (yield b""):
        buffer += received
        if len(buffer) > MAX_BODY:
            raise BadReply(f"a body of more than {MAX_BODY} bytes")
    return bytes(buffer)


def _chunks(buffer: bytearray) -> Dialogue[bytes]:
    whole = bytearray()
    while True:
        digits = (yield from line(buffer, END)).partition(";")[0].strip()
        try:
            size = int(digits, 16) if len(digits) <= 8 else -1
        except ValueError:
            size = -1
        if size < 0:
            raise BadReply(f"a chunk of {digits[:20]!r} bytes")
        if size == 0:
            return bytes(whole)
        whole += yield from _exactly(buffer, size)
        if len(whole) > MAX_BODY:
            raise BadReply(f"a body of more than {MAX_BODY} bytes")
        yield from line(buffer, END)

"""The shape of a codec, sans I/O.

A dialogue is a generator: it yields the bytes to send (b"" to wait for more), is sent the bytes that came in (b"" when the
peer has closed), and returns what it was held for. It raises BadReply, Refused, Declined or LinkLost, and nothing else.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from agent.errors import BadReply, LinkLost
from firmware_profiles.decode import Reply

T = TypeVar("T")
Dialogue = Generator[bytes, bytes, T]
MAX_LINE = 4096


@dataclass(frozen=True, slots=True)
class Peer:
    """What a codec must know of the device it talks to."""

    host: str = ""
    user: str = ""
    password: str = ""
    set_id: str = ""


class Codec(Protocol):
    def greet(self) -> Dialogue[None]:
        """Held once, when the connection stands."""

    def ask(self, request: str) -> Dialogue[Reply]:
        """One request and its answer."""


def silent() -> Dialogue[None]:
    """The greeting of protocols that have none."""
    return
    yield b""


def line(buffer: bytearray, end: bytes) -> Dialogue[str]:
    """The next line of the buffer, waiting for it where it is not whole yet."""
    while (at := buffer.find(end)) < 0:
        if len(buffer) > MAX_LINE:
            raise BadReply(f"a line of more than {MAX_LINE} bytes")
        received = yield b""
        if not received:
            raise LinkLost("the connection was closed before the answer was whole")
        buffer += received
    text = bytes(buffer[:at]).decode("utf-8", "replace")
    del buffer[: at + len(end)]
    return text

"""NEC displays and the clones of their frames: ASCII in an envelope of SOH, addresses, type, length, check code and CR.

A request's words are sent one after the other, each when the one before it is answered: a sensor has to be selected before it
is read. The answer is the texts of all, with blanks between; the display's `BE` for "busy or unknown" is one of these.
"""

import re

from agent.errors import BadReply, LinkLost
from agent.protocols.codec import Codec, Dialogue, Peer, silent
from firmware_profiles.frames import NecProtocol

MAX_PENDING = 2048
MAX_FRAME = 300
FIRST_SET = 0x40
_WORD = re.compile(r"[ACE][0-9A-F]{2,40}")
_HEAD = re.compile(rb"\x010(?s:.)(?P<set>(?s:.))(?P<type>[BDF])(?P<size>[0-9A-F]{2})(?=\x02)")
_REPLY = {"A": b"B", "C": b"D", "E": b"F"}
_BUSY_OR_UNKNOWN = "BE"


def codec(_protocol: NecProtocol, peer: Peer) -> Codec:
    return Nec(peer.set_id)


class Nec:
    def __init__(self, set_id: str) -> None:
        number = int(set_id) if set_id.isdecimal() else 1
        self._set = bytes([FIRST_SET + min(number, 0xFF - FIRST_SET)])

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[str]:
        answers = []
        for word in request.split():
            if not _WORD.fullmatch(word):
                raise BadReply(f"{word!r} is no NEC request")
            answers.append((yield from self._asked(word)))
        return " ".join(answers)

    def _asked(self, word: str) -> Dialogue[str]:
        pending = bytearray()
        received = yield _enveloped(self._set, word)
        while True:
            if not received:
                raise LinkLost("the connection was closed before the answer was whole")
            pending += received
            answer = self._found(bytes(pending), _REPLY[word[0]])
            if answer is not None:
                return answer
            if len(pending) > MAX_PENDING:
                del pending[:-MAX_FRAME]
            received = yield b""

    def _found(self, pending: bytes, kind: bytes) -> str | None:
        """The text of the first whole reply of this display and type."""
        start = pending.find(b"\x01")
        while start >= 0:
            head = _HEAD.match(pending, start)
            if head and head["set"] == self._set:
                text = _text(pending, start, head.end() + int(head["size"], 16))
                if text is not None and (head["type"] == kind or text == _BUSY_OR_UNKNOWN):
                    return text
            start = pending.find(b"\x01", start + 1)
        return None


def _enveloped(display: bytes, word: str) -> bytes:
    message = f"\x02{word[1:]}\x03"
    body = b"0" + display + b"0" + f"{word[0]}{len(message):02X}{message}".encode()
    return b"\x01" + body + bytes([_check(body)]) + b"\r"


def _text(pending: bytes, start: int, end: int) -> str | None:
    """What stands between STX and ETX, where the frame ends as it must."""
    if pending[end - 1 : end] != b"\x03" or pending[end : end + 2] != bytes([_check(pending[start + 1 : end])]) + b"\r":
        return None
    return pending[start + 8 : end - 1].decode("latin-1")


def _check(body: bytes) -> int:
    total = 0
    for byte in body:
        total ^= byte
    return total

"""Binary frames with a length and a checksum, shaped as the profile says: Samsung MDC, Philips SICP, Sony's RS-232C.

A frame is found wherever it begins in what comes in: its fixed bytes, its length and its checksum must all be right. A
refusal is an answer too, in words that no profile reads as data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.errors import BadReply, LinkLost
from agent.protocols.codec import Codec, Dialogue, Peer, silent
from firmware_profiles.frames import CHECKSUMS, DATA, FrameProtocol, Piece, pieces

MAX_PENDING = 2048
MAX_FRAME = 512
MAX_BYTE = 0xFF


def codec(protocol: FrameProtocol, peer: Peer) -> Codec:
    return Frame(protocol, peer)


class Frame:
    def __init__(self, protocol: FrameProtocol, peer: Peer) -> None:
        self._set_id = int(peer.set_id) if peer.set_id.isdecimal() else 0
        self._request = Shape.of(protocol.request, protocol)
        self._answer = Shape.of(protocol.answer, protocol)
        self._refusal = Shape.of(protocol.refusal, protocol) if protocol.refusal else None

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[str]:
        known, data = self._spelled(request)
        pending = bytearray()
        received = yield self._request.build(known, data)
        while True:
            if not received:
                raise LinkLost("the connection was closed before the answer was whole")
            pending += received
            answer = self._found(bytes(pending), known)
            if answer is not None:
                return answer
            if len(pending) > MAX_PENDING:
                del pending[:-MAX_FRAME]
            received = yield b""

    def _spelled(self, request: str) -> tuple[dict[str, int], bytes]:
        try:
            command, *data = bytes.fromhex(request)
        except ValueError:
            raise BadReply(f"{request!r} is no command in hex digits") from None
        return {"command": command, "set_id": self._set_id}, bytes(data)

    def _found(self, pending: bytes, known: Mapping[str, int]) -> str | None:
        data = self._answer.find(pending, known)
        if data is not None:
            return data.hex()
        refused = self._refusal.find(pending, known) if self._refusal else None
        return None if refused is None else f"refused: {refused.hex()}"


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern of bytes, with {data} as long as the length says.

    head, tail  the pieces before and after {data}
    counted     what to add to the length for the size of the whole frame
    """

    head: tuple[Piece, ...]
    tail: tuple[Piece, ...]
    has_data: bool
    counted: int
    checksum_from: int

    @classmethod
    def of(cls, pattern: str, protocol: FrameProtocol) -> "Shape":
        found = pieces(pattern)
        at = found.index(DATA) if DATA in found else len(found)
        tail = found[at + 1 :]
        after = found.index("length") + 1 if "length" in found else 0
        signed = next((len(found) - place for place, piece in enumerate(found) if piece in CHECKSUMS), 0)
        counted = {"frame": 0, "rest": after, "body": after + signed}[protocol.length_counts]
        return cls(found[:at], tail, DATA in found, counted, protocol.checksum_from)

    @property
    def fixed(self) -> int:
        return len(self.head) + len(self.tail)

    def build(self, known: Mapping[str, int], data: bytes) -> bytes:
        frame = bytearray()
        lengths = {"length": (self.fixed + len(data) - self.counted) & MAX_BYTE}
        self._put(frame, self.head, {**known, **lengths})
        frame += data
        self._put(frame, self.tail, {**known, **lengths})
        return bytes(frame)

    def find(self, pending: bytes, known: Mapping[str, int]) -> bytes | None:
        """The data of the first whole frame of this shape."""
        for start in self._starts(pending):
            size = self._size(pending, start)
            frame = pending[start : start + size]
            if len(frame) == size and self._is_true(frame, known):
                return frame[len(self.head) : size - len(self.tail)]
        return None

    def _starts(self, pending: bytes) -> Iterator[int]:
        """Where a frame may begin. Noise is passed over quickly where all frames begin with the same byte."""
        last, first = len(pending) - self.fixed, self.head[0] if self.head else None
        if not isinstance(first, int):
            yield from range(last + 1)
            return
        start = pending.find(first)
        while 0 <= start <= last:
            yield start
            start = pending.find(first, start + 1)

    def _size(self, pending: bytes, start: int) -> int:
        if "length" not in self.head:
            return self.fixed
        size = pending[start + self.head.index("length")] + self.counted
        return size if size >= self.fixed and (self.has_data or size == self.fixed) else MAX_PENDING * 2

    def _is_true(self, frame: bytes, known: Mapping[str, int]) -> bool:
        body = len(frame) - len(self.tail)
        places = [*enumerate(self.head), *enumerate(self.tail, body)]
        return all(self._fits(frame, at, piece, known) for at, piece in places)

    def _fits(self, frame: bytes, at: int, piece: Piece, known: Mapping[str, int]) -> bool:
        if piece in ("any", "length"):
            return True
        return frame[at] == self._byte(piece, frame[:at], known)

    def _put(self, frame: bytearray, some: Sequence[Piece], known: Mapping[str, int]) -> None:
        for piece in some:
            frame.append(self._byte(piece, frame, known))

    def _byte(self, piece: Piece, before: bytes | bytearray, known: Mapping[str, int]) -> int:
        if isinstance(piece, int):
            return piece
        if piece not in CHECKSUMS:
            return known[piece]
        covered = before[self.checksum_from :]
        return sum(covered) & MAX_BYTE if piece == "sum" else _xor(covered)


def _xor(covered: bytes | bytearray) -> int:
    total = 0
    for byte in covered:
        total ^= byte
    return total

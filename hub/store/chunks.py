"""The body of a chunk: reports of one device and one journal, compressed together.

What zlib packs is a line of JSON that says how the offsets go on, one for the times, and the reports' own bodies, a line each.
Reports of a device say nearly the same over and over, so that together they take a tenth of the room.
"""

import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import orjson

from hub.store.errors import UnreadableBody

_LEVEL = 6
_LARGEST = 64 << 20
"""Nothing that was packed here comes to so much; what does is damaged."""


class Kept(NamedTuple):
    """A stored report, its names and values still in its body."""

    epoch: int
    offset: int
    device: int
    t: int
    body: bytes


def fits(body: bytes) -> bool:
    """Whether a chunk can hold this body: all can that bodies.py makes."""
    return b"\n" not in body


def pack_chunk(reports: Sequence[Kept]) -> bytes:
    """Of one device and journal, in the order of their offsets."""
    lines = [
        orjson.dumps(_steps([each.offset for each in reports])),
        orjson.dumps(_steps([each.t for each in reports])),
        *(each.body for each in reports),
    ]
    return zlib.compress(b"\n".join(lines), _LEVEL)


def unpack_chunk(body: bytes, epoch: int, device: int) -> Iterator[Kept]:
    """Raises UnreadableBody."""
    try:
        offsets, times, *bodies = _plain(body).split(b"\n")
        numbers, moments = accumulate(orjson.loads(offsets)), accumulate(orjson.loads(times))
        for offset, t, each in zip(numbers, moments, bodies, strict=True):
            yield Kept(epoch, offset, device, t, each)
    except (ValueError, TypeError, zlib.error) as error:
        raise UnreadableBody(f"a chunk of reports cannot be read: {error!r}") from error


def _plain(body: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    plain = unpacking.decompress(body, _LARGEST)
    if not unpacking.eof:
        raise ValueError("it does not end")
    return plain


def _steps(numbers: Sequence[int]) -> list[int]:
    """The first number, and how much each is above the one before."""
    return [*numbers[:1], *(after - before for before, after in pairwise(numbers))]

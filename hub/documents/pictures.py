"""Whether what somebody sent as a drawn signature can be printed: a paper must not fail because of a broken picture."""

import struct
import zlib
from collections.abc import Iterator

_SIGN = b"\x89PNG\r\n\x1a\n"
_MOST_PIXELS = 4_000_000
_BAD = (ValueError, struct.error, zlib.error)


def is_png(data: bytes) -> bool:
    """Whole, with sums that are right, and no larger than a screen draws."""
    try:
        chunks = list(_chunks(data))
        width, height = struct.unpack(">II", chunks[0][1][:8]) if chunks and chunks[0][0] == b"IHDR" else (0, 0)
        pixels = b"".join(body for kind, body in chunks if kind == b"IDAT")
        return bool(pixels) and 0 < width * height <= _MOST_PIXELS and chunks[-1][0] == b"IEND" and _unpacks(pixels)
    except _BAD:
        return False


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(_SIGN):
        raise ValueError
    at = len(_SIGN)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        (told,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(kind + body) != told:
            raise ValueError
        yield kind, body
        at += 12 + length


def _unpacks(pixels: bytes) -> bool:
    """Within four bytes and a filter a pixel; more would be a bomb."""
    unpacking = zlib.decompressobj()
    unpacking.decompress(pixels, _MOST_PIXELS * 8)
    return unpacking.eof

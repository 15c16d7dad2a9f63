"""A picture that is broken is known before a paper is set from it."""

import struct
import zlib

import pytest

from hub.documents.pictures import is_png


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


HEAD = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\xff\xff" * 2))
END = chunk(b"IEND", b"")
SIGN = b"\x89PNG\r\n\x1a\n"


def test_a_whole_picture_is_one() -> None:
    assert is_png(SIGN + HEAD + PIXELS + END)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"JPEG",
        SIGN,
        SIGN + b"rest",
        SIGN + b"x" * 9000,
        SIGN + HEAD + PIXELS,
        SIGN + PIXELS + END,
        SIGN + HEAD + END,
        SIGN + HEAD + PIXELS[:-1] + b"x" + END,
        SIGN + HEAD + chunk(b"IDAT", b"not packed") + END,
        SIGN + HEAD + chunk(b"IDAT", zlib.compress(b"\0\xff\xff" * 2)[:-3]) + END,
        SIGN + chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)) + PIXELS + END,
    ],
)
def test_a_broken_one_is_none(data: bytes) -> None:
    assert not is_png(data)

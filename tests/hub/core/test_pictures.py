"""Photos lose what they tell besides the picture, and keep which way up they are."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.pictures import cleaned

SECRET = b"GPS 15.9000 N 102.0000 E"


def segment(code: int, body: bytes) -> bytes:
    return b"\xff" + bytes([code]) + (len(body) + 2).to_bytes(2) + body


def exif(orientation: int, order: str = "MM") -> bytes:
    number = "big" if order == "MM" else "little"
    entry = b"".join(value.to_bytes(size, number) for value, size in ((0x0112, 2), (3, 2), (1, 4), (orientation, 2)))  # type: ignore[arg-type]
    head = order.encode() + (42).to_bytes(2, number) + (8).to_bytes(4, number)  # type: ignore[arg-type]
    return b"Exif\0\0" + head + (1).to_bytes(2, number) + entry + b"\0\0" + bytes(4) + SECRET  # type: ignore[arg-type]


def jpeg(*segments: bytes) -> bytes:
    table = segment(0xDB, bytes(65))
    scan = segment(0xDA, bytes(10)) + b"\x12\xff\x00\x34"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0" + bytes(9)) + b"".join(segments) + table + scan + b"\xff\xd9"


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + b"".join(chunks) + chunk(b"IEND", b"")


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2) for kind, data in chunks)
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


@pytest.mark.parametrize("order", ["MM", "II"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_jpeg_keeps_which_way_up_it_is_and_nothing_else(order: str, orientation: int) -> None:
    tells = [segment(0xE1, exif(orientation, order)), segment(0xE2, b"MPF\0" + SECRET), segment(0xFE, SECRET)]
    found = cleaned(jpeg(*tells))
    assert found is not None
    assert found.type == "image/jpeg"
    assert SECRET not in found.data
    expected = jpeg()
    if orientation != 1:
        assert bytes([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation]) in found.data
        expected = found.data[:2] + found.data[2 + 4 + 32 :]
        assert len(expected) == len(jpeg())
    assert expected == jpeg()
    again = cleaned(found.data)
    assert again == found


def test_what_a_phone_hangs_behind_the_picture_goes() -> None:
    found = cleaned(jpeg() + b"ftypmp42" + SECRET)
    assert found is not None
    assert found.data == jpeg()


def test_a_png_loses_its_words() -> None:
    found = cleaned(png(chunk(b"tEXt", SECRET), chunk(b"eXIf", SECRET), chunk(b"IDAT", b"abc")) + SECRET)
    assert found is not None
    assert found.data == png(chunk(b"IDAT", b"abc"))


def test_a_webp_loses_its_words_and_says_that_it_has_none() -> None:
    found = cleaned(
        webp((b"VP8X", bytes([0b1100]) + bytes(9)), (b"VP8 ", b"abc"), (b"EXIF", SECRET), (b"XMP ", SECRET))
    )
    assert found is not None
    assert found.data == webp((b"VP8X", bytes(10)), (b"VP8 ", b"abc"))


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"\xff\xd8", jpeg()[:40], png()[:20], webp((b"VP8 ", b"abc"))[:18], b"\x00\x00\x00\x18ftypheic"],
)
def test_what_is_no_whole_picture_is_none(data: bytes) -> None:
    assert cleaned(data) is None


@given(st.sampled_from([b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBP"]), st.binary(max_size=200))
def test_nothing_that_is_sent_raises(head: bytes, rest: bytes) -> None:
    found = cleaned(head + rest)
    assert found is None or found.data

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


WIDE = (20_000).to_bytes(2) + (20_000).to_bytes(2)
VP8X = b"\0" * 4 + (19_999).to_bytes(3, "little") * 2


@pytest.mark.parametrize(
    "data",
    [
        jpeg(segment(0xC0, b"\x08" + WIDE + b"\x03")),
        jpeg(segment(0xC2, b"\x08" + WIDE + b"\x03")),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", (20_000).to_bytes(4) * 2 + bytes(5)) + chunk(b"IEND", b""),
        webp((b"VP8X", VP8X), (b"VP8 ", b"x")),
        webp((b"VP8L", b"\x2f\xff\xff\xff\x0f")),
        webp((b"VP8 ", bytes(6) + b"\xff\x3f\xff\x3f")),
    ],
    ids=["jpeg", "progressive jpeg", "png", "webp", "lossless webp", "plain webp"],
)
def test_a_small_file_of_very_many_pixels_is_none(data: bytes) -> None:
    assert cleaned(data) is None


def test_a_picture_as_a_phone_makes_it_is_one() -> None:
    size = (6_000).to_bytes(2) + (8_000).to_bytes(2)
    assert cleaned(jpeg(segment(0xC0, b"\x08" + size + b"\x03"))) is not None


def test_what_has_a_name_of_its_own_tells_nothing_either() -> None:
    """Credentials of where a picture comes from, and whatever comes next."""
    found = cleaned(png(chunk(b"caBX", SECRET), chunk(b"tRNS", b"kept"), chunk(b"prVt", SECRET)))
    assert found is not None
    assert SECRET not in found.data
    assert b"kept" in found.data
    found = cleaned(webp((b"VP8 ", bytes(10)), (b"C2PA", SECRET)))
    assert found is not None
    assert SECRET not in found.data


@pytest.mark.parametrize("behind", [b"PK\x03\x04 a zip", b"<script>alert(1)</script>", b"%PDF-1.7"])
def test_what_is_something_else_besides_a_picture_is_only_the_picture_afterwards(behind: bytes) -> None:
    for whole in (jpeg(), png(), webp((b"VP8 ", bytes(10)))):
        found = cleaned(whole + behind)
        assert found is not None
        assert behind not in found.data

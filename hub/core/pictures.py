"""Pictures from phones: what they are, and without what they tell besides the picture: where and with what it was taken.

JPEG, PNG and WebP are read as far as that needs. Which way up a JPEG is stays, or it would lie on its side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_JPEG, _PNG, _RIFF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF"
_SCAN, _END = 0xDA, 0xD9
_MOST_ENTRIES = 200
_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
_KEPT_SEGMENTS = {0xE0, 0xEE}
"""JFIF, and Adobe's word on the colours; other APP segments and comments go."""
_PNG_KEPT = frozenset(
    {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"}
)
"""Of what a decoder may leave out: colours and moving pictures. Words, places and credentials go, of whatever name."""
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_EXIF_AND_XMP = 0b0000_1100
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_PIXELS = 64_000_000
"""Whoever shows or prints a picture needs four bytes for each, however small its file is."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that tells nothing but itself. small: as a list shows it; empty: there is none."""

    type: str
    data: bytes
    small: bytes = b""


def cleaned(data: bytes) -> Photo | None:
    """None: no picture of a kind that is known, or a broken one."""
    try:
        if data.startswith(_JPEG):
            return Photo("image/jpeg", _jpeg(data))
        if data.startswith(_PNG):
            return Photo("image/png", _png(data))
        if data.startswith(_RIFF) and data[8:12] == b"WEBP":
            return Photo("image/webp", _webp(data))
    except (IndexError, ValueError):
        return None
    return None


def _jpeg(data: bytes) -> bytes:
    kept, turned, at = bytearray(_JPEG), 1, 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("no segment")
        code = data[at + 1]
        if code == 0xFF:
            at += 1
            continue
        if code in (_SCAN, _END):
            head = bytes(kept[:2]) + (_only_turned(turned) if turned != 1 else b"")
            return head + bytes(kept[2:]) + _until_its_end(data[at:])
        segment = _segment(data, at)
        if code == 0xE1 and segment[4:10] == _EXIF:
            turned = _turned(segment[10:])
        elif _tells_nothing(code):
            kept += segment
        at += len(segment)


def _segment(data: bytes, at: int) -> bytes:
    size = int.from_bytes(data[at + 2 : at + 4])
    found = data[at : at + 2 + size]
    if size < 2 or len(found) != 2 + size:
        raise ValueError("cut short")
    if found[1] in _FRAMES:
        _require_bearable(int.from_bytes(found[7:9]), int.from_bytes(found[5:7]))
    return found


def _require_bearable(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        raise ValueError("too many pixels")


def _tells_nothing(code: int) -> bool:
    is_app_or_comment = 0xE0 <= code <= 0xEF or code == 0xFE
    return not is_app_or_comment or code in _KEPT_SEGMENTS


def _until_its_end(scans: bytes) -> bytes:
    """Phones hang films and second pictures behind the first, each with words of its own."""
    end = scans.find(b"\xff\xd9")
    return scans if end < 0 else scans[: end + 2]


def _turned(tiff: bytes) -> int:
    """Which way up, 1 to 8; 1 where nothing is said."""
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    first = number(4, 4)
    for entry in range(min(number(first, 2), _MOST_ENTRIES)):
        at = first + 2 + 12 * entry
        if number(at, 2) == _ORIENTATION:
            said = number(at + 8, 2)
            return said if 1 <= said <= 8 else 1
    return 1


def _only_turned(way: int) -> bytes:
    entry = _ORIENTATION.to_bytes(2) + (3).to_bytes(2) + (1).to_bytes(4) + way.to_bytes(2) + b"\0\0"
    tiff = b"MM\0*" + (8).to_bytes(4) + (1).to_bytes(2) + entry + bytes(4)
    body = _EXIF + tiff
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


def _png(data: bytes) -> bytes:
    kept, at = bytearray(_PNG), len(_PNG)
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        chunk = data[at : at + 12 + size]
        if len(chunk) != 12 + size:
            raise ValueError("cut short")
        if kind == b"IHDR":
            _require_bearable(int.from_bytes(chunk[8:12]), int.from_bytes(chunk[12:16]))
        # A capital letter begins what no decoder can do without.
        if kind[:1].isupper() or kind in _PNG_KEPT:
            kept += chunk
        at += 12 + size
        if kind == b"IEND":
            return bytes(kept)
    raise ValueError("no end")


def _webp(data: bytes) -> bytes:
    kept = bytearray()
    for kind, chunk in _riff_chunks(data):
        _require_bearable(*_webp_size(kind, chunk[8:]))
        if kind == b"VP8X":
            kept += chunk[:8] + bytes([chunk[8] & ~_EXIF_AND_XMP]) + chunk[9:]
        elif kind in _WEBP_KEPT:
            kept += chunk
    return _RIFF + (len(kept) + 4).to_bytes(4, "little") + b"WEBP" + bytes(kept)


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Of the chunks that say how large the picture is; nothing of the others."""
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        both = int.from_bytes(body[1:5], "little")
        return (both & 0x3FFF) + 1, (both >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return 0, 0


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise ValueError("cut short")
    while at < end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = data[at : at + 8 + size + size % 2]
        if len(chunk) < 8 + size:
            raise ValueError("cut short")
        yield data[at : at + 4], chunk
        at += 8 + size + size % 2

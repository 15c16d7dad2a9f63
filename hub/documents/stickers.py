"""Stickers for equipment: labels of 70 × 37 mm, 24 on a sheet of A4, each with the QR code by which somebody reports a fault."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.documents.qr import qr_svg
from hub.documents.typesetting import typeset

TEMPLATE = "sticker/sticker.typ"
ON_A_SHEET = 24


@dataclass(frozen=True, slots=True)
class Sticker:
    """number  of the asset; name  what it is; link  where the QR code leads"""

    number: str
    name: str
    school: str
    room: str
    link: str


def sticker_data(stickers: Sequence[Sticker], *, office: str, language: str) -> dict[str, object]:
    """What the template is given."""
    return {
        "language": language,
        "office": office,
        "stickers": [
            {
                "number": each.number,
                "name": each.name,
                "school": each.school,
                "room": each.room,
                "qr": qr_svg(each.link),
            }
            for each in stickers
        ],
    }


def print_stickers(stickers: Sequence[Sticker], *, office: str, language: str) -> bytes:
    """A PDF."""
    return typeset(TEMPLATE, sticker_data(stickers, office=office, language=language))

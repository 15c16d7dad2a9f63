"""Sheets of stickers: whatever stands on one, 24 fit on a sheet, and each leads to its own asset."""

import subprocess
from pathlib import Path

import pytest

from hub.documents.stickers import ON_A_SHEET, Sticker, print_stickers, sticker_data

LONG = Sticker(
    "พ.7730-001-0001/2567-ชย3-0042",
    "โทรทัศน์แอลอีดี แบบสมาร์ททีวี ขนาดไม่น้อยกว่า 55 นิ้ว พร้อมขาแขวน",
    "โรงเรียนบ้านหนองบัวระเหวพิทยาสรรค์ราษฎร์บำรุง",
    "ป.1",
    "https://hub.example/e/Ab3_xYz-09Qw",
)
SHORT = Sticker("", "เครื่องสำรองไฟ", "", "", "https://hub.example/e/short")
OFFICE = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาชัยภูมิ เขต 3"


def pages(pdf: bytes, tmp_path: Path) -> list[str]:
    path = tmp_path / "stickers.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    return text.rstrip("\f").split("\f")


@pytest.mark.parametrize(("many", "sheets"), [(1, 1), (ON_A_SHEET, 1), (ON_A_SHEET + 1, 2)])
def test_so_many_fit_on_a_sheet(many: int, sheets: int, tmp_path: Path) -> None:
    assert len(pages(print_stickers([LONG] * many, office=OFFICE, language="th"), tmp_path)) == sheets


def test_the_number_is_never_cut(tmp_path: Path) -> None:
    text = "".join(pages(print_stickers([LONG, SHORT], office=OFFICE, language="en"), tmp_path))
    assert LONG.number in "".join(text.replace("\u200b", "").split())


def test_each_has_a_code_of_its_own() -> None:
    one, other = sticker_data([LONG, SHORT], office="", language="th")["stickers"]  # type: ignore[misc]
    assert one["qr"] != other["qr"]

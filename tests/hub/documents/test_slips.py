"""The slip on paper, read back by programs that are not ours: Debian's zbarimg and pdftotext."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from hub.documents.slips import TEMPLATE, Slip, print_slips, slip_data
from hub.documents.typesetting import CannotTypeset, pictures, typeset

SLIP = Slip(
    school="โรงเรียนบ้านหนองน้ำใสวิทยาคารราษฎร์อุทิศอนุสรณ์มิตรภาพที่ ๑๗๙ (สาขาบ้านโนนสะอาด)",
    number="36030001",
    node="36030001",
    code="ACDE-FGHJ-KMNP-RTVW",
    expires="21 ธันวาคม 2569",
    linux="curl -fsSk --pinnedpubkey 'sha256//c2VjcmV0LXBpbi1vZi10aGUtaHViLWZvci10ZXN0cw==' https://hub.example:8443/install.sh "
    "| sudo sh -s -- ACDE-FGHJ-KMNP-RTVW",
    windows="powershell -Command install ACDE-FGHJ-KMNP-RTVW",
)
AROUND = {"office": "สพป.ตัวอย่าง เขต 3", "contact": "โทร 0 0000 0000", "printed": "21 พ.ย. 2569"}


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_phone_reads_the_line_to_run_from_the_paper(tmp_path: Path, language: str) -> None:
    page = tmp_path / "page.png"
    page.write_bytes(pictures(TEMPLATE, slip_data([SLIP], **AROUND, language=language), ppi=150)[0])
    done = subprocess.run(["zbarimg", "--raw", "-q", str(page)], capture_output=True, check=True, timeout=60)
    assert done.stdout.decode().strip() == SLIP.linux


def test_each_school_has_a_page_of_its_own() -> None:
    slips = [replace(SLIP, number=f"3603000{number}", code=f"CODE-{number}") for number in range(3)]
    pages = text_of(print_slips(slips, **AROUND, language="th")).split("\f")[:-1]
    assert [f"CODE-{number}" in page for number, page in enumerate(pages)] == [True, True, True]


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_code_its_end_and_whom_to_call_stand_on_it(language: str) -> None:
    text = text_of(print_slips([SLIP], **AROUND, language=language))
    for told in (SLIP.code, "21", "2569", "36030001", "0 0000 0000"):
        assert told in text, told


def test_what_somebody_typed_is_never_markup() -> None:
    tricky = '#read("/etc/passwd") *b* $x$ `c` \\ "quoted" <tag> @ref // no comment'
    text = text_of(print_slips([replace(SLIP, school=tricky)], **AROUND, language="th"))
    assert '#read("/etc/passwd") *b*' in " ".join(text.split())


def test_a_template_reads_nothing_outside_its_folder() -> None:
    with pytest.raises(CannotTypeset, match="slip"):
        typeset(TEMPLATE, {"language": "../../../etc/passwd"})

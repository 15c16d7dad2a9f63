"""The papers of supply, filled from what was asked, handed out, lent and offered."""

import io
import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hub.documents.catalogue import load_forms
from hub.office.papering.fitting import fitted
from hub.office.papers import Letterhead, Papers
from hub.workflows.settings import OfficeSettings
from tests.hub.office.supplying import (
    DIRECTOR,
    HEAD,
    ISSUED,
    NUMBER,
    SUPPLY,
    TEACHER,
    TECHNICIAN,
    ZONE,
    Office,
    supplied,
)

HEADED = OfficeSettings(name="สำนักงานตัวอย่าง", director_title="ผู้อำนวยการตัวอย่าง", digits="arabic")
ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
SIGNATURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with supplied(tmp_path) as office:
        yield office


@pytest.fixture
def printed(office: Office) -> Callable[[str, str], str]:
    """The text of a paper, without what has no width."""

    def text(number: str, form: str) -> str:
        pdf = papers(office).of_request(number, form, "pdf", HEAD, office.now)
        assert pdf is not None
        done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
        return bare(done.stdout.decode())

    return text


def bare(text: str) -> str:
    """Without spaces and signs that have no width; a vowel that a font writes twice once."""
    return re.sub(r"(ํ)\1", r"\1", re.sub(r"[\s\u200b\u2060]", "", unicodedata.normalize("NFKC", text)))


def papers(office: Office) -> Papers:
    return Papers(office.store, Letterhead(HEADED, "", "https://hub.example", ZONE), office.requests.engine.definitions)


def test_f08_tells_what_was_asked_handed_out_and_left(office: Office, printed: Callable[[str, str], str]) -> None:
    number = office.open("material_request", TECHNICIAN, purpose="ซ่อมจาน", items=[*ISSUED, *ISSUED])
    office.move(number, "approve", HEAD)
    office.move(number, "issue", SUPPLY, issued=ISSUED, place="office", received_by="ผู้รับตัวอย่าง")
    text = printed(number, "F08")
    for told in ("1/2570", "LNB-U", "ซ่อมจาน", "Technician", "Supply"):
        assert bare(told) in text, told
    data = papers(office).of_request(number, "F08", "xlsx", HEAD, office.now)
    assert data is not None
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][1:6] == ["LNB-U", 8, "ตัว", 4, 1]


def test_f10_has_the_prices_and_what_the_director_said(office: Office, printed: Callable[[str, str], str]) -> None:
    number = office.open("purchase_request", TECHNICIAN, subject="หัวรับสัญญาณ", school="cpm3/30010012")
    items = [
        {"item": "LNB-U", "quantity": 10, "price": 250.25},
        {"what": "สาย", "quantity": 2, "unit": "ม้วน", "price": 100},
    ]
    written = {"reason": "หมด", "specification": "ตามแบบ", "reference_price": 2502.5, "price_source": "ตลาด"}
    written |= {"budget": 2502.5, "fund": "งบดำเนินงาน", "needed_on": "2026-12-15", "method": "specific"}
    inspectors = [{"name": "กรรมการตัวอย่าง"}]
    office.move(number, "prepare", SUPPLY, items=items, inspectors=inspectors, method_reason="น้อย", **written)
    assert bare("\u2611อนุมัติ") not in printed(number, "F10")
    memo = printed(number, "M01")
    for told in ("ขออนุมัติซื้อหัวรับสัญญาณ", "๒,๕๐๒.๕๐", "เฉพาะเจาะจง", "งบดำเนินงาน", "ผู้อำนวยการตัวอย่าง", "Supply"):
        assert bare(told).translate(ARABIC) in memo.translate(ARABIC), told
    office.move(number, "approve", DIRECTOR)
    assert bare("\u2611อนุมัติ") in printed(number, "M01")
    text = printed(number, "F10")
    for told in ("2,702.50", "ผู้อำนวยการตัวอย่าง", "สองพันเจ็ดร้อยสองบาทห้าสิบสตางค์", "Director"):
        assert bare(told) in text, told
    assert bare("\u2611อนุมัติ") in text
    # It is bought for a school; who asks for it sits in the office.
    assert bare("สำนักงานตัวอย่าง") in text
    assert bare("โรงเรียน 30010012") not in text


def test_f11_tells_how_it_came_back_and_carries_the_signature(
    office: Office, printed: Callable[[str, str], str]
) -> None:
    given = {"purpose": "ระหว่างซ่อม", "phone": "044", "from_on": "2026-11-23", "due_on": "2026-11-27"}
    number = office.open("loan", TEACHER, **given, school="cpm3/30010012", scope="outside")
    rows = [{"asset": NUMBER, "what": "กล่อง", "quantity": 1}]
    office.move(number, "approve", SUPPLY, items=rows)
    office.move(number, "hand_out", TECHNICIAN, due_on="2026-11-27", borrower_signature=SIGNATURE)
    office.move(number, "take_back", SUPPLY, back=[{**rows[0], "after": "ฝาแตก"}], condition="broken")
    text = printed(number, "F11")
    for told in (NUMBER, "ฝาแตก", "\u2611ชำรุด", "\u2611นำออกนอกสถานที่"):
        assert bare(told) in text, told


def test_f11_tells_of_all_parts_in_which_it_came_back(office: Office, printed: Callable[[str, str], str]) -> None:
    given = {"purpose": "ระหว่างซ่อม", "phone": "044", "from_on": "2026-11-23", "due_on": "2026-11-27"}
    number = office.open("loan", TEACHER, **given, school="cpm3/30010012", scope="outside")
    office.move(number, "approve", SUPPLY, items=[{"item": "LNB-U", "quantity": 2}])
    office.move(number, "hand_out", TECHNICIAN, due_on="2026-11-27", borrower_signature=SIGNATURE)
    one = {"item": "LNB-U", "quantity": 1}
    office.move(number, "take_back_some", SUPPLY, back=[{**one, "condition": "lost"}])
    office.move(number, "take_back", SUPPLY, back=[{**one, "after": "มีรอย"}], condition="whole")
    assert bare("สูญหาย, มีรอย") in printed(number, "F11")


def test_f13_and_f14_tell_who_meets_what(office: Office, printed: Callable[[str, str], str]) -> None:
    number = office.open("specification", TECHNICIAN, name="จาน", quantity=5, unit="ชุด")
    proposed = {"purpose": "รับ DLTV", "criteria_ref": "ตลาด", "reference_price": 5000, "chair": "ประธานตัวอย่าง"}
    office.move(number, "propose", SUPPLY, requirements=[{"topic": "ขนาด", "minimum": "75 ซม."}], **proposed)
    office.move(number, "agree", DIRECTOR)
    offers = [{"bidder": "ร้าน ก", "price": 900}, {"bidder": "ร้าน ข", "price": 1000}]
    compared = [{"topic": "ขนาด", "minimum": "75 ซม.", "meets1": "no", "meets2": "yes"}]
    said = {"chosen": "o2", "opinion": "รายที่สองผ่าน", "no_interest": "yes"}
    office.move(number, "compare", SUPPLY, offers=offers, comparison=compared, **said)
    assert "ประธานตัวอย่าง" in printed(number, "F13")
    text = printed(number, "F14")
    for told in ("ขนาด:75", "1,000.00", "รายที่สองผ่าน"):
        assert bare(told) in text, told


def test_what_is_too_long_for_a_line_is_cut_and_lines_are_joined() -> None:
    form = load_forms()["F08"].declaration
    found = fitted(
        form, {"unit": "ก\nข " + "ค" * 600, "purpose": "หนึ่ง\nสอง", "day": None, "items": [{"note": "", "item": "x"}]}
    )
    assert (len(found["unit"]), found["unit"][:4], found["unit"][-1]) == (500, "ก ข ", "…")
    assert (found["purpose"], found["items"]) == ("หนึ่ง\nสอง", [{"item": "x"}])
    assert "day" not in found


def test_a_number_has_no_more_decimals_than_its_place() -> None:
    form = load_forms()["F13"].declaration
    assert fitted(form, {"warranty_years": 1.23456, "qty": 5}) == {"warranty_years": 1.235, "qty": 5}

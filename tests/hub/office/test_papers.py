"""Papers of live data: their number, their heading, and who gets them."""

import io
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from hub.core.people import Principal, PrincipalKind, Role
from hub.documents.filling import WrongValues
from hub.office.papering.facts import Facts
from hub.office.papers import Letterhead, Papers
from hub.requesting import Requests, make_engine
from hub.store.engine import open_engine, upgrade
from hub.store.unit_of_work import Store
from hub.workflows.engine import Wish
from hub.workflows.settings import DistrictOffice, OfficeSettings
from tests.stores import database

ZONE = ZoneInfo("Asia/Bangkok")
NOW = 1_795_157_100_000
"""20 Nov 2026, 13:45 in Thailand."""
SETTINGS = OfficeSettings(name="สพป.ตัวอย่าง เขต 3", group="กลุ่มสื่อสาร", digits="arabic")
TECHNICIAN = Principal(PrincipalKind.PERSON, "1", "ช่างสมมติ", frozenset({Role.TECHNICIAN}))
SCHOOL = Principal(PrincipalKind.PERSON, "3", "ครูสมมติ", frozenset({Role.SCHOOL}), school="30010027")
CALLED = {"caller": "ครูมานี", "phone": "044 000 000", "question": "ภาพกระตุก"}
ASKED = {"program": "โปรแกรมสมมติ", "device_name": "เครื่องห้อง ป.1"}


def items(facts: Facts) -> Mapping[str, Any]:
    """Of a form whose table goes to a workbook."""
    return {
        "number": facts.number,
        "day": facts.day(facts.now),
        "requester": facts.opened(),
        "purpose": facts.text("caller"),
        "reason": None,
        "items": [{"item": facts.text("question"), "asked": 2, "note": ""}],
    }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    opened = Store(engine)
    yield opened
    opened.close()


@pytest.fixture
def requests(store: Store) -> Requests:
    engine = make_engine(OfficeSettings(), ZONE)
    called = engine.definitions["phone_consult"]
    opening = called.opening.model_copy(update={"documents": ("F08", "F31", "F33")})
    engine.definitions = {"phone_consult": called.model_copy(update={"opening": opening})}
    return Requests(store, engine, lambda: NOW)


@pytest.fixture
def papers(store: Store, requests: Requests) -> Papers:
    head = Letterhead(SETTINGS, "สำนักงาน", "https://hub.example", ZONE)
    return Papers(store, head, requests.engine.definitions, {("phone_consult", "F08"): items})


@pytest.fixture
def number(requests: Requests) -> str:
    return requests.open("phone_consult", Wish(CALLED), TECHNICIAN).number


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def test_a_paper_is_headed_and_numbered(papers: Papers, number: str) -> None:
    pdf = papers.of_request(number, "F08", "pdf", TECHNICIAN, NOW)
    assert pdf is not None
    text = text_of(pdf)
    assert "1/2570" in text
    assert "044" not in text


def test_its_table_is_a_workbook(papers: Papers, number: str) -> None:
    data = papers.of_request(number, "F08", "xlsx", TECHNICIAN, NOW)
    assert data is not None
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == ["ภาพกระตุก", None, 2]


def test_what_is_offered_says_what_the_hub_fills(papers: Papers, number: str, requests: Requests) -> None:
    found = requests.look.one(number)
    assert found is not None
    assert [(each.form, each.kinds) for each in papers.offered(*found)] == [
        ("F08", ("pdf", "xlsx")),
        ("F31", ("pdf",)),
        ("F33", ()),
    ]


def test_a_form_without_a_builder_is_the_record_of_its_request(papers: Papers, number: str) -> None:
    pdf = papers.of_request(number, "F31", "pdf", TECHNICIAN, NOW)
    assert pdf is not None
    text = text_of(pdf)
    assert number in text
    assert "ภาพกระตุก" in text


def test_others_get_no_paper(papers: Papers, number: str) -> None:
    assert papers.of_request(number, "F08", "pdf", SCHOOL, NOW) is None
    assert papers.of_request("PC-2570-9999", "F08", "pdf", TECHNICIAN, NOW) is None
    assert papers.of_request(number, "F33", "pdf", TECHNICIAN, NOW) is None
    assert papers.of_request(number, "F31", "xlsx", TECHNICIAN, NOW) is None
    assert papers.of_request(number, "F10", "pdf", TECHNICIAN, NOW) is None


def test_any_part_prints_by_the_form_and_the_subject(papers: Papers) -> None:
    for _ in range(2):
        pdf = papers.print_paper("F08", {"unit": "คลัง"}, subject="asset:12", who=TECHNICIAN, now=NOW)
        assert "1/2570" in text_of(pdf)
    assert papers.number("F08", subject="asset:13", who=TECHNICIAN, now=NOW).count == 2


def test_values_that_do_not_fit_are_told(papers: Papers) -> None:
    with pytest.raises(WrongValues, match="nothing_of_it"):
        papers.print_paper("F08", {"nothing_of_it": 1}, subject="asset:12", who=TECHNICIAN, now=NOW)


class TestDistricts:
    """One district of the hub has a letterhead of its own."""

    @pytest.fixture
    def papers(self, store: Store, requests: Requests) -> Papers:
        own = DistrictOffice(name="สพป.ตัวอย่าง เขต 1", phone="044 000 001")
        office = SETTINGS.model_copy(update={"districts": {"cpm1": own}})
        head = Letterhead(office, "", "https://hub.example", ZONE)
        return Papers(store, head, requests.engine.definitions, {("phone_consult", "F08"): items})

    def test_its_papers_have_its_head_and_what_it_leaves_out_is_that_of_the_hub(self, papers: Papers) -> None:
        told = {"unit": "คลัง"}
        pdf = papers.of("cpm1").print_paper("F08", told, subject="asset:1", who=TECHNICIAN, now=NOW)
        text = text_of(pdf)
        assert "สพป.ตัวอย่าง เขต 1" in text
        assert "กลุ่มสื่อสาร" in text
        assert "เขต 3" not in text

    def test_its_papers_have_numbers_of_their_own(self, papers: Papers) -> None:
        numbers = [
            papers.of(group).number("F08", subject=f"asset:{at}", who=TECHNICIAN, now=NOW).count
            for at, group in enumerate(("cpm3", "cpm3", "cpm1", None, "cpm1"))
        ]
        assert numbers == [1, 2, 1, 3, 2]

    def test_what_tells_of_one_district_alone_is_printed_by_its_office(self, papers: Papers) -> None:
        told = {"unit": "คลัง"}
        for groups, office in ((["cpm1"], "สพป.ตัวอย่าง เขต 1"), (["cpm1", "cpm3"], SETTINGS.name), ([], SETTINGS.name)):
            subject = f"trip:{'+'.join(groups)}"
            pdf = papers.of_all(groups).print_paper("F08", told, subject=subject, who=TECHNICIAN, now=NOW)
            assert office in text_of(pdf)

    def test_what_was_printed_before_keeps_its_number(self, papers: Papers) -> None:
        before = papers.number("F08", subject="asset:1", who=TECHNICIAN, now=NOW)
        assert papers.of("cpm1").number("F08", subject="asset:1", who=TECHNICIAN, now=NOW) == before

    def test_a_request_of_the_district_is_printed_by_its_office(self, papers: Papers, requests: Requests) -> None:
        mine = replace(TECHNICIAN, groups=frozenset({"cpm1"}))
        number = requests.open("phone_consult", Wish(CALLED), mine).number
        pdf = papers.of_request(number, "F08", "pdf", mine, NOW)
        assert pdf is not None
        assert "สพป.ตัวอย่าง เขต 1" in text_of(pdf)

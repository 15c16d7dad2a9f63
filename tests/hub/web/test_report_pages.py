"""Reports on the page, as papers, as a workbook and over JSON; and the work calendar."""

import io
import subprocess
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, update

from hub.core.assets import Asset, Deed
from hub.core.findings import RoomDay
from hub.core.people import Permission, Role
from hub.store.assets import AssetRows
from hub.store.repair_tables import repair
from hub.store.tables import device, school, ticket
from hub.store.workflow_tables import request, request_entry

By = Callable[[Role], httpx.Client]
NOW, HOUR, DAY = 1_795_157_100_000, 3_600_000, 86_400_000
MONDAY = NOW - 11 * DAY
"""9 November 2026, 13:45."""
ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@pytest.fixture
def quarter(fleet: Any, district: Any) -> None:
    """A week of November: one lesson of six hours lost to a television, mended by a repair that the hub opened itself."""
    with fleet.store.begin() as work:
        work.connection.execute(update(school).values(pupils=64))
        rows = {"group": "cpm3", "node": "30010012", "device": "p1-tv"}
        work.connection.execute(
            update(ticket)
            .where(ticket.c.id == district.open_ticket)
            .values(onset_at=MONDAY - 4 * HOUR, opened_at=MONDAY, recovered_at=MONDAY + 20 * HOUR)
        )
        values = {"school": "cpm3/30010012", "symptom": "จอดำ", "channel": "automatic", "cost": 1250.5, "rating": "r4"}
        told = {
            "type": "repair",
            "state": "closed",
            "is_open": False,
            "group": "cpm3",
            "school": "30010012",
            "opened_by": "hub",
            "opened_name": "",
            "opened_at": MONDAY,
            "entered_at": MONDAY + DAY,
            "values": values,
            "spent": {},
            "worked": 9 * HOUR,
            "reminded": [],
            "version": 3,
        }
        number = work.connection.execute(insert(request).values(number="RP-2570-0001", **told)).inserted_primary_key[0]
        moved = {
            "at": MONDAY,
            "told": "moved",
            "who": "x",
            "name": "",
            "target": "vendor_claim",
            "values": {},
            "note": "",
        }
        work.connection.execute(insert(request_entry).values(request_id=number, documents=[], **moved))
        work.connection.execute(
            insert(repair).values(number="RP-2570-0001", ticket_id=district.open_ticket, token="t", reports=0, **rows)
        )
        asset = Asset("cpm3", "tv", "7730-1", school="30010012", acquired_on=date(2019, 5, 1), device="p1-tv")
        AssetRows(work.connection).add(asset, Deed("added", "x", "", NOW))
        work.connection.execute(update(device).values(room="ป.1"))
    days = [RoomDay("cpm3", "30010012", "ป.1", f"2026-11-{day:02}", {}, 180.0) for day in range(2, 7)]
    fleet.room_days(*days, RoomDay("cpm3", "30010012", "ป.1", "2026-11-09", {"tv_failed": 360.0}, 0.0))


def text(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def test_the_running_quarter_is_shown(client: httpx.Client, quarter: None) -> None:
    page = client.get("/reports?lang=en").text
    assert "Quarter 1 of fiscal year 2570 (Oct 2026 – Dec 2026)" in page
    assert "It is still running" in page
    # Six lost hours of 105: fifteen class days of seven hours since the room is known, the last not over.
    assert "0 of 1 that are measured" in page
    assert "94.2%" in page
    assert "1,250.50" in page


def test_what_a_repair_saved_is_the_class_until_its_limit(client: httpx.Client, quarter: None) -> None:
    told = client.get("/api/v1/reports/2569-11").json()
    # Well again on Tuesday at 9:45; seven working days of the limit end on Wednesday of the week after, at 13:45.
    assert told["figures"]["saved_min"] == 345 + 5 * 420 + 315
    assert told["figures"]["lost_by_cause"] == [["tv_failed", 360.0]]
    assert told["repairs"]["by_kind"][0]["routes"] == {"own": 0, "vendor": 1, "bought": 0, "beyond": 0}
    assert told["small_schools"] == {"small": 1, "measured": 1, "working": 0, "unmeasured": 0, "share": 0.0}
    assert told["ratings"] == [{"about": "repair", "mean": 4.0, "deviation": 0.0, "count": 1}]
    assert told["ages"][0]["outlived"] == 1


def test_a_month_without_anything_says_so(client: httpx.Client, quarter: None) -> None:
    told = client.get("/api/v1/reports/2569-01").json()
    assert (told["small_schools"]["share"], told["figures"]["available"]) == (None, None)
    assert client.get("/reports?period=2569-01").status_code == 200


def test_an_empty_register_says_what_to_do(client: httpx.Client) -> None:
    assert "Import a list of schools" in client.get("/reports?lang=en").text


@pytest.mark.parametrize("period", ["2569-11", "2570-q1", "2570"])
@pytest.mark.parametrize("form", ["F07", "F17", "F18", "F19", "F28", "M01"])
def test_each_paper_is_printed(client: httpx.Client, quarter: None, period: str, form: str) -> None:
    answer = client.get(f"/reports/{period}/{form}.pdf")
    if (form, period) in (("F28", "2569-11"), ("F28", "2570-q1"), ("M01", "2569-11")):
        assert answer.status_code == 404
        return
    assert answer.headers["content-type"] == "application/pdf", answer.text
    assert "2570" in text(answer.content).translate(ARABIC)


@pytest.mark.parametrize(("period", "told"), [("2570-q1", "รายงานผลการแจ้งซ่อมไตรมาสที่1"), ("2570", "ปีงบประมาณพ.ศ.2570")])
def test_a_memorandum_puts_a_report_before_the_director(
    client: httpx.Client, quarter: None, period: str, told: str
) -> None:
    assert f"/reports/{period}/M01.pdf" in client.get(f"/reports?period={period}").text
    paper = text(client.get(f"/reports/{period}/M01.pdf").content).translate(ARABIC)
    assert told in "".join(paper.split())


def test_a_paper_keeps_its_number(client: httpx.Client, quarter: None) -> None:
    first, again = (text(client.get("/reports/2570-q1/F17.pdf").content) for _ in range(2))
    other = text(client.get("/reports/2569-11/F17.pdf").content)
    assert ("1/2570" in first, "1/2570" in again, "2/2570" in other) == (True, True, True)


def test_all_tables_go_into_a_workbook(client: httpx.Client, quarter: None) -> None:
    book = load_workbook(io.BytesIO(client.get("/reports/2570-q1/report.xlsx?lang=en").content))
    assert book.sheetnames[:3] == ["Summary", "Schools", "Months"]
    rows = list(book["Schools"].iter_rows(values_only=True))
    assert rows[1][:4] == ("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน", 64)
    assert book["Repairs"]["I2"].value == 1250.5


@pytest.mark.parametrize(
    "path",
    [
        "/reports?period=2570-13",
        "/reports/x/F17.pdf",
        "/reports/2570-q1/F01.pdf",
        "/reports?group=other",
        "/api/v1/reports/x",
    ],
)
def test_what_is_not_there_is_not_found(client: httpx.Client, quarter: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_work_calendar_is_a_page_a_paper_and_a_list(client: httpx.Client, quarter: None) -> None:
    page = client.get("/reports/calendar?lang=en").text
    assert 'id="now"' in page
    assert "Readiness for the second term" in page
    assert "1 พฤศจิกายน" in text(client.get("/reports/calendar/2570/calendar.pdf").content)
    items = client.get("/api/v1/reports/calendar").json()["items"]
    assert [each["duty"] for each in items if each["this_month"] and len(each["months"]) < 12] == [
        "stock_check",
        "readiness_second_term",
    ]
    assert client.get("/reports/calendar/1/calendar.pdf").status_code == 404


def test_a_program_reads_a_report(anybody: httpx.Client, token: Any, quarter: None) -> None:
    anybody.headers["Authorization"] = f"Bearer {token(Role.GROUP_HEAD, Permission.SEE_REPORTS)}"
    assert anybody.get("/api/v1/reports/2570-q1").json()["first"] == "2026-10-01"
    assert anybody.get("/reports/2570-q1/F17.pdf").status_code == 200


def test_a_school_sees_no_report(as_role: By) -> None:
    assert as_role(Role.SCHOOL).get("/reports").status_code == 403

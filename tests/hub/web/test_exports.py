"""Lists as files that an office goes on working with, and tables that are sorted where they are read."""

import csv
import io
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from benchmarks.reports import District, Sizes
from hub.core.findings import RoomDay
from hub.core.people import Role
from tests.hub.web.looking import Seats, look

PROGRAM = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
CALL = {"caller": "ครูมานี", "phone": "044 000 000", "question": "=1+1 ภาพกระตุก"}


def table(client: httpx.Client, path: str, **asked: str) -> list[list[str]]:
    answer = client.get(path, params={"lang": "en", **asked})
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_tickets_are_told_in_words_with_their_schools(client: httpx.Client, district: Any) -> None:
    heading, *rows = table(client, "/tickets/export.csv", show="all")
    assert heading[:4] == ["Number", "District", "School code", "School"]
    assert {int(row[0]) for row in rows} == {district.open_ticket, district.recovered_ticket, district.closed_ticket}
    assert all(not row[6].startswith("cause.") and row[8].startswith("2026-11-") for row in rows)


def test_a_file_of_tickets_holds_what_was_searched(client: httpx.Client, district: Any) -> None:
    rows = table(client, "/tickets/export.csv", show="all", q=f"#{district.closed_ticket}")[1:]
    assert [int(row[0]) for row in rows] == [district.closed_ticket]


def test_requests_are_told_with_their_subjects_and_no_cell_is_a_formula(client: httpx.Client, district: Any) -> None:
    made = client.post("/api/v1/requests", json={"type": "phone_consult", "values": CALL}, headers=PROGRAM).json()
    row = table(client, "/requests/export.csv")[1]
    assert row[0] == made["number"]
    assert row[2] == f"'{CALL['question']}"
    sheet = load_workbook(io.BytesIO(client.get("/requests/export.xlsx").content)).active
    assert sheet is not None
    assert sheet.cell(2, 3).value == CALL["question"]
    assert sheet.cell(2, 3).data_type == "s"


def test_incidents_are_told_with_what_they_cost(client: httpx.Client, district: Any) -> None:
    assert table(client, "/incidents/export.csv")[0][-1] == "Lesson minutes lost"


def test_the_oldest_stand_first_where_they_are_asked_for(client: httpx.Client, district: Any) -> None:
    def numbers(**asked: str) -> list[int]:
        return [int(row[0]) for row in table(client, "/tickets/export.csv", show="all", **asked)[1:]]

    assert numbers(order="oldest") == sorted(numbers()) == numbers()[::-1]


def test_lessons_are_told_by_school_and_cause(client: httpx.Client, fleet: Any, district: Any) -> None:
    fleet.room_days(RoomDay("cpm3", "30010012", "ป.1", "2026-11-20", {"rain_fade": 45.0, "tv_failed": 20.0}, 120.0))
    heading, *rows = table(client, "/lessons/export.csv")
    assert heading == ["District", "School code", "School", "Cause", "Lesson minutes lost"]
    assert [(row[1], row[3], row[4]) for row in rows] == [
        ("30010012", "Rain fade", "45"),
        ("30010012", "TV or projector failed", "20"),
    ]
    assert table(client, "/lessons/export.csv", **{"from": "2026-10-01", "to": "2026-10-02"})[1:] == []


def test_the_use_of_every_room_is_told(client: httpx.Client, fleet: Any, district: Any) -> None:
    fleet.room_days(RoomDay("cpm3", "30010012", "ป.1", "2026-11-20", {"rain_fade": 45.0}, 120.0))
    heading, *rows = table(client, "/usage/export.csv", show="all")
    assert heading[:4] == ["District", "School code", "School", "Room"]
    (room,) = (dict(zip(heading, row, strict=True)) for row in rows if row[1] == "30010012")
    assert (room["Room"], room["Lesson minutes shown"], room["Lesson minutes lost"]) == ("ป.1", "120", "45")


def stand(page: Page, order: str) -> None:
    """Choose an order as people do."""
    page.locator("main select[name=order]").select_option(order)
    page.locator("main form:has(select[name=order]) button").click()
    expect(page.locator("main select[name=order]")).to_have_value(order)


@pytest.mark.parametrize("path", ["/tickets", "/requests"])
def test_a_list_is_turned_round_by_a_tap_and_back(sit: Seats, client: httpx.Client, district: Any, path: str) -> None:
    for number in range(3):
        values = {**CALL, "question": f"question {number}"}
        client.post("/api/v1/requests", json={"type": "phone_consult", "values": values}, headers=PROGRAM)
    page = sit(Role.GROUP_HEAD)
    page.goto(f"{path}?show=all")
    rows = page.locator("main .rows .row-link")
    newest = rows.evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    stand(page, "oldest")
    expect(rows.first).to_have_attribute("href", newest[-1])
    expect(rows.last).to_have_attribute("href", newest[0])
    look(page, f"oldest-{path[1:]}")
    stand(page, "newest")
    expect(rows.first).to_have_attribute("href", newest[0])


def test_a_school_is_told_only_its_own_requests(client: httpx.Client, as_role: Any, district: Any) -> None:
    client.post("/api/v1/requests", json={"type": "phone_consult", "values": CALL}, headers=PROGRAM)
    assert table(as_role(Role.SCHOOL), "/requests/export.csv")[1:] == []


@pytest.mark.parametrize(
    "path", ["/tickets/export.exe", "/requests/export.html", "/incidents/export.pdf", "/lessons/export.exe"]
)
def test_other_kinds_of_files_are_not_made(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_table_is_sorted_by_a_click_on_its_head(sit: Seats, fleet: Any) -> None:
    District(fleet.store, Sizes(schools=6, rooms=2, repairs=8, others=6)).write()
    page = sit(Role.GROUP_HEAD)
    page.goto("/reports?period=2570")
    found = page.locator("section[aria-labelledby=services] table")
    head = found.locator("thead th").nth(1)
    opened = found.locator("tbody tr > :nth-child(2)")
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    figures = [int(each.replace(",", "")) for each in opened.all_text_contents()]
    assert figures == sorted(figures)
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert [int(each.replace(",", "")) for each in opened.all_text_contents()] == sorted(figures, reverse=True)
    look(page, "table-sorted")

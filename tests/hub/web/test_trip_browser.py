"""A trip in a real browser, on a phone: proposed, planned, put in order, printed, driven."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from hub.core.people import Role
from hub.store.tables import school
from tests.hub.web.looking import PHONE, PHONE_EN, Screen, Seats, check, look

pytestmark = pytest.mark.e2e
PROGRAM = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
LONG = "โรงเรียนบ้านหนองน้ำใสวิทยาคารราษฎร์อุทิศอนุสรณ์มิตรภาพที่ 179 (สาขาบ้านโนนสะอาด)"
SCHOOLS = {"30010012": ("บ้านทุ่งดอกจาน", 15.90), "30010027": (LONG, 15.93), "30010041": ("บ้านโนนสูง", 15.96)}


@pytest.fixture
def repairs(fleet: Any, client: httpx.Client) -> None:
    for code, (name, lat) in SCHOOLS.items():
        fleet.school("cpm3", code, name)
        with fleet.store.begin() as work:
            work.connection.execute(update(school).where(school.c.code == code).values(lat=lat, lon=102.0))
        values = {"school": f"cpm3/{code}", "symptom": "ไม่มีภาพ", "phone": "044 000 000", "reporter": "ครูมานี"}
        client.post("/api/v1/requests", json={"type": "repair", "values": values}, headers=PROGRAM).raise_for_status()


@pytest.fixture(params=[PHONE, PHONE_EN], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def page(sit: Seats, repairs: None) -> Page:
    """The phone of a technician."""
    return sit(Role.TECHNICIAN)


def test_a_technician_plans_a_day_and_drives_it(page: Page) -> None:
    page.goto("/office")
    page.locator("main a[href='/trips']").click()
    look(page, "trips")
    page.locator("article a.button.main").first.click()
    expect(page.locator("input[name=repair]:checked")).to_have_count(3)
    look(page, "new")
    page.locator("#day").fill("2026-11-19")
    page.locator("#note").fill("พาบันได")
    page.locator("form.form button.main").click()
    expect(page.locator("#refused")).to_be_visible()
    expect(page.locator("#note")).to_have_value("พาบันได")
    page.locator("#day").fill("2026-11-20")
    page.locator("form.form button.main").click()
    page.wait_for_url("**/trips/1")
    expect(page.locator(".way-stop")).to_have_count(3)
    look(page, "trip")
    check(page)
    first = page.locator(".way-stop h3").first.text_content()
    page.locator(".way-stop-moves button[name=down]").first.click()
    expect(page.locator(".way-stop h3").nth(1)).to_have_text(first or "")
    assert page.request.get("/trips/1/sheet.pdf").body().startswith(b"%PDF")
    page.goto("/trips/mine")
    expect(page.locator(".way-stop")).to_have_count(3)
    expect(page.locator("a[href^='geo:']").first).to_be_visible()
    expect(page.locator("a[href='tel:044000000']").first).to_be_visible()
    look(page, "mine")
    page.goto("/trips/1")
    page.locator("button[name=driven]").click()
    page.wait_for_url("**/trips")
    expect(page.locator(".row.recovered")).to_have_count(1)

"""A trip in a real browser, on a phone: proposed, planned, put in order, printed, driven."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import update

from hub.core.people import Role
from hub.store.tables import school

pytestmark = pytest.mark.e2e
PROGRAM = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
LONG = "โรงเรียนบ้านหนองน้ำใสวิทยาคารราษฎร์อุทิศอนุสรณ์มิตรภาพที่ 179 (สาขาบ้านโนนสะอาด)"
SCHOOLS = {"30010012": ("บ้านทุ่งดอกจาน", 15.90), "30010027": (LONG, 15.93), "30010041": ("บ้านโนนสูง", 15.96)}
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
_ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGS.split())
        yield browser
        browser.close()


@pytest.fixture
def repairs(fleet: Any, client: httpx.Client) -> None:
    for code, (name, lat) in SCHOOLS.items():
        fleet.school("cpm3", code, name)
        with fleet.store.begin() as work:
            work.connection.execute(update(school).where(school.c.code == code).values(lat=lat, lon=102.0))
        values = {"school": f"cpm3/{code}", "symptom": "ไม่มีภาพ", "phone": "044 000 000", "reporter": "ครูมานี"}
        client.post("/api/v1/requests", json={"type": "repair", "values": values}, headers=PROGRAM).raise_for_status()


@pytest.fixture(params=["th", "en"])
def page(
    browser: Browser,
    base_url: str,
    as_role: Callable[[Role], httpx.Client],
    repairs: None,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """The phone of a technician."""
    context = browser.new_context(
        base_url=base_url, viewport={"width": 360, "height": 740}, has_touch=True, accept_downloads=True
    )
    context.set_default_timeout(10_000)
    session = as_role(Role.TECHNICIAN).cookies["session"]
    for name, value in (("session", session), ("lang", request.param)):
        context.add_cookies([{"name": name, "value": value, "url": base_url}])
    page, complaints = context.new_page(), list[str]()
    # The browser itself tells of every answer that refuses something.
    page.on("console", lambda message: complaints.append(message.text) if "422" not in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []
    context.close()


def look(page: Page, name: str) -> None:
    """It fits."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


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

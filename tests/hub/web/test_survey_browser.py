"""A survey as people walk through it: the office starts one, a school answers on a phone, the office accepts."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import update

from hub.core.findings import RoomDay
from hub.store.tables import school
from hub.web.settings import WebSettings

pytestmark = pytest.mark.e2e
PHONE, DESK = (360, 740), (1280, 800)
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
_ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
)
_TAPPED = "main .button, main .chip, main .choice, main select, main summary, .survey input"
_SMALL = """(tapped) => [...document.querySelectorAll(tapped)]
    .filter((target) => target.checkVisibility() && target.type !== "checkbox" && target.getBoundingClientRect().height < 44)
    .map((target) => target.outerHTML.slice(0, 90))"""
_UNNAMED = """[...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")]
    .filter((field) => !field.labels.length).map((field) => field.outerHTML)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGS.split())
        yield browser
        browser.close()


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture(params=[(PHONE, "th"), (DESK, "en")], ids=lambda it: f"{it[0][0]}-{it[1]}")
def page(browser: Browser, base_url: str, client: httpx.Client, request: pytest.FixtureRequest) -> Iterator[Page]:
    (width, height), language = request.param
    context = browser.new_context(base_url=base_url, viewport={"width": width, "height": height})
    context.set_default_timeout(10_000)
    for name, value in (("session", client.cookies["session"]), ("lang", language)):
        context.add_cookies([{"name": name, "value": value, "url": base_url}])
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    yield page
    # A sheet with a fault is answered with 422, which Chromium tells as an error of loading.
    assert [each for each in complaints if "422" not in each] == []
    context.close()


def look(page: Page, name: str) -> None:
    """The page fits, what is tapped is large, and every field has a name."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert page.evaluate(_SMALL, _TAPPED) == [], page.url
    assert page.evaluate(_UNNAMED) == [], page.url


def start(page: Page) -> None:
    page.goto("/office")
    page.locator("main a[href='/surveys']").click()
    look(page, "surveys-none")
    page.locator("main a[href='/surveys/new']").click()
    page.locator("[name=type][value=needs]").check()
    page.locator("[name=turn]").fill("รอบที่ 1/2570")
    page.locator("[name=due_on]").fill("2026-12-20")
    look(page, "survey-new")
    page.locator("main form button.main").click()
    expect(page.locator("#started")).to_be_visible()
    look(page, "survey")


def answer(page: Page) -> None:
    """Something is wrong first; what was typed and not sent is still there after the page was left."""
    page.locator("#sheet-1").click()
    look(page, "sheet-waiting")
    page.locator("a[href^='/s/']").click()
    look(page, "sheet")
    page.locator("[name='a.pupils']").fill("61")
    page.locator("[name='a.suggestion']").fill("ฝนตกแล้วภาพหาย")
    expect(page.locator("#survey")).to_have_attribute("data-kept", "")
    page.reload()
    expect(page.locator("#restored")).to_be_visible()
    expect(page.locator("[name='a.pupils']")).to_have_value("61")
    page.locator("form.survey button.main").click()
    expect(page.locator("#refused")).to_be_visible()
    expect(page.locator("[name='a.suggestion']")).to_have_value("ฝนตกแล้วภาพหาย")
    look(page, "sheet-faults")
    for name, words in (("responsible", "ครูมานี"), ("phone", "044 000 000"), ("informant", "ครูมานี ตั้งใจ")):
        page.locator(f"[name='a.{name}']").fill(words)
    page.locator("form.survey button.main").click()
    expect(page.locator("#done")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    look(page, "sheet-done")


def accept(page: Page) -> None:
    page.goto("/surveys/1/sheets/1")
    expect(page.locator("#differences + .card tbody tr")).to_have_count(1)
    look(page, "sheet-differences")
    page.locator("form[action$='/accept'] button").click()
    page.wait_for_url("**/surveys/1?show=answered")
    look(page, "survey-accepted")


def test_a_survey_is_started_answered_on_a_phone_and_accepted(page: Page, fleet: Any, district: Any) -> None:
    with fleet.store.begin() as work:
        work.connection.execute(update(school).values(pupils=64))
    fleet.room_days(*(RoomDay("cpm3", "30010012", "ป.1", f"2026-11-{day:02}", {}, 180.0) for day in range(2, 7)))
    start(page)
    answer(page)
    accept(page)

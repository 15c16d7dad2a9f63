"""Reports as people walk through them: a quarter, its months, the year, a paper, the work calendar; on a phone and at a desk."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.reports import District, Sizes
from hub.web.settings import WebSettings

pytestmark = pytest.mark.e2e
PHONE, DESK = (360, 740), (1280, 800)
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
_ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
)
_SMALL = """() => [...document.querySelectorAll("main .button, main .chip")]
    .filter((target) => target.checkVisibility() && target.getBoundingClientRect().height < 44)
    .map((target) => target.outerHTML.slice(0, 90))"""


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
    context = browser.new_context(base_url=base_url, viewport={"width": width, "height": height}, accept_downloads=True)
    context.set_default_timeout(15_000)
    for name, value in (("session", client.cookies["session"]), ("lang", language)):
        context.add_cookies([{"name": name, "value": value, "url": base_url}])
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    yield page
    assert complaints == []
    context.close()


def look(page: Page, name: str) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert page.evaluate(_SMALL) == [], page.url


def test_a_quarter_its_months_and_the_year_are_read_and_printed(page: Page, fleet: object, tmp_path: Path) -> None:
    District(fleet.store, Sizes(schools=6, rooms=2, repairs=4, others=2)).write()  # type: ignore[attr-defined]
    page.goto("/office")
    page.locator("main a[href='/reports']").click()
    look(page, "reports-quarter")
    page.locator("#span-month").click()
    page.locator("#before").click()
    expect(page.locator("#period")).to_contain_text(
        "2569" if page.locator("html").get_attribute("lang") == "th" else "2026"
    )
    page.locator("#span-year").click()
    look(page, "reports-year")
    with page.expect_download() as download:
        page.locator("#files a[href$='F28.pdf']").click()
    download.value.save_as(tmp_path / "F28.pdf")
    assert (tmp_path / "F28.pdf").read_bytes().startswith(b"%PDF")
    page.locator("#to-calendar").click()
    expect(page.locator("#now")).to_be_visible()
    look(page, "calendar")

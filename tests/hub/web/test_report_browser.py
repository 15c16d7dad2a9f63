"""Reports as people walk through them: a quarter, its months, the year, a paper, the work calendar; on a phone and at a desk."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.reports import District, Sizes
from hub.core.people import Role
from hub.web.settings import WebSettings
from tests.hub.web.looking import Seats, check, look

pytestmark = pytest.mark.e2e


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def page(sit: Seats) -> Page:
    return sit(Role.GROUP_HEAD)


def test_a_quarter_its_months_and_the_year_are_read_and_printed(page: Page, fleet: object, tmp_path: Path) -> None:
    District(fleet.store, Sizes(schools=6, rooms=2, repairs=4, others=2)).write()  # type: ignore[attr-defined]
    page.goto("/office")
    page.locator("main a[href='/reports']").click()
    look(page, "reports-quarter")
    check(page)
    page.locator("#span-month").click()
    page.locator("#before").click()
    expect(page.locator("#period")).to_contain_text(
        "2569" if page.locator("html").get_attribute("lang") == "th" else "2026"
    )
    page.locator("#span-year").click()
    look(page, "reports-year")
    check(page)
    with page.expect_download() as download:
        page.locator("#files a[href$='F28.pdf']").click()
    download.value.save_as(tmp_path / "F28.pdf")
    assert (tmp_path / "F28.pdf").read_bytes().startswith(b"%PDF")
    page.locator("#to-calendar").click()
    expect(page.locator("#now")).to_be_visible()
    look(page, "calendar")
    check(page)

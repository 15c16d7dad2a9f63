"""A file that takes a while to make: the page says so until it is there, and what to do where it cannot be made."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from hub.core.people import Role
from hub.web.settings import WebSettings
from tests.hub.web.looking import Screen, Seats, look

pytestmark = pytest.mark.e2e
SLIPS = "a[href$='slips.pdf?paper=th']"


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def page(sit: Seats, district: Any) -> Page:
    page = sit.another(Role.ADMIN, worker=False)
    page.goto("/admin/enrolment?show=all")
    page.locator("input[name=schools]").first.check()
    page.locator("form:has(input[name=schools]) button.main").click()
    page.wait_for_url("**/admin/enrolment/1")
    return page


def test_it_says_for_how_long_until_the_browser_has_the_file(page: Page, screen: Screen) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/slips.pdf*", hold)
    with page.expect_request("**/slips.pdf*"):
        page.locator(SLIPS).click()
    expect(page.locator("[data-said]")).to_be_visible()
    look(page, "preparing")
    # Who is impatient makes it no second time.
    page.locator(SLIPS).click()
    with page.expect_download() as download:
        held[0].continue_()
    assert download.value.suggested_filename == "slips-1-th.pdf"
    expect(page.locator("[data-said]")).to_contain_text("slips-1-th.pdf")
    assert len(held) == 1


def test_what_cannot_be_made_is_said(sit: Seats, page: Page) -> None:
    page.route("**/slips.pdf*", lambda route: route.abort())
    page.locator(SLIPS).click()
    expect(page.locator("[data-said]")).to_contain_text(
        page.locator("main").evaluate("""() =>
        JSON.parse(document.querySelector('[data-preparing]').dataset.preparing).failed""")
    )
    # The browser tells of a request that failed, too.
    assert all("slips.pdf" in each or "ERR_FAILED" in each for each in sit.complaints())

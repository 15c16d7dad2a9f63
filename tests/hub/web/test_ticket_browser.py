"""A ticket on a phone and at a desk: what the readings show as a curve, the way there, the day of whoever drives."""

import subprocess
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from hub.core.people import Role
from hub.store.tables import school
from tests.hub.web.looking import PATIENCE_MS, PHONE, Seats, check, look

pytestmark = pytest.mark.e2e
NOW, HOUR = 1_795_157_100_000, 3_600_000
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def place(fleet: Any, district: Any) -> None:
    """The school is on the map, and its set answered until an hour ago."""
    with fleet.store.begin() as work:
        work.connection.execute(update(school).values(lat=15.91234, lon=102.05678))
    answers = [(NOW - n * HOUR // 12, {"device/reachable": n > 12}) for n in range(72, 0, -1)]
    fleet.reports(district.journal, district.tv, answers)


def test_a_ticket_shows_what_speaks_and_the_way_there(sit: Seats, place: None) -> None:
    page = sit(Role.TECHNICIAN)
    page.goto("/tickets/1")
    expect(page.locator("a[href^='geo:15.91234,102.05678']")).to_be_visible()
    page.locator("[data-speaks]").evaluate("place => place.scrollIntoView()")
    expect(page.locator("[data-speaks][data-drawn='1'] canvas")).to_be_visible(timeout=PATIENCE_MS)
    look(page, "ticket-speaks")
    check(page)


def test_a_chart_that_cannot_be_drawn_leaves_no_hole(sit: Seats, place: None) -> None:
    page = sit.another(Role.TECHNICIAN, worker=False)
    page.route("**/api/v1/series*", lambda route: route.fulfill(json={"since": 0, "until": 1, "series": []}))
    page.goto("/tickets/1")
    expect(page.locator("[data-speaks][data-begun]")).to_be_attached()
    page.locator("[data-speaks]").evaluate("place => place.scrollIntoView()")
    expect(page.locator(".speaks")).to_be_hidden()
    expect(page.locator(".evidence li").first).to_be_visible()


def ink(paper: bytes) -> int:
    """How much of the sheets is dark, in dots of 100 an inch."""
    asked = ["pdftoppm", "-r", "100", "-gray", "-"]
    pages = subprocess.run(asked, input=paper, capture_output=True, check=True, timeout=60).stdout
    return sum(each < 100 for each in pages)


def test_a_chart_stands_on_paper_in_black_also_where_nobody_has_scrolled_to_it(sit: Seats, place: None) -> None:
    page = sit(Role.TECHNICIAN)
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 100})  # type: ignore[index]
    page.goto("/tickets/1")
    expect(page.locator("[data-speaks][data-drawn='1'] canvas")).to_be_attached(timeout=PATIENCE_MS)
    whole = ink(page.pdf(format="A4"))
    page.locator("[data-speaks]").evaluate("place => { place.style.visibility = 'hidden' }")
    without = ink(page.pdf(format="A4"))
    # A curve as wide as the sheet, two lines down, and words beside them.
    assert whole - without > 1500


@pytest.mark.parametrize("screen", [PHONE], ids=str)
def test_my_day_leads_to_each_school_and_to_the_next_step(
    sit: Seats, place: None, as_role: Callable[[Role], httpx.Client]
) -> None:
    page, technician = sit(Role.TECHNICIAN), as_role(Role.TECHNICIAN)
    technician.get("/tickets/1").raise_for_status()
    me = technician.get("/outbox/me").json()["person"]
    trip = {"day": "2026-11-20", "driver": me, "repair": "RP-2570-0001", "note": "พาบันได"}
    assert technician.post("/trips/new", data=trip, headers=OURS).status_code == 303
    page.goto("/trips/mine")
    expect(page.locator(".day-stop a[href^='geo:']")).to_be_visible()
    look(page, "my-day")
    page.locator(".day-job .button.main").click()
    page.wait_for_url("**/requests/RP-2570-0001#step-*")
    expect(page.locator(".step-form[open]")).to_have_count(1)

"""How much the first look at a page costs whoever pays for it: 150 kB in all, as it goes over the line."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from hub.core.people import Role
from hub.store.tables import school
from tests.hub.web.looking import PHONE, Screen, Seats, measure, settle

pytestmark = pytest.mark.e2e
MOST = 150_000
SCHOOL = "/schools/cpm3/30010012"
_SIZES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map((each) => [new URL(each.name).pathname, each.transferSize, each.decodedBodySize])"""


@pytest.fixture
def screen() -> Screen:
    return PHONE


def cost(page: Page, path: str) -> dict[str, int]:
    """Bytes over the line, by what was fetched."""
    page.goto(path)
    settle(page)
    measure(page, "() => document.fonts.ready.then(() => true)")
    return {name: size for name, size, _ in measure(page, _SIZES)}


@pytest.mark.parametrize("path", ["/", SCHOOL, "/tickets/1", "/office"])
def test_the_first_look_is_light(sit: Seats, district: Any, path: str) -> None:
    spent = cost(sit(Role.TECHNICIAN), path)
    assert sum(spent.values()) <= MOST, sorted(spent.items(), key=lambda each: -each[1])


def test_the_first_look_is_light_where_the_schools_have_places(sit: Seats, fleet: Any, district: Any) -> None:
    with fleet.store.begin() as work:
        work.connection.execute(update(school).values(lat=15.9, lon=101.2))
    page = sit(Role.TECHNICIAN)
    spent = cost(page, "/")
    expect(page.locator("#map-load")).to_be_visible()
    assert not any("leaflet" in name for name in spent)
    assert sum(spent.values()) <= MOST, sorted(spent.items(), key=lambda each: -each[1])


def test_what_is_text_is_sent_packed(sit: Seats, district: Any) -> None:
    page = sit(Role.TECHNICIAN)
    cost(page, SCHOOL)
    sizes = [
        (name, sent, held)
        for name, sent, held in measure(page, _SIZES)
        if name.endswith((".css", ".js")) and held > 2_000
    ]
    assert sizes
    assert [each for each in sizes if each[1] > 0.6 * each[2]] == []

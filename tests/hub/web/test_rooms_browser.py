"""A school's chain and lessons in a real browser, on a phone and at a desk."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.core.findings import Incident, RoomDay
from hub.core.people import Role
from tests.hub.web.looking import DESK, PHONE, Screen, Seats, check, look

pytestmark = pytest.mark.e2e
NOW, MINUTE = 1_795_157_100_000, 60_000
HOUR = 60 * MINUTE
SCHOOL = "/schools/cpm3/30010012"


@pytest.fixture(params=[PHONE, DESK], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def page(sit: Seats, fleet: Any, district: Any) -> Page:
    """Three rooms under one dish: one well, one whose TV failed, one without lock in the rain."""
    on = {"device/reachable": True, "power/on": True}
    fleet.device(district.node, "p2-receiver", "receiver", {**on, "signal/lock": True}, room="ป.2")
    fleet.device(district.node, "p2-tv", "tv", {**on, "input/signal": True}, room="ป.2")
    fleet.device(district.node, "p3-receiver", "receiver", {**on, "signal/lock": False}, room="ป.3")
    fleet.device(district.node, "p3-projector", "projector", {"device/reachable": True, "power/on": False}, room="ป.3")
    rain = (NOW - 3 * HOUR, None)
    fleet.incident(Incident("cpm3", "rain", "rain_fade", *rain, {"30010012": rain}))
    fleet.room_days(RoomDay("cpm3", "30010012", "ป.1", "2026-11-20", {"rain_fade": 60.0}, 60.0))
    steps = range(5 * 24 * 12)
    for device_id, values in ((district.receiver, {"signal/lock": True}), (district.tv, {"power/on": True})):
        fleet.reports(district.journal, device_id, [(NOW - 4 * HOUR - n * 5 * MINUTE, values) for n in steps])
    return sit(Role.TECHNICIAN)


def test_the_chain_leads_from_the_school_to_a_room_and_to_its_devices(page: Page) -> None:
    page.goto(SCHOOL)
    expect(page.locator(".chain")).to_have_count(1)
    expect(page.locator(".chain-part.trouble")).to_have_count(1)
    expect(page.locator(".chain .chain-sky")).to_have_count(1)
    look(page, "school-chain")
    check(page)
    page.locator(f".chain a[href^='{SCHOOL}/rooms/']").first.click()
    expect(page.locator("#room .chain-way")).to_have_count(3)
    expect(page.locator("#room .hour.lost").first).to_be_attached()
    look(page, "room")
    page.locator("#days-90").click()
    expect(page.locator("#days-90")).to_have_attribute("aria-current", "true")
    look(page, "room-quarter")
    check(page)
    page.locator("#room .chain a[href$='p1-receiver']").click()
    expect(page).to_have_url(f"{page.url.split('/schools')[0]}{SCHOOL}/devices/p1-receiver")

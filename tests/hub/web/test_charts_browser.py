"""The charts of a device in a real browser: looked at closer, compared, saved; on a phone and at a desk."""

import re
from math import sin
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from hub.core.findings import Incident
from hub.core.people import Role
from tests.hub.web.looking import DESK, PHONE, Screen, Seats, check, look

pytestmark = pytest.mark.e2e
NOW, MINUTE = 1_795_157_100_000, 60_000
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
RECEIVER = "/schools/cpm3/30010012/devices/p1-receiver"
_PINCH = """(chart) => {
    const box = chart.querySelector(".u-over").getBoundingClientRect();
    const touches = (...shares) => shares.map((share, identifier) =>
        new Touch({ identifier, target: chart, clientX: box.left + share * box.width, clientY: box.top + 50 }));
    const tell = (name, fingers) => chart.dispatchEvent(
        new TouchEvent(name, { touches: fingers, bubbles: true, cancelable: true }));
    tell("touchstart", touches(0.4, 0.6));
    tell("touchmove", touches(0.1, 0.9));
    tell("touchend", []);
}"""


@pytest.fixture(params=[PHONE, DESK], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def past(fleet: Any, district: Any) -> None:
    """Some weeks of two receivers, with rain now, and an hour in which nothing was heard."""
    other = fleet.device(
        district.node, "p2-receiver", "receiver", {"signal/lock": True, "signal/cnr_db": 11.0}, room="ป.2"
    )
    fleet.incident(
        Incident("cpm3", "rain", "rain_fade", NOW - 3 * HOUR, NOW - HOUR, {"30010012": (NOW - 3 * HOUR, NOW - HOUR)})
    )
    near = [NOW - n * 5 * MINUTE for n in range(280, 0, -1) if not 100 < n < 112]
    far = [NOW - n * 40 * MINUTE for n in range(60 * 36, 42, -1)]
    for device_id, level in ((district.receiver, 13.0), (other, 11.5)):
        told = [
            (
                t,
                {
                    "signal/cnr_db": level + sin(t / HOUR) - 3 * (NOW - 3 * HOUR < t < NOW - HOUR),
                    "signal/lock": t % 7 > 0,
                },
            )
            for t in (*far, *near)
        ]
        fleet.reports(district.journal, device_id, told)


@pytest.fixture
def page(sit: Seats, past: None) -> Page:
    return drawn(sit(Role.TECHNICIAN))


def drawn(page: Page) -> Page:
    page.goto(RECEIVER)
    expect(plots(page)).to_have_attribute("data-drawn", "24")
    return page


def plots(page: Page) -> Locator:
    return page.locator("#plots")


def chart(page: Page) -> Locator:
    return page.locator("[data-metric='signal/cnr_db']")


def shown(page: Page) -> str:
    return page.locator("#shown").text_content() or ""


def test_a_day_shows_what_stands_behind_the_curve(page: Page) -> None:
    expect(chart(page).locator("canvas")).to_have_count(1)
    expect(page.locator("#timeline .class").first).to_be_attached()
    expect(page.locator("#timeline .spell")).to_have_count(1)
    expect(page.locator("#timeline .event.ticket_opened").first).to_be_attached()
    page.locator(".happened-fold summary").click()
    expect(page.locator("#happened a[href='/incidents/cpm3/rain']")).to_be_visible()
    clock = {"th": r"\d\d\.\d\d\s+น\.", "en": r"\d\d:\d\d"}[page.locator("html").get_attribute("lang") or ""]
    expect(page.locator("#happened time").first).to_contain_text(re.compile(clock))
    expect(page.locator(".band[data-metric='signal/lock'] rect.yes").first).to_be_attached()
    expect(chart(page).locator(".chart-range")).not_to_be_empty()
    look(page, "charts-day")
    check(page)


def test_ninety_days_are_drawn_from_hours(page: Page) -> None:
    page.locator("[data-hours='2160']").click()
    expect(plots(page)).to_have_attribute("data-drawn", "2160")
    expect(page.locator("[data-hours='2160']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".band[data-metric='signal/lock'] rect.partly").first).to_be_attached()
    look(page, "charts-quarter")
    check(page)


def test_dragging_over_a_curve_shows_that_part_of_all(page: Page) -> None:
    curve = chart(page).locator(".u-over")
    curve.hover(position={"x": 60, "y": 60})
    page.mouse.down()
    curve.hover(position={"x": 140, "y": 60})
    page.mouse.up()
    expect(plots(page)).to_have_attribute("data-drawn", "zoomed")
    expect(page.locator("#shown")).not_to_be_empty()
    expect(page.locator("[data-hours][aria-pressed='true']")).to_have_count(0)
    look(page, "charts-zoomed")
    check(page)


def test_buttons_look_closer_farther_and_along(page: Page) -> None:
    told = [shown(page)]
    for name in ("closer", "earlier", "farther", "later"):
        page.locator(f"[data-steer='{name}']").click()
        expect(page.locator("#shown")).not_to_have_text(told[-1])
        expect(plots(page)).to_have_attribute("data-drawn", "zoomed")
        told.append(shown(page))
    page.locator("[data-hours='24']").click()
    expect(page.locator("#shown")).to_be_empty()
    expect(plots(page)).to_have_attribute("data-drawn", "24")


@pytest.mark.parametrize("screen", [PHONE], ids=str)
def test_two_fingers_look_closer(page: Page) -> None:
    chart(page).evaluate(_PINCH)
    expect(plots(page)).to_have_attribute("data-drawn", "zoomed")
    expect(page.locator("#shown")).not_to_be_empty()


def test_devices_of_the_same_kind_are_compared_and_saved(page: Page) -> None:
    expect(plots(page)).to_have_attribute("data-compared", "0")
    page.locator("[data-compare='p2-receiver']").click()
    expect(plots(page)).to_have_attribute("data-compared", "1")
    expect(page.locator("[data-compare='p2-receiver']")).to_have_attribute("aria-pressed", "true")
    look(page, "charts-compared")
    check(page)
    with page.expect_download() as download:
        chart(page).locator(".chart-file").click()
    head = download.value.path().read_text("utf-8-sig").splitlines()[0]
    assert head == "time,p1-receiver signal/cnr_db,p2-receiver signal/cnr_db"


def test_a_hub_that_cannot_answer_is_told_and_asked_again(past: None, sit: Seats) -> None:
    page = drawn(sit.another(Role.TECHNICIAN, worker=False))
    page.route("**/background*", lambda route: route.fulfill(status=500, body="{}"))
    page.locator("[data-hours='168']").click()
    expect(plots(page)).to_contain_class("failed")
    page.unroute("**/background*")
    assert all("status of 500" in each for each in sit.complaints())
    page.locator("[data-hours='720']").click()
    expect(plots(page)).to_have_attribute("data-drawn", "720")

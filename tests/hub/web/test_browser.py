"""The pages in a real browser: live, in both languages, on a phone, without a word to anybody else."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from hub.core.equipment import NodeKey
from hub.core.findings import Incident, RoomDay
from hub.core.live import Changes
from hub.core.people import Role
from hub.web.server import WebServer
from tests.hub.web.looking import DESK, DESK_TH, PHONE, PHONE_EN, Screen, Seats, look, measure, settle, unfold

pytestmark = pytest.mark.e2e
NOW, MINUTE = 1_795_157_100_000, 60_000
SCHOOL = "/schools/cpm3/30010012"
PAGES = [
    "/",
    SCHOOL,
    "/schools/cpm3/30010027",
    f"{SCHOOL}/computer",
    f"{SCHOOL}/devices/p1-receiver",
    "/tickets?show=all",
    "/tickets/1",
    "/tickets/2",
    "/incidents",
    "/incidents/cpm3/rain",
    "/lessons",
    "/usage?show=all",
    "/whatif",
    "/account",
    "/manage",
]
_DOTS_AT_AN_EDGE = """() => [...document.querySelectorAll("main .row-sub")].flatMap((line) => [...line.children]
    .filter((it, at, all) => !at || it.offsetTop > all[at - 1].offsetTop)
    .filter((it) => it.getBoundingClientRect().left >= line.getBoundingClientRect().left
        || getComputedStyle(it, "::after").content !== "none" || getComputedStyle(line).overflowX === "visible")
    .map((it) => it.outerHTML))"""
OFFICE = ["/people", "/people/2", "/audit", "/account"]
PASSWORD = "four odd stones sing"
RAIN = Incident("cpm3", "rain", "rain_fade", NOW - 50 * MINUTE, None, {"30010012": (NOW - 50 * MINUTE, None)})
ROOM = RoomDay("cpm3", "30010012", "ป.1", "2026-11-20", {"rain_fade": 45.0, "tv_failed": 20.0}, 120.0)
CHANGED = Changes(nodes=frozenset({NodeKey("cpm3", "30010012")}), tickets=frozenset({1}))


@pytest.fixture
def screen() -> Screen:
    return DESK_TH


@pytest.fixture
def phone(sit: Seats) -> Page:
    return sit(Role.GROUP_HEAD, PHONE)


@pytest.fixture(autouse=True)
def insights(fleet: Any) -> None:
    fleet.incident(RAIN)
    fleet.room_days(ROOM)


@pytest.fixture
def page(sit: Seats) -> Page:
    return sit(Role.GROUP_HEAD)


def figure(page: Page, metric: str) -> Any:
    return page.locator(f".tile [data-value='{metric}']")


def test_new_values_appear_at_the_word_of_the_hub_without_a_reload(page: Page, hub: Any, district: Any) -> None:
    page.goto(f"{SCHOOL}?lang=en")
    expect(figure(page, "host/cpu_pct")).to_have_text("12%")
    page.evaluate("window.sameDocument = true")
    for value in (55.0, 66.0, 77.0):
        hub.fleet.set_latest(1, {"host/cpu_pct": value})
        hub.live.publish(CHANGED)
        expect(figure(page, "host/cpu_pct")).to_have_text(f"{value:.0f}%")
    assert page.evaluate("window.sameDocument")


def test_a_new_ticket_appears_on_the_overview(page: Page, hub: Any, district: Any) -> None:
    page.goto("/?lang=en")
    expect(page.locator("#stat-tickets strong")).to_have_text("2")
    hub.fleet.ticket(district.node, "p1-ups", "tv_no_signal", ["no_signal"], [])
    hub.live.publish(CHANGED)
    expect(page.locator("#stat-tickets strong")).to_have_text("3")


def test_no_line_of_facts_begins_or_ends_with_a_dot(phone: Page, district: Any) -> None:
    phone.goto("/tickets?show=all")
    expect(phone.locator("main .row-sub > *").first).to_be_visible()
    assert measure(phone, _DOTS_AT_AN_EDGE) == []


def test_ages_count_on_by_themselves(page: Page, district: Any) -> None:
    made = page.goto("/?lang=en")
    assert made is not None
    assert re.search('<time data-age="1795157096000"[^>]*>just now</time>', made.text())
    expect(page.locator("[data-age='1795157096000']").first).to_have_text(re.compile(r"^\d+ (s|min) ago$"))


def test_the_other_language_is_one_click_away_and_stays(page: Page, district: Any) -> None:
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "th")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="What needs you now")).to_be_visible()
    page.get_by_role("link", name="Tickets", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("screen", [PHONE, PHONE_EN, DESK], ids=str)
def test_every_page_can_be_read_and_tapped(page: Page, screen: Screen, district: Any) -> None:
    for path in PAGES:
        page.goto(path)
        look(page)
        unfold(page)
        look(page)


def test_what_is_not_there_is_told(page: Page, sit: Seats) -> None:
    page.goto("/nowhere")
    look(page)
    (only,) = sit.complaints()
    assert "404" in only


@pytest.mark.parametrize("screen", [PHONE, PHONE_EN], ids=str)
def test_who_signs_in_by_the_keyboard_alone_reads_the_pages_of_the_office(sit: Seats, screen: Screen) -> None:
    page = sit(None)
    page.goto("/sign-in?next=/manage")
    look(page)
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("main a[href='/account'], main a[href='/people']").first).to_be_visible()
    settle(page)
    for path in OFFICE:
        page.goto(path)
        unfold(page)
        look(page)


def test_the_font_of_the_page_is_ours(page: Page, district: Any) -> None:
    page.goto("/")
    page.wait_for_function("document.fonts.check('600 16px Sarabun', 'ก')")
    loaded = page.evaluate("[...document.fonts].filter((face) => face.status === 'loaded').map((face) => face.family)")
    assert set(loaded) == {"Sarabun"}


def test_a_lost_connection_is_told_and_mends_itself(
    page: Page, sit: Seats, hub: Any, district: Any, another_hub: Callable[[], Any]
) -> None:
    first = WebServer(hub.app, hub.live, "127.0.0.1", 0)
    first.start()
    page.goto(f"http://127.0.0.1:{first.port}{SCHOOL}?lang=en")
    banner = page.locator("#connection")
    expect(figure(page, "host/cpu_pct")).to_have_text("12%")
    expect(banner).to_be_hidden()
    first.stop()
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("Connection to the hub lost")
    expect(page.locator("#connection-age")).to_contain_text(re.compile(r"\d (s|min) ago"))
    hub.fleet.set_latest(1, {"host/cpu_pct": 42.0})
    again = another_hub()
    second = WebServer(again.app, again.live, "127.0.0.1", first.port)
    second.start()
    expect(figure(page, "host/cpu_pct")).to_have_text("42%")
    expect(banner).to_be_hidden()
    second.stop()
    # The browser itself tells that nobody answered, at an address that is not the first one's.
    assert [each for each in sit.complaints() if "asked" not in each and "ERR_" not in each] == []


def test_a_ticket_is_moved_on_with_one_button(page: Page, district: Any) -> None:
    page.goto("/tickets/1?lang=en")
    page.locator("#step-inspect").click()
    page.locator("#inspect-note").fill("called the school")
    page.get_by_role("button", name="Take it on and inspect").click()
    expect(page.locator("#ticket .state")).to_have_text("Inspecting")
    expect(page.locator("blockquote")).to_have_text("called the school")
    expect(page.locator("#steps summary").first).to_have_text("The cause is known")


def moved_on(client: httpx.Client) -> None:
    """By somebody else, at another desk."""
    move = {"to": "inspecting", "version": 1}
    moved = client.post("/api/v1/tickets/1/moves", json=move, headers={"X-Requested-With": "test"})
    assert moved.status_code == 200, moved.text


def test_what_is_being_typed_is_not_pulled_away_and_a_stale_step_is_told(
    page: Page, hub: Any, district: Any, client: httpx.Client
) -> None:
    page.goto("/tickets/1?lang=en")
    page.locator("#step-cancel").click()
    page.get_by_label("Reason").fill("half a sentence")
    moved_on(client)
    hub.live.publish(CHANGED)
    expect(page.locator("#ticket .state")).to_have_text("Inspecting")
    expect(page.get_by_label("Reason")).to_have_value("half a sentence")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("changed this request")
    expect(page.get_by_label("Reason")).to_have_value("half a sentence")
    expect(page.locator("#ticket .state")).to_have_text("Inspecting")


def test_an_untouched_form_follows_the_ticket(page: Page, hub: Any, district: Any, client: httpx.Client) -> None:
    page.goto("/tickets/1?lang=en")
    moved_on(client)
    hub.live.publish(CHANGED)
    expect(page.locator("#steps summary").first).to_have_text("The cause is known")


def test_charts_show_curves_bands_and_gaps(page: Page, fleet: Any, district: Any) -> None:
    times = [t for t in range(NOW - 20 * 60 * MINUTE, NOW, 5 * MINUTE) if not 9 < (NOW - t) / (60 * MINUTE) < 12]
    reports = [(t, {"signal/cnr_db": 12 + t % 3 / 3, "signal/lock": t % 7 > 0}) for t in times]
    fleet.reports(district.journal, district.receiver, reports)
    page.goto(f"{SCHOOL}/devices/p1-receiver?lang=en")
    page.wait_for_selector("[data-drawn='24']")
    assert page.locator("[data-metric='signal/cnr_db'] canvas").count() == 1
    assert page.locator("[data-metric='signal/lock'] rect.yes").count() >= 2
    page.get_by_role("button", name="7 days").click()
    page.wait_for_selector("[data-drawn='168']")
    expect(page.get_by_role("button", name="7 days")).to_have_attribute("aria-pressed", "true")


def test_a_device_that_is_new_shows_its_first_hour(page: Page, fleet: Any, district: Any) -> None:
    fleet.reports(district.journal, district.receiver, [(NOW - 5 * MINUTE, {"signal/cnr_db": 12.0})])
    page.goto(f"{SCHOOL}/devices/p1-receiver?lang=en")
    page.wait_for_selector("[data-drawn='1']")
    expect(page.get_by_role("button", name="1 hour")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="24 hours").click()
    page.wait_for_selector("[data-drawn='24']")


def test_the_keyboard_reaches_the_content_first(page: Page, district: Any) -> None:
    page.goto("/?lang=en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

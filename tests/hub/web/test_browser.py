"""The pages in a real browser: live, in both languages, on a phone, without a word to anybody else."""

import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from hub.core.equipment import NodeKey
from hub.core.findings import Incident, RoomDay
from hub.core.live import Changes
from hub.web.server import WebServer

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
    "/nowhere",
]
RAIN = Incident("cpm3", "rain", "rain_fade", NOW - 50 * MINUTE, None, {"30010012": (NOW - 50 * MINUTE, None)})
ROOM = RoomDay("cpm3", "30010012", "ป.1", "2026-11-20", {"rain_fade": 45.0, "tv_failed": 20.0}, 120.0)
CHANGED = Changes(nodes=frozenset({NodeKey("cpm3", "30010012")}), tickets=frozenset({1}))
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
def state(client: httpx.Client, base_url: str) -> Any:
    """What a browser holds in which the head of the group has signed in."""
    cookie = {"name": "session", "value": client.cookies["session"], "domain": "127.0.0.1", "path": "/", "expires": -1}
    return {"cookies": [cookie | {"httpOnly": True, "secure": False, "sameSite": "Lax"}], "origins": []}


@pytest.fixture
def context(browser: Browser, base_url: str, state: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=base_url, storage_state=state, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def phone(browser: Browser, base_url: str, state: Any) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base_url, storage_state=state, viewport={"width": 360, "height": 740}, has_touch=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def insights(fleet: Any) -> None:
    fleet.incident(RAIN)
    fleet.room_days(ROOM)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def figure(page: Page, metric: str) -> Any:
    return page.locator(f".tile [data-value='{metric}']")


def test_new_values_appear_within_a_second_and_without_a_reload(page: Page, hub: Any, district: Any) -> None:
    page.goto(f"{SCHOOL}?lang=en")
    expect(figure(page, "host/cpu_pct")).to_have_text("12%")
    page.evaluate("window.sameDocument = true")
    times = []
    for value in (55.0, 66.0, 77.0):
        begun = time.monotonic()
        hub.fleet.set_latest(1, {"host/cpu_pct": value})
        hub.live.publish(CHANGED)
        expect(figure(page, "host/cpu_pct")).to_have_text(f"{value:.0f}%")
        times.append(time.monotonic() - begun)
    assert min(times) < 1
    assert page.evaluate("window.sameDocument")


def test_a_new_ticket_appears_on_the_overview(page: Page, hub: Any, district: Any) -> None:
    page.goto("/?lang=en")
    expect(page.locator("#stat-tickets strong")).to_have_text("2")
    hub.fleet.ticket(district.node, "p1-ups", "tv_no_signal", ["no_signal"], [])
    hub.live.publish(CHANGED)
    expect(page.locator("#stat-tickets strong")).to_have_text("3")


def test_ages_count_on_by_themselves(page: Page, district: Any) -> None:
    page.goto("/?lang=en")
    age = page.locator("[data-age='1795157096000']").first
    expect(age).to_have_text("just now")
    expect(age).to_have_text("6 s ago")


def test_the_other_language_is_one_click_away_and_stays(page: Page, district: Any) -> None:
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "th")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="What needs you now")).to_be_visible()
    page.get_by_role("link", name="Tickets", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("language", ["th", "en"])
def test_nothing_runs_off_the_side_of_a_phone(phone: Page, district: Any, language: str) -> None:
    for path in PAGES:
        phone.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_what_is_tapped_is_as_large_as_a_finger(phone: Page, district: Any) -> None:
    for path in PAGES:
        phone.goto(path)
        # One look at a settled page: what is folded away has no size until it is opened.
        boxes = phone.evaluate(
            """() => {
                document.querySelectorAll("details").forEach((fold) => { fold.open = true });
                const targets = "nav a, .me, .chip, .choice, .button, .switch, .row, textarea,"
                    + " input:not([type=hidden], [type=checkbox])";
                return [...document.querySelectorAll(targets)]
                    .filter((target) => target.checkVisibility())
                    .map((target) => ({ name: target.outerHTML.slice(0, 80), height: target.getBoundingClientRect().height }));
            }"""
        )
        assert boxes, path
        assert [box for box in boxes if box["height"] < 44] == [], path


def test_pages_talk_to_nobody_else_and_complain_of_nothing(
    context: BrowserContext, base_url: str, district: Any
) -> None:
    foreign, complaints = [], []
    page = context.new_page()
    page.on("request", lambda request: foreign.append(request.url))
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.violatedDirective, e.blockedURI))"
    )
    for path in PAGES[:-1]:
        page.goto(path)
        page.wait_for_function("document.fonts.status === 'loaded'")
    page.locator("textarea").first.fill("x") if page.locator("textarea").count() else None
    ours = urlsplit(base_url).netloc
    assert [url for url in foreign if urlsplit(url).netloc != ours] == []
    assert complaints == []


OFFICE = ["/manage", "/people", "/people/2", "/audit", "/account"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_pages_of_the_office_fit_a_phone_and_complain_of_nothing(
    browser: Browser, base_url: str, language: str
) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": 360, "height": 740}, has_touch=True)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.goto(f"/sign-in?next=/manage&lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # The keyboard alone: the first field has the focus already.
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type("four odd stones sing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/manage")
    for path in OFFICE:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        unlabelled = page.evaluate(
            "[...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')]"
            ".filter((field) => !field.labels.length).map((field) => field.outerHTML)"
        )
        assert unlabelled == [], path
    assert complaints == []
    context.close()


def test_the_font_of_the_page_is_ours(page: Page, district: Any) -> None:
    page.goto("/")
    page.wait_for_function("document.fonts.check('600 16px Sarabun', 'ก')")
    loaded = page.evaluate("[...document.fonts].filter((face) => face.status === 'loaded').map((face) => face.family)")
    assert set(loaded) == {"Sarabun"}


def test_a_lost_connection_is_told_and_mends_itself(
    page: Page, hub: Any, district: Any, another_hub: Callable[[], Any]
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
    expect(page.locator("#connection-age")).to_contain_text("s ago", timeout=10_000)
    hub.fleet.set_latest(1, {"host/cpu_pct": 42.0})
    again = another_hub()
    second = WebServer(again.app, again.live, "127.0.0.1", first.port)
    second.start()
    expect(figure(page, "host/cpu_pct")).to_have_text("42%", timeout=20_000)
    expect(banner).to_be_hidden()
    second.stop()


def test_a_ticket_is_moved_on_with_one_button(page: Page, district: Any) -> None:
    page.goto("/tickets/1?lang=en")
    page.locator("#step-inspect").click()
    page.locator("#inspect-note").fill("called the school")
    page.get_by_role("button", name="Take it on and inspect").click()
    expect(page.locator("#ticket .state")).to_have_text("Inspecting")
    expect(page.locator("blockquote")).to_have_text("called the school")
    expect(page.locator("#steps summary").first).to_have_text("The cause is known")


def test_what_is_being_typed_is_not_pulled_away_and_a_stale_step_is_told(
    page: Page, hub: Any, district: Any, base_url: str, client: httpx.Client
) -> None:
    page.goto("/tickets/1?lang=en")
    page.locator("#step-cancel").click()
    page.get_by_label("Reason").fill("half a sentence")
    moved = page.request.post(
        "/api/v1/tickets/1/moves",
        data={"to": "inspecting", "version": 1},
        headers={"X-CSRF-Token": client.headers["X-CSRF-Token"], "Origin": base_url},
    )
    assert moved.ok
    hub.live.publish(CHANGED)
    expect(page.locator("#ticket .state")).to_have_text("Inspecting")
    expect(page.get_by_label("Reason")).to_have_value("half a sentence")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("changed this request")
    expect(page.get_by_label("Reason")).to_have_value("half a sentence")
    expect(page.locator("#ticket .state")).to_have_text("Inspecting")


def test_an_untouched_form_follows_the_ticket(
    page: Page, hub: Any, district: Any, base_url: str, client: httpx.Client
) -> None:
    page.goto("/tickets/1?lang=en")
    headers = {"X-CSRF-Token": client.headers["X-CSRF-Token"], "Origin": base_url}
    page.request.post("/api/v1/tickets/1/moves", data={"to": "inspecting", "version": 1}, headers=headers)
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

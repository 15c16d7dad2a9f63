"""By the keyboard alone: in, to a ticket, through a step; where one stands is always seen, and nothing holds one fast."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from hub.core.equipment import NodeKey
from hub.core.live import Changes
from hub.core.people import Role
from tests.hub.web.looking import DESK, PHONE, Screen, Seats, look, measure, settle, unfold

pytestmark = pytest.mark.e2e
SCHOOL = "/schools/cpm3/30010012"
CHANGED = Changes(nodes=frozenset({NodeKey("cpm3", "30010012")}), tickets=frozenset({1}))
PAGES = [
    "/",
    SCHOOL,
    f"{SCHOOL}/devices/p1-receiver",
    "/tickets",
    "/tickets/1",
    "/prices",
    "/assets",
    "/account",
]
MOST_STOPS = 250
_HERE = """() => {
    const here = document.activeElement;
    if (!here || here === document.body || here === document.documentElement) return null;
    const seen = ["", "::after"].map((part) => getComputedStyle(here, part || null));
    const box = here.getBoundingClientRect();
    const around = here.closest(".drop, .choice, .photo") || here;
    return {
        name: here.outerHTML.slice(0, 120),
        at: [...document.querySelectorAll("*")].indexOf(here),
        ringed: [...seen, getComputedStyle(around)].some((style) =>
            style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
            // In a drawing a stroke is the ring.
            || [...here.querySelectorAll("rect, circle")].some((it) => parseFloat(getComputedStyle(it).strokeWidth) >= 3),
        shown: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


@pytest.fixture
def screen() -> Screen:
    return DESK


def walk(page: Page, goal: Locator) -> None:
    """With the tab key, as far as the goal."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if goal.evaluate("(it) => it === document.activeElement"):
            return
    pytest.fail(f"{page.url}: the keyboard does not reach {goal}")


def stops(page: Page) -> Iterator[Any]:
    """Each place where the tab key stops, until it leaves the page or begins again."""
    first = None
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(_HERE)
        if here is None or here["at"] == first:
            return
        first = here["at"] if first is None else first
        yield here
    pytest.fail(f"{page.url}: the keyboard does not get out")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=str)
def test_from_the_door_to_a_step_of_a_ticket(sit: Seats, screen: Screen, district: Any) -> None:
    page = sit(None)
    page.goto("/sign-in?next=/")
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type(Role.TECHNICIAN.value)
    page.keyboard.press("Tab")
    page.keyboard.type("four odd stones sing")
    page.keyboard.press("Enter")
    to_ticket = page.locator("main a[href='/tickets/1']").first
    expect(to_ticket).to_be_visible()
    settle(page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    walk(page, to_ticket)
    page.keyboard.press("Enter")
    step = page.locator("#step-inspect")
    expect(step).to_be_visible()
    settle(page)
    walk(page, step)
    page.keyboard.press("Space")
    note = page.locator("#inspect-note")
    expect(note).to_be_visible()
    walk(page, note)
    page.keyboard.type("จะไปพรุ่งนี้")
    look(page)
    walk(page, page.locator("details:has(#step-inspect) button.main"))
    page.keyboard.press("Enter")
    expect(page.locator("blockquote")).to_have_text("จะไปพรุ่งนี้")


@pytest.mark.timeout(300)
def test_where_one_stands_is_seen_and_follows_the_page(sit: Seats, district: Any) -> None:
    page = sit(Role.ADMIN)
    for path in PAGES:
        # What is made when somebody looks for the first time is made, and what the hub then tells is fetched.
        page.goto(path)
        settle(page)
        page.goto(path)
        unfold(page)
        found = list(stops(page))
        assert len(found) > 5, path
        assert [each["name"] for each in found if not each["ringed"]] == [], path
        assert [each["name"] for each in found if not each["shown"]] == [], path
        order = [each["at"] for each in found]
        assert order == sorted(order), path


def test_what_is_folded_opens_and_closes_with_the_same_key(sit: Seats, district: Any) -> None:
    page = sit(Role.TECHNICIAN)
    page.goto("/tickets/1")
    step = page.locator("#step-inspect")
    fold = page.locator("details:has(#step-inspect)")
    walk(page, step)
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("open", "")
    page.keyboard.press("Enter")
    expect(fold).not_to_have_attribute("open", "")
    expect(step).to_be_focused()


def test_a_part_that_is_fetched_again_stays_as_its_reader_had_it(sit: Seats, hub: Any, district: Any) -> None:
    page = sit(Role.TECHNICIAN)
    page.goto(SCHOOL)
    figure = page.locator(".tile [data-value='host/cpu_pct']")
    expect(figure).to_have_text("12%")
    row = page.locator(f"a[href='{SCHOOL}/devices/p1-receiver']").first
    walk(page, row)
    hub.fleet.set_latest(1, {"host/cpu_pct": 55.0})
    hub.live.publish(CHANGED)
    expect(figure).to_have_text("55%")
    expect(row).to_be_focused()


def test_what_was_unfolded_stays_so_when_the_ticket_moves_on(sit: Seats, hub: Any, district: Any) -> None:
    page = sit(Role.TECHNICIAN)
    page.goto("/tickets/1")
    snooze = page.locator("#steps details.more-steps").first
    snooze.locator("summary").click()
    expect(snooze).to_have_attribute("open", "")
    page.locator("main").focus()
    with page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "steps"):
        hub.live.publish(CHANGED)
    expect(snooze).to_have_attribute("open", "")


def test_who_wants_no_motion_gets_none(sit: Seats, district: Any) -> None:
    page = sit(Role.TECHNICIAN)
    page.goto("/")
    moving = (
        "() => [...document.querySelectorAll('*')].filter((it) => { const s = getComputedStyle(it);"
        " return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0 || s.scrollBehavior === 'smooth' })"
        ".map((it) => it.outerHTML.slice(0, 90))"
    )
    assert measure(page, moving) == []


def test_what_is_chosen_is_told_where_colours_are_the_readers_own(sit: Seats, district: Any) -> None:
    page = sit(Role.TECHNICIAN)
    page.emulate_media(forced_colors="active")
    for path, chosen in (("/", ".nav a[aria-current]"), ("/tickets", ".chip[aria-current]")):
        page.goto(path)
        settle(page)
        expect(page.locator(chosen).first).to_have_css("outline-style", "solid")
        look(page)


def test_paper_holds_what_can_be_read_not_what_can_be_done(sit: Seats, district: Any) -> None:
    page = sit(Role.TECHNICIAN)
    for path in ("/tickets/1", SCHOOL, "/tickets"):
        page.goto(path)
        page.emulate_media(media="print")
        for done in (".top", ".crumbs", "main .button", "main .chip", ".connection"):
            for each in page.locator(done).all():
                expect(each).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()
        paper = "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('h1')).color]"
        assert measure(page, paper) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
        page.emulate_media(media="screen")

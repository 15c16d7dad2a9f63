"""A phone in a school yard, in a real browser: no signal, an answer that is lost, a hub that is away, a session that ends.

What was filled is carried out exactly once: the database says so.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import func, select

from hub.core.people import Role
from hub.store.phone_tables import request_photo, submission
from hub.store.workflow_tables import request, request_entry
from hub.web.server import WebServer
from tests.hub.web.looking import PATIENCE_MS, check, chromium, look
from tests.hub.web.test_stickers import sticker  # noqa: F401  a fixture

pytestmark = pytest.mark.e2e
TICKET = "/tickets/1"
LONG_MS = 3 * PATIENCE_MS


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes([y % 256, 120, 60]) * width for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = {"name": "dish.png", "mimeType": "image/png", "buffer": _png(2400, 1200)}


@dataclass
class Place:
    """A hub that can be away, and phones that belong to people."""

    browser: Browser
    make: Callable[[], Any]
    session: Callable[[Role], str]
    server: WebServer
    url: str
    contexts: list[BrowserContext] = field(default_factory=list)

    def away(self) -> None:
        self.server.stop()

    def back(self) -> None:
        hub = self.make()
        self.server = WebServer(hub.app, hub.live, "127.0.0.1", self.server.port)
        self.server.start()

    def phone(self, role: Role | None = None, language: str = "th") -> Page:
        # Somebody set its clock up for another place: moments are told by the hub's all the same.
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": 360, "height": 740},
            has_touch=True,
            reduced_motion="reduce",
            timezone_id="Pacific/Auckland",
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "lang", "value": language, "url": self.url}])
        if role is not None:
            self.sign_in(context, role)
        return context.new_page()

    def sign_in(self, context: BrowserContext, role: Role) -> None:
        context.add_cookies([{"name": "session", "value": self.session(role), "url": self.url}])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def place(
    browser: Browser, another_hub: Callable[..., Any], visit: Callable[[str, Role], httpx.Client], district: Any
) -> Iterator[Place]:
    hub = another_hub()
    server = WebServer(hub.app, hub.live, "127.0.0.1", 0)
    server.start()
    url = f"http://127.0.0.1:{server.port}"
    found = Place(browser, another_hub, lambda role: str(visit(url, role).cookies["session"]), server, url)
    visit(url, Role.GROUP_HEAD).get(TICKET).raise_for_status()
    yield found
    for context in found.contexts:
        context.close()
    found.server.stop()


def count(fleet: Any, table: Any) -> int:
    with fleet.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def taken(fleet: Any, transition: str = "inspect") -> int:
    """How often a step was taken."""
    with fleet.store.reading() as connection:
        steps = select(func.count()).select_from(request_entry).where(request_entry.c.transition == transition)
        return int(connection.execute(steps).scalar_one())


def ready(page: Page) -> None:
    expect(page.locator("body[data-phone-ready]")).to_be_attached(timeout=LONG_MS)


def seen(page: Page, path: str) -> None:
    """The page, once the worker keeps it and watches over what comes next."""
    page.goto(path)
    ready(page)
    expect(page.locator("body[data-kept-ahead]")).to_be_attached(timeout=LONG_MS)


def moments(page: Page) -> list[str]:
    """When what lies in the outbox was filled, by the clock on the wall of the office."""
    kept = page.locator("body").evaluate(
        "(body) => Outbox.mine(body.dataset.person).then((all) => all.map((each) => each.at))"
    )
    clock = "%H.%M น." if page.locator("html").get_attribute("lang") == "th" else "%H:%M"
    return [datetime.fromtimestamp(each / 1000, ZoneInfo("Asia/Bangkok")).strftime(clock) for each in kept]


def fill(page: Page, note: str, photos: int = 0) -> None:
    """The first step of a repair, as a technician fills it."""
    page.locator("#step-inspect").click()
    page.locator("#inspect-visit_on").fill("2026-11-24")
    page.locator("#inspect-note").fill(note)
    if photos:
        page.locator("#inspect-photos").set_input_files([PICTURE] * photos)  # type: ignore[list-item]
        expect(page.locator("form[action*='/inspect'] .thumbs img")).to_have_count(photos)


def send(page: Page) -> None:
    page.locator("form[action*='/inspect'] button[type=submit]").click()


def waits(page: Page, how_many: int) -> None:
    bar = page.locator("#waiting")
    if how_many:
        expect(bar.locator("[data-count]")).to_have_text(str(how_many))
    else:
        expect(bar).to_be_hidden(timeout=LONG_MS)


def test_without_signal_the_last_seen_pages_stand_there_with_their_age(place: Place) -> None:
    page = place.phone(Role.TECHNICIAN)
    seen(page, TICKET)
    title = page.locator("#ticket h1").text_content() or ""
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("body[data-kept]")).to_be_attached()
    expect(page.locator("#ticket h1")).to_have_text(title)
    expect(page.locator("#connection")).to_be_visible()
    look(page, "phone-kept")
    check(page)
    page.goto("/tickets/2")
    expect(page.locator(".failure h1")).to_be_visible()
    look(page, "phone-no-signal")
    check(page)
    page.goto(TICKET)
    page.context.set_offline(False)
    expect(page.locator("body:not([data-kept])")).to_be_attached(timeout=LONG_MS)


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_form_filled_without_signal_is_sent_once_there_is_one(place: Place, fleet: Any, language: str) -> None:
    page = place.phone(Role.TECHNICIAN, language)
    seen(page, "/outbox")
    seen(page, TICKET)
    page.context.set_offline(True)
    page.reload()
    ready(page)
    fill(page, "ไปวันอังคาร", photos=2)
    send(page)
    waits(page, 1)
    expect(page.locator("form[action*='/inspect'] [data-said]")).to_contain_text(moments(page)[0])
    look(page, "phone-kept-form")
    check(page)
    assert taken(fleet) == 0
    page.goto("/outbox")
    expect(page.locator("#outbox .row")).to_have_count(1)
    expect(page.locator("#outbox [data-typed]")).to_contain_text("ไปวันอังคาร")
    expect(page.locator("#outbox [data-since]")).to_contain_text(moments(page))
    look(page, "phone-outbox")
    check(page)
    page.context.set_offline(False)
    expect(page.locator("#outbox .row[data-state=sent]")).to_be_visible(timeout=LONG_MS)
    waits(page, 0)
    assert (taken(fleet), count(fleet, request_photo), count(fleet, submission)) == (1, 2, 1)
    page.goto(TICKET)
    expect(page.locator("#ticket .thumbs img")).to_have_count(2)
    look(page, "phone-photos")
    check(page)


def test_a_ticket_that_is_put_off_without_signal_sleeps_once_there_is_one(place: Place, fleet: Any) -> None:
    page = place.phone(Role.TECHNICIAN)
    seen(page, TICKET)
    page.context.set_offline(True)
    page.reload()
    ready(page)
    page.locator("details:has(#until) summary").click()
    page.locator("#why").fill("รออะไหล่")
    page.locator("form[action*='/snooze'] button").click()
    waits(page, 1)
    look(page, "phone-put-off")
    page.context.set_offline(False)
    waits(page, 0)
    expect(page.locator("#ticket blockquote")).to_have_text("รออะไหล่", timeout=LONG_MS)
    assert count(fleet, submission) == 1


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_done_twice(place: Place, fleet: Any) -> None:
    page = place.phone(Role.TECHNICIAN)
    seen(page, TICKET)
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch(max_redirects=0).status)
        route.abort("connectionreset")

    page.context.route("**/steps/inspect", lose, times=1)
    fill(page, "ไปวันอังคาร", photos=1)
    send(page)
    expect(page.locator("#step-inspect")).to_have_count(0, timeout=LONG_MS)
    waits(page, 0)
    assert lost == [200]
    assert (taken(fleet), count(fleet, request_photo), count(fleet, submission)) == (1, 1, 1)


def test_a_hub_that_is_away_gets_the_form_when_it_is_back(place: Place, fleet: Any) -> None:
    page = place.phone(Role.TECHNICIAN)
    seen(page, TICKET)
    place.away()
    page.reload()
    ready(page)
    fill(page, "ไปวันอังคาร")
    send(page)
    waits(page, 1)
    place.back()
    expect(page.locator("#step-inspect")).to_have_count(0, timeout=LONG_MS)
    assert (taken(fleet), count(fleet, submission)) == (1, 1)


def test_what_was_typed_meets_what_somebody_else_did_meanwhile(
    place: Place, fleet: Any, visit: Callable[[str, Role], httpx.Client]
) -> None:
    page = place.phone(Role.TECHNICIAN)
    seen(page, TICKET)
    page.context.set_offline(True)
    fill(page, "คำที่ไม่ควรหาย", photos=1)
    send(page)
    waits(page, 1)
    other = visit(place.url, Role.GROUP_HEAD)
    done = other.post(
        f"{TICKET}/steps/inspect",
        data={"version": "1", "f.visit_on": "2026-11-25"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert done.status_code == 303
    page.context.set_offline(False)
    page.goto("/outbox")
    row = page.locator("#outbox .row[data-state=refused]")
    expect(row).to_be_visible(timeout=LONG_MS)
    look(page, "phone-conflict")
    check(page)
    row.locator("[data-back]").click()
    page.wait_for_url(f"**{TICKET}")
    expect(page.locator(".orphan blockquote")).to_contain_text("คำที่ไม่ควรหาย", timeout=LONG_MS)
    look(page, "phone-orphan")
    check(page)
    assert taken(fleet) == 1


def test_a_session_that_ends_loses_nothing_and_the_form_goes_once_one_is_signed_in_again(
    place: Place, fleet: Any
) -> None:
    page = place.phone(Role.TECHNICIAN)
    seen(page, TICKET)
    page.context.clear_cookies(name="session")
    fill(page, "ไปวันอังคาร", photos=1)
    send(page)
    expect(page.locator("form[action*='/inspect'] [data-said] a")).to_be_visible()
    look(page, "phone-sign-in")
    page.goto("/outbox")
    expect(page.locator("#outbox .row")).to_have_count(0)
    place.sign_in(page.context, Role.CLERK)
    page.goto("/outbox")
    ready(page)
    expect(page.locator("#outbox .row")).to_have_count(0)
    assert taken(fleet) == 0
    place.sign_in(page.context, Role.TECHNICIAN)
    page.goto("/outbox")
    expect(page.locator("#outbox .row[data-state=sent]")).to_be_visible(timeout=LONG_MS)
    assert (taken(fleet), count(fleet, request_photo)) == (1, 1)


def test_what_is_typed_is_there_again_although_it_was_never_sent(place: Place) -> None:
    page = place.phone(Role.TECHNICIAN)
    seen(page, TICKET)
    fill(page, "ยังพิมพ์ไม่จบ", photos=1)
    expect(page.locator("form[action*='/inspect'][data-saved]")).to_be_attached(timeout=LONG_MS)
    page.context.clear_cookies(name="session")
    page.reload()
    expect(page.locator("input[name=login]")).to_be_visible()
    place.sign_in(page.context, Role.TECHNICIAN)
    page.goto(TICKET)
    expect(page.locator("#inspect-note")).to_have_value("ยังพิมพ์ไม่จบ")
    expect(page.locator("#inspect-visit_on")).to_have_value("2026-11-24")
    expect(page.locator("form[action*='/inspect'] .thumbs img")).to_have_count(1)
    look(page, "phone-draft")
    check(page)


def test_what_was_kept_for_one_is_not_shown_to_the_next(place: Place) -> None:
    page = place.phone(Role.TECHNICIAN)
    seen(page, TICKET)
    place.sign_in(page.context, Role.CLERK)
    seen(page, "/outbox")
    page.context.set_offline(True)
    page.goto(TICKET)
    expect(page.locator(".failure h1")).to_be_visible()
    page.goto("/outbox")
    expect(page.locator("body[data-kept]")).to_be_attached()


def test_signing_out_leaves_nothing_behind(place: Place, fleet: Any) -> None:
    page = place.phone(Role.TECHNICIAN)
    seen(page, TICKET)
    page.context.set_offline(True)
    fill(page, "ของคนก่อน")
    send(page)
    waits(page, 1)
    page.context.set_offline(False)
    page.context.route("**/outbox/me", lambda route: route.abort())
    page.goto("/account")
    ready(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    page.context.unroute("**/outbox/me")
    place.sign_in(page.context, Role.TECHNICIAN)
    seen(page, "/outbox")
    expect(page.locator("#outbox .row")).to_have_count(0)
    page.context.set_offline(True)
    page.goto(TICKET)
    expect(page.locator(".failure h1")).to_be_visible()
    assert taken(fleet) == 0


def test_a_teacher_reports_without_signal_and_follows_it_later(
    place: Place,
    fleet: Any,
    sticker: Callable[..., str],  # noqa: F811
) -> None:
    page, path = place.phone(), sticker()
    seen(page, path)
    page.context.set_offline(True)
    page.reload()
    ready(page)
    page.locator(".trouble").first.click()
    page.locator("#picture").set_input_files(PICTURE)  # type: ignore[arg-type]
    expect(page.locator("#chosen")).to_have_text("dish.png")
    page.locator("form button[type=submit]").click()
    waits(page, 1)
    look(page, "phone-teacher-kept")
    before = count(fleet, request)
    page.context.set_offline(False)
    page.wait_for_url("**/r/**", timeout=LONG_MS)
    expect(page.locator("#done")).to_be_visible()
    assert (count(fleet, request), count(fleet, submission)) == (before + 1, 1)
    page.goto(path)
    expect(page.locator("form [data-said] a[href^='/r/']")).to_be_visible()

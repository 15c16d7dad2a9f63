"""The map of the overview in a real browser: drawn from what the hub itself serves, live, and honest when the line is cut."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert, update

from hub.core.equipment import NodeKey
from hub.core.findings import Incident, RoomDay
from hub.core.live import Changes
from hub.core.people import Role
from hub.store.tables import school
from hub.web.server import WebServer
from tests.hub.web.looking import DESK, DESK_TH, PHONE, PHONE_EN, Screen, Seats, check, look

pytestmark = pytest.mark.e2e
NOW, MINUTE = 1_795_157_100_000, 60_000
BROKEN, SILENT, WELL, NEAR = "30010012", "30010027", "30010033", "30010034"
PLACES = {BROKEN: (15.9, 101.2), SILENT: (15.4, 102.6), WELL: (15.8, 102.0), NEAR: (15.801, 102.001)}
RAIN = Incident("cpm3", "rain", "rain_fade", NOW - 50 * MINUTE, None, dict.fromkeys((WELL, NEAR), (NOW, None)))
PATIENCE_MS = 60_000


@pytest.fixture(params=[PHONE, DESK], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def placed(fleet: Any, district: Any) -> dict[str, int]:
    """Four schools: one with trouble, one silent, and two that are well and near each other; the ids of their nodes."""
    nodes = {BROKEN: district.node, SILENT: district.silent}
    with fleet.store.begin() as work:
        rows = [{"group": "cpm3", "code": code, "name": f"บ้าน {code}"} for code in (SILENT, WELL, NEAR)]
        work.connection.execute(insert(school), rows)
        for code, (lat, lon) in PLACES.items():
            work.connection.execute(update(school).where(school.c.code == code).values(lat=lat, lon=lon))
    for code in (WELL, NEAR):
        nodes[code] = fleet.node("cpm3", code)
        fleet.device(nodes[code], "p1-receiver", "receiver", {"device/reachable": True}, room="ป.1")
    fleet.incident(RAIN)
    fleet.room_days(RoomDay("cpm3", WELL, "ป.1", "2026-11-20", {"rain_fade": 45.0}, 120.0))
    return nodes


def shown(page: Page, address: str = "/") -> Page:
    """The overview with its map drawn."""
    page.goto(address, wait_until="load")
    page.locator("#map").scroll_into_view_if_needed()
    if (page.viewport_size or {"width": 0})["width"] < 640:
        page.locator("#map-load").click()
    expect(page.locator("#map.ready")).to_be_visible(timeout=PATIENCE_MS)
    return page


def pin(page: Page, code: str) -> Any:
    return page.locator(f".pin[data-school='cpm3/{code}']")


def test_the_map_needs_nobody_but_the_hub(sit: Seats, placed: dict[str, int], screen: Screen) -> None:
    page = shown(sit(Role.TECHNICIAN))
    expect(pin(page, BROKEN)).to_have_class("pin trouble")
    expect(pin(page, BROKEN)).to_have_attribute("href", f"/schools/cpm3/{BROKEN}")
    expect(pin(page, SILENT)).to_have_class("pin silent")
    expect(page.locator("#map .boundary")).to_have_count(1)
    look(page, "overview-map")
    check(page)


@pytest.mark.parametrize("screen", [PHONE_EN, DESK_TH], ids=str)
def test_the_map_is_looked_at_in_the_other_language_too(sit: Seats, placed: dict[str, int], screen: Screen) -> None:
    look(shown(sit(Role.DIRECTOR)))


def asked_for(page: Page) -> list[str]:
    return page.evaluate("() => performance.getEntriesByType('resource').map((each) => each.name)")  # type: ignore[no-any-return]


@pytest.mark.parametrize("screen", [PHONE, PHONE_EN], ids=str)
def test_a_phone_fetches_no_map_before_somebody_asks_for_it(sit: Seats, placed: dict[str, int], screen: Screen) -> None:
    page = sit(Role.TECHNICIAN)
    page.goto("/", wait_until="load")
    ask = page.locator("#map-load")
    expect(ask).to_be_visible(timeout=PATIENCE_MS)
    check(page)
    look(page, "overview-no-map-yet")
    page.mouse.wheel(0, 400)
    assert not any("leaflet" in each for each in asked_for(page))
    assert (page.locator("#map").bounding_box() or {"height": 999})["height"] < 120
    ask.click()
    expect(page.locator("#map.ready")).to_be_visible(timeout=PATIENCE_MS)
    expect(ask).to_be_hidden()
    assert sum("leaflet.js" in each for each in asked_for(page)) == 1


def test_a_page_that_stands_is_not_fetched_a_second_time(sit: Seats, hub: Any, placed: dict[str, int]) -> None:
    page = sit(Role.TECHNICIAN, DESK)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition(sit.url)[2]))
    with page.expect_response("**/live?*"):
        page.goto("/", wait_until="load")
    expect(page.locator("#map.ready")).to_be_visible(timeout=PATIENCE_MS)
    with page.expect_response(lambda each: each.url.endswith("/")):
        hub.live.publish(Changes(nodes=frozenset({NodeKey("cpm3", SILENT)})))
    assert sum(each.partition("?")[0] == "/" for each in asked) == 2


def test_a_pin_tells_who_it_is_how_it_stands_and_when_it_was_heard(sit: Seats, placed: dict[str, int]) -> None:
    page = shown(sit(Role.TECHNICIAN, DESK))
    name = pin(page, SILENT).locator(".pin-name")
    expect(name).to_contain_text("silent")
    expect(name.locator("time")).to_have_text("2 h ago")
    expect(name).to_have_css("opacity", "0")
    pin(page, SILENT).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(name).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/schools/cpm3/{SILENT}")


def test_schools_near_each_other_are_one_mark_until_somebody_comes_closer(sit: Seats, placed: dict[str, int]) -> None:
    page = shown(sit(Role.TECHNICIAN))
    cluster = page.locator(".cluster")
    expect(cluster).to_have_count(1)
    expect(cluster).to_contain_text("2")
    expect(pin(page, NEAR)).to_have_count(0)
    cluster.click()
    expect(pin(page, NEAR)).to_have_class("pin well")
    expect(pin(page, WELL)).to_have_class("pin well")
    page.locator("#map-all").click()
    expect(page.locator(".cluster")).to_have_count(1)


def test_an_incident_is_an_area_that_leads_to_what_is_known_of_it(sit: Seats, placed: dict[str, int]) -> None:
    page = shown(sit(Role.TECHNICIAN, DESK))
    expect(page.locator("#map path.area")).to_have_count(1)
    link = page.locator("#map .area-name")
    expect(link).to_contain_text("Rain fade")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/cpm3/rain")


def test_a_change_arrives_without_a_reload_and_the_map_stays_where_it_is(
    sit: Seats, hub: Any, placed: dict[str, int]
) -> None:
    page = shown(sit(Role.TECHNICIAN, DESK))
    page.evaluate("window.sameDocument = true")
    page.locator(".cluster").click()
    expect(pin(page, NEAR)).to_have_class("pin well")
    hub.fleet.ticket(placed[NEAR], "p1-receiver", "receiver_failed", ["silent"], [])
    hub.live.publish(Changes(nodes=frozenset({NodeKey("cpm3", NEAR)})))
    expect(pin(page, NEAR)).to_have_class("pin trouble")
    expect(page.locator("#stat-trouble strong")).to_have_text("2")
    assert page.evaluate("window.sameDocument")


def test_what_is_seen_grows_old_while_the_line_is_cut_and_is_new_again_after(
    sit: Seats, hub: Any, placed: dict[str, int], another_hub: Callable[[], Any]
) -> None:
    page = sit(Role.TECHNICIAN, DESK)
    first = WebServer(hub.app, hub.live, "127.0.0.1", 0)
    first.start()
    shown(page, f"http://127.0.0.1:{first.port}/")
    expect(pin(page, SILENT)).to_have_class("pin silent")
    first.stop()
    expect(page.locator("#connection")).to_be_visible()
    expect(page.locator("body.lost")).to_have_count(1)
    expect(page.locator(".as-of time")).to_contain_text("s ago", timeout=PATIENCE_MS)
    hub.fleet.ticket(placed[SILENT], "p1-tv", "tv_failed", ["silent"], [])
    again = another_hub()
    second = WebServer(again.app, again.live, "127.0.0.1", first.port)
    second.start()
    expect(pin(page, SILENT)).to_have_class("pin trouble", timeout=2 * PATIENCE_MS)
    expect(page.locator("#connection")).to_be_hidden()
    page.goto("about:blank")
    second.stop()
    # The browser itself tells that nobody answered, at an address that is not the first one's.
    assert [each for each in sit.complaints() if "asked" not in each and "ERR_" not in each] == []


def test_what_waits_for_somebody_comes_by_itself(sit: Seats, hub: Any, placed: dict[str, int]) -> None:
    page = shown(sit(Role.TECHNICIAN, DESK))
    silent = page.locator("#mine li").filter(has_text="Computers of schools are silent").locator("strong")
    expect(silent).to_have_text("1")
    hub.fleet.node("cpm3", "30010088", online=False)
    hub.live.publish(Changes(nodes=frozenset({NodeKey("cpm3", "30010088")})))
    expect(silent).to_have_text("2", timeout=PATIENCE_MS)


def test_without_scripts_the_list_serves_and_no_empty_map_stands_there(
    browser: Browser, base_url: str, as_role: Callable[[Role], Any], placed: dict[str, int]
) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    context.add_cookies([{"name": "session", "value": as_role(Role.TECHNICIAN).cookies["session"], "url": base_url}])
    page = context.new_page()
    page.goto("/?lang=en")
    expect(page.locator("#map")).to_be_hidden()
    expect(page.locator(f"a.row-link[href='/schools/cpm3/{BROKEN}']")).to_be_visible()
    context.close()

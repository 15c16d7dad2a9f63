"""A repair from the first reading to the rating, on a phone and at a desk: its papers carry what was drawn on the screen."""

import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import update

from hub.core.assets import Asset, Deed
from hub.core.people import Role
from hub.store.assets import AssetRows
from hub.store.tables import ticket
from tests.hub.web.looking import PHONE, Seats, check, look, settle

pytestmark = pytest.mark.e2e
NOW = 1_795_157_100_000


@pytest.fixture
def page(sit: Seats) -> Page:
    return sit(Role.GROUP_HEAD)


def step(page: Page, name: str, **fields: str) -> None:
    """Open the form of a step, fill it, and take it."""
    page.locator(f"#step-{name}").click()
    for field, value in fields.items():
        held = page.locator(f"#{name}-{field}")
        tag = held.evaluate("it => it.tagName")
        held.select_option(value) if tag == "SELECT" else held.fill(value)
    look(page)
    page.locator(f"details:has(#step-{name}) button.main").click()
    settle(page)


def sign(page: Page, canvas: str) -> None:
    """Two strokes: with a finger where the screen is touched, with the mouse else."""
    paper = page.locator(canvas)
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box is not None
    for strokes in ([(0.1, 0.7), (0.3, 0.2), (0.5, 0.8), (0.7, 0.3)], [(0.2, 0.9), (0.8, 0.85)]):
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in strokes]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=4)
        page.mouse.up()


def mended(fleet: Any, number: int) -> None:
    """The readings are back to where they used to be."""
    with fleet.store.begin() as work:
        work.connection.execute(update(ticket).where(ticket.c.id == number).values(signs=[], recovered_at=NOW))


def test_a_repair_from_the_first_reading_to_the_rating(
    page: Page, sit: Seats, client: httpx.Client, fleet: Any, district: Any, tmp_path: Path
) -> None:
    given = {"school": "30010012", "kind": "tv", "device": "p1-tv", "number": "7440-001-0042/66", "serial": "SN-42"}
    with fleet.store.begin() as work:
        asset = Asset("cpm3", **given, name="โทรทัศน์สี 43 นิ้ว", room="ป.1")
        sticker = AssetRows(work.connection).add(asset, Deed("added", "person:1", "A", NOW)).token
    page.goto("/tickets/1")
    look(page, "ticket")
    step(page, "inspect", visit_on="2026-11-24")
    step(page, "diagnose", cause="สายไฟหลุด", branch="own")
    page.locator("#repair").click()
    look(page, "diagnosed")
    check(page)
    step(page, "repair")
    step(page, "check", done="เปลี่ยนปลั๊กและสายไฟ", cost="120")
    expect(page.locator("#verdict")).to_have_class("hint warn")
    step(page, "not_mended", why="ยังเปิดไม่ติด")
    step(page, "check", done="เปลี่ยนแผงจ่ายไฟ")
    mended(fleet, 1)
    page.reload()
    expect(page.locator("#verdict")).to_have_class("hint ok")
    page.locator("#step-hand_over").click()
    page.locator("#hand_over-accepted_by").fill("นางสาวสมมุติ ใจดี")
    sign(page, "canvas[data-sign='hand_over-accepted_with']")
    look(page, "signed")
    page.locator("details:has(#step-hand_over) button.main").click()
    expect(page.locator("img.signature").first).to_be_visible()
    look(page, "handed-over")
    check(page)
    progress = page.locator("#public").get_attribute("href")
    papers = {name: client.get(f"/requests/RP-2570-0001/papers/{name}.pdf") for name in ("F01", "F35")}
    for name, answer in papers.items():
        assert answer.status_code == 200, answer.text
        (tmp_path / f"{name}.pdf").write_bytes(answer.content)
    listed = subprocess.run(
        ["pdfimages", "-list", str(tmp_path / "F35.pdf")], capture_output=True, text=True, check=True
    )
    assert "600" in listed.stdout
    words = subprocess.run(["pdftotext", str(tmp_path / "F01.pdf"), "-"], capture_output=True, text=True, check=True)
    assert "7440-001-0042/66" in words.stdout
    visit = sit(None, PHONE)
    visit.goto(f"/e/{sticker}")
    look(visit, "sticker")
    visit.goto(str(progress))
    visit.get_by_text("มากที่สุด").click()
    look(visit, "rating")
    check(visit)
    visit.locator("#rate button").click()
    expect(visit.locator("#rated")).to_be_visible()
    look(visit, "rated")
    assert client.get("/api/v1/tickets/1").json()["state"] == "closed"


def test_a_teacher_reports_in_three_taps_with_a_photo(
    sit: Seats, client: httpx.Client, fleet: Any, district: Any
) -> None:
    with fleet.store.begin() as work:
        asset = Asset("cpm3", school="30010012", kind="projector", name="เครื่องฉายภาพ", room="ป.2")
        sticker = AssetRows(work.connection).add(asset, Deed("added", "person:1", "A", NOW)).token
    page = sit(None, PHONE)
    page.goto(f"/e/{sticker}")
    look(page, "sticker-unknown")
    page.get_by_text("ไม่มีภาพ").tap()
    with page.expect_file_chooser() as camera:
        page.locator("label.photo").tap()
    camera.value.set_files(str(Path(__file__).parents[3] / "hub/web/static/phone/icon-192.png"))
    expect(page.locator("#chosen")).to_contain_text("icon-192")
    look(page, "sticker-filled")
    check(page)
    page.locator("button.main").tap()
    expect(page.locator("#done")).to_be_visible()
    look(page, "reported")
    check(page)
    number = client.get("/api/v1/requests?type=repair").json()["items"][0]["number"]
    desk = sit(Role.GROUP_HEAD)
    desk.goto(f"/requests/{number}")
    shown = desk.locator("dl.properties img.pictured")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 192)
    look(desk, "reported-at-the-desk")
    with desk.expect_download() as download:
        desk.locator("dl.properties a", has_text="icon-192").click()
    assert download.value.path().read_bytes().startswith(b"\xff\xd8")


@pytest.mark.parametrize("screen", [PHONE], ids=str)
def test_a_photo_that_was_chosen_before_the_script_came_counts_too(sit: Seats, fleet: Any, district: Any) -> None:
    with fleet.store.begin() as work:
        told = Asset("cpm3", school="30010012", kind="tv", room="ป.2")
        sticker = AssetRows(work.connection).add(told, Deed("added", "person:1", "A", NOW)).token
    page = sit.another(None, PHONE, worker=False)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/report.js*", hold)
    page.goto(f"/e/{sticker}", wait_until="commit")
    page.locator("#picture").set_input_files(str(Path(__file__).parents[3] / "hub/web/static/phone/icon-192.png"))
    assert page.locator("#chosen").text_content() != "icon-192.png"
    held[0].continue_()
    expect(page.locator("#chosen")).to_have_text("icon-192.png")


def test_the_list_by_urgency_fits_a_phone(page: Page, client: httpx.Client, district: Any) -> None:
    client.get("/tickets/1")
    client.get("/tickets/2")
    page.goto("/repairs")
    expect(page.locator("#r-RP-2570-0001")).to_be_visible()
    look(page, "repairs")

"""The register of assets as an office keeps it: a list is sent, an asset is opened, moved, given a part, written off."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.core.people import Role
from hub.web.settings import WebSettings
from tests.hub.web.looking import Seats, check, look

pytestmark = pytest.mark.e2e
LIST = (
    "หมายเลขครุภัณฑ์,ชนิด,รหัสโรงเรียน,ห้อง,ราคา,วันที่ได้มา,อุปกรณ์ในระบบ\n"
    "7730-001-0001,โทรทัศน์,30010012,ป.1,12990.50,17/5/2567,p1-tv\n"
)
BAD = LIST + "7730-001-0002,โทรทัศน์,99999999,ป.1,free,,\n"


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def page(sit: Seats) -> Page:
    return sit(Role.SUPPLY)


def send(page: Page, text: str) -> None:
    page.goto("/assets/import")
    page.set_input_files("input[type=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.locator("form[action='/assets/import'] button").click()


def step(page: Page, name: str, /, **fields: str) -> None:
    page.locator(f"#step-{name}").click()
    form = page.locator(f"form[action$='/{name}#steps']")
    for field, value in fields.items():
        target = form.locator(f"[name={field}]")
        if target.evaluate("it => it.tagName") == "SELECT":
            target.select_option(value)
        else:
            target.fill(value)
    form.locator("button.main").click()


def test_from_a_list_to_the_end_of_an_asset(page: Page, district: Any) -> None:
    page.goto("/office")
    page.locator("main a[href='/assets']").click()
    expect(page.locator(".empty")).to_be_visible()
    look(page)

    send(page, BAD)
    expect(page.locator(".log li")).to_have_count(1)
    send(page, BAD.replace("free", "100"))
    expect(page.locator(".log li")).to_have_count(1)
    send(page, LIST)
    look(page)
    page.locator("form[action$='/confirm'] button").click()
    expect(page.locator(".hint.ok")).to_be_visible()

    page.goto("/assets")
    page.get_by_role("searchbox").fill("7730")
    page.get_by_role("searchbox").press("Enter")
    page.locator(".rows .row-link").click()
    expect(page.locator(".history li")).to_contain_text("7730-001-0001")
    look(page)

    step(page, "move", room="ป.2", why="ย้ายห้อง")
    expect(page.locator(".history li").first).to_contain_text("ย้ายห้อง")
    step(page, "parts", kind="remote", name="AKB-1")
    expect(page.locator(".log li")).to_contain_text("AKB-1")
    step(page, "write-off", disposal="destroyed", written_off_on="2099-01-01", note="จอแตก")
    expect(page.locator(".fault")).to_be_visible()
    check(page)
    expect(page.locator("form[action$='/write-off#steps'] [name=note]")).to_have_value("จอแตก")
    form = page.locator("form[action$='/write-off#steps']")
    form.locator("[name=written_off_on]").fill("2026-11-20")
    form.locator("button.main").click()
    expect(page.locator("#step-take-back")).to_be_visible()
    look(page)


def test_stickers_of_those_that_are_ticked(page: Page, district: Any) -> None:
    page.goto("/assets/found")
    look(page)
    page.locator(".rows form[action='/assets/found'] button").first.click()
    expect(page.locator(".hint.ok")).to_be_visible()
    page.goto("/assets/stickers")
    look(page)
    expect(page.locator("[name=id]")).to_have_count(1)
    with page.expect_download() as download:
        page.locator("form[action='/assets/stickers.pdf'] button").click()
    assert download.value.suggested_filename == "stickers.pdf"


def test_whoever_was_slower_sees_what_is_there_now(page: Page, district: Any) -> None:
    send(page, LIST)
    page.locator("form[action$='/confirm'] button").click()
    expect(page.locator(".hint.ok")).to_be_visible()
    page.goto("/assets")
    page.locator(".rows .row-link").click()
    expect(page.locator(".history li")).to_have_count(1)
    address = page.url
    page.goto(f"{address}/change")
    other = page.context.new_page()
    other.goto(f"{address}/change")
    other.locator("[name=room]").fill("ป.5")
    other.locator("form[action$='/change'] button").click()
    expect(other.locator(".hint.ok")).to_be_visible()
    page.locator("[name=name]").fill("ชื่อของฉัน")
    page.locator("form[action$='/change'] button").click()
    expect(page.locator(".hint.warn")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("ชื่อของฉัน")
    expect(page.locator("form")).to_contain_text("ป.5")
    page.locator("form[action$='/change'] button").click()
    expect(page.locator(".hint.ok")).to_be_visible()

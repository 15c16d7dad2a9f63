"""A round of allocation as its people walk through it: planned on a phone, approved, sent, seen, accepted; in both languages."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from hub.core.assets import Asset, AssetState, Deed
from hub.core.people import Role
from hub.needs.prices import Price
from hub.office.confirming import confirm
from hub.store.assets import AssetRows
from hub.store.needs import NeedRows, Place
from hub.store.prices import PriceRows
from hub.store.tables import device
from hub.web.settings import WebSettings
from tests.hub.web.looking import Seats, check, look, settle

pytestmark = pytest.mark.e2e
NOW = 1_795_157_100_000
PAGE, STEPS = "/allocation/AL-2570-0001", "/requests/AL-2570-0001"
OLD = Asset("cpm3", "tv", "7730-001-0001", "OLD-1", "LG 32", school="30010012", room="ป.1", device="p1-tv")


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def assets(fleet: Any, district: Any, hub: Any) -> None:
    """A TV that a repair gave up, one that another school does not use, and a price list."""
    fleet.school("cpm3", "30010027", "โรงเรียนบ้านหนองไผ่สามัคคีราษฎร์บำรุงวิทยา")
    idle = replace(OLD, number="7730-001-0002", serial="IDLE-1", school="30010027", room="ป.4", device=None)
    with fleet.store.begin() as work:
        rows, who = AssetRows(work.connection), Deed("added", "command", "", NOW)
        old = rows.add(replace(OLD, acquired_on=date(2017, 1, 1)), who)
        rows.add(replace(idle, state=AssetState.IDLE), who)
        NeedRows(work.connection).open(Place("cpm3", "30010012", "tv", "p1-tv", old.id), "RP-2570-0007", NOW)
        head = hub.accounts.people.by_login(Role.GROUP_HEAD.value).principal
        PriceRows(work.connection).put(2570, [Price("receiver", 350_000, "", "criteria, item 3")], head, NOW)


def take(page: Page, transition: str, **values: str) -> None:
    """A step of the round, on the page of its request."""
    page.goto(STEPS)
    page.locator(f"#step-{transition}").click()
    form = page.locator(f"form[action*='/steps/{transition}#']")
    for name, value in values.items():
        form.locator(f"[name='f.{name}']").fill(value)
    look(page)
    form.locator("button[type=submit]").click()
    # On the page that comes, the step is not offered again; where it is refused, it is.
    expect(form).to_have_count(0)
    settle(page)


def begin(page: Page) -> None:
    page.goto("/office")
    page.locator("main a[href='/allocation']").click()
    look(page)
    check(page)
    page.locator("main a[href='/requests/new/allocation']").click()
    page.locator("[name='f.title']").fill("ปีงบประมาณ 2570")
    page.locator("[name='f.budget']").fill("10000")
    page.locator("[name='f.rules']").select_option("foundation")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(f"**{STEPS}*")
    take(page, "appoint", members="กลุ่ม DLICT")


def plan(page: Page) -> None:
    """The hub's proposal, and a line of one's own: first too dear, then right."""
    page.goto(PAGE)
    look(page)
    expect(page.locator(".plan-line")).to_have_count(1)
    expect(page.locator("[data-rest]")).to_contain_text("10,000")
    page.locator("#add").click()
    form = page.locator("form[action$='/lines#add']")
    form.locator("[name=school]").fill("cpm3/30010027")
    form.locator("[name=kind]").select_option("receiver")
    form.locator("[name=quantity]").fill("4")
    form.locator("[name=price]").fill("3,500")
    expect(page.locator("[data-sum]")).to_contain_text("14,000")
    expect(page.locator("[data-over]")).to_be_visible()
    form.locator("[name=quantity]").fill("2")
    expect(page.locator("[data-over]")).to_be_hidden()
    form.locator("[name=reason]").fill("สองห้องใหม่")
    form.locator("button[type=submit]").click()
    expect(page.locator(".plan-line")).to_have_count(2)
    look(page)
    page.locator("[id^=rules-] summary").first.click()
    page.locator("[name=rule][value=teachers]").first.check()
    page.locator("[id^=rules-] form button").first.click()
    # In the page that comes it is folded.
    expect(page.locator("[id^=rules-][open]")).to_have_count(0)
    settle(page)
    page.locator("[id^=rules-] summary").first.click()
    expect(page.locator("[name=rule][value=teachers]").first).to_be_checked()
    look(page)
    check(page)


def carry_out(page: Page, hub: Any, node_id: int) -> None:
    """The set that is moved: sent, seen by the agent, accepted."""
    page.goto(PAGE)
    first = page.locator(".plan-line").first
    first.locator("summary[id$=-dispatched]").click()
    first.locator("form[action*='/dispatched'] button[type=submit]").click()
    expect(first.locator("form[action*='/dispatched']")).to_have_count(0)
    with hub.fleet.store.begin() as work:
        there = (device.c.node_id == node_id) & (device.c.key == "p1-tv")
        work.connection.execute(update(device).where(there).values(properties={"serial_number": "IDLE-1"}))
    assert confirm(hub.fleet.store, ZoneInfo("Asia/Bangkok"), NOW) == 1
    page.reload()
    first.locator("summary[id$=-accepted]").click()
    form = first.locator("form[action*='/accepted']")
    expect(form.locator("[name=number]")).to_have_value("7730-001-0002")
    expect(form.locator("[name=serial]")).to_have_value("IDLE-1")
    form.locator("[name=receipt]").fill("7/2570")
    look(page)
    form.locator("button[type=submit]").click()
    expect(first.locator(".mark.on")).to_be_visible()
    look(page)


@pytest.mark.usefixtures("assets")
def test_a_round_is_walked_through_from_the_need_to_the_register(sit: Seats, hub: Any, district: Any) -> None:
    head = sit(Role.GROUP_HEAD)
    head.goto("/needs")
    expect(head.locator(".row.need")).to_have_count(1)
    look(head)
    check(head)
    begin(head)
    plan(head)
    take(head, "propose", plan="2 รายการ")
    take(sit(Role.DIRECTOR), "approve")
    take(head, "begin_work")
    carry_out(sit(Role.SUPPLY), hub, district.node)
    head.goto("/needs?advice=replace")
    expect(head.locator(".row.need")).to_have_count(0)
    take(head, "sum_up")
    take(head, "submit", results="ครบตามแผน")
    head.goto("/allocation")
    look(head)
    expect(head.locator(".rows .row")).to_have_count(1)


@pytest.mark.usefixtures("assets")
def test_two_at_one_line_are_told_of_each_other_and_lose_nothing(sit: Seats) -> None:
    head = sit(Role.GROUP_HEAD)
    begin(head)
    other = sit(Role.ADMIN)
    for page in (head, other):
        page.goto(PAGE)
        page.locator("summary[id^=edit-]").first.click()
        form = page.locator("form[data-line]").first
        form.locator("[name=reason]").fill("ของฉัน")
    for page, count in ((head, 0), (other, 1)):
        page.locator("form[data-line]").first.locator("button[type=submit]").click()
        page.wait_for_load_state()
        expect(page.locator("#refused")).to_have_count(count)
    expect(other.locator("form[data-line] [name=reason]").first).to_have_value("ของฉัน")
    look(other)

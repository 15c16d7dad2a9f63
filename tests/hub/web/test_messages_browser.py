"""Somebody sets up how they are told, is told, and looks after a webhook: on a phone and at a desk, in both languages."""

import json
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.core.people import Role
from hub.mail.settings import NoticeSettings
from hub.office.sending import Hand
from hub.store.messages import tell
from hub.web.settings import WebSettings
from tests.hub.messaging.receiver import Receiver, listening
from tests.hub.web.looking import DESK, DESK_TH, PHONE, PHONE_EN, Screen, Seats, check, look

pytestmark = pytest.mark.e2e
NOW = 1_795_157_100_000
HERE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as one:
        yield one


@pytest.fixture(params=[PHONE, PHONE_EN, DESK, DESK_TH], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def page(sit: Seats) -> Page:
    return sit(Role.ADMIN)


def test_from_no_way_at_all_to_a_message_and_a_webhook(page: Page, hub: Any, receiver: Receiver) -> None:
    # What it is told stands on this computer.
    hub.office.messages.pages._sending.hand = Hand(NoticeSettings.model_validate({}), HERE)
    hub.office.messages.gather()
    add_a_way(page, receiver)
    choose_times(page)
    with hub.fleet.store.begin() as work:
        tell(work.connection, "stock.low", {"path": "/office"}, ("admin",), NOW)
        tell(work.connection, "request.moved", {"path": "/requests/SW-2570-0001"}, ("admin",), NOW)
    hub.office.messages.tell_people()
    assert len(receiver.came) == 2
    look_after(page, hub, receiver)
    add_a_webhook(page, hub, receiver)


def add_a_way(page: Page, receiver: Receiver) -> None:
    page.goto("/account")
    page.locator("main a[href='/account/messages']").click()
    look(page, "ways-none")
    form = page.locator("details", has=page.locator("input[value=jsons]"))
    form.locator("summary").click()
    form.locator("[name=first]").fill("nowhere")
    form.locator("button").click()
    expect(page.locator("#mistake")).to_be_visible()
    expect(page.locator("#jsons-first")).to_have_value("nowhere")
    look(page, "ways-mistake")
    check(page)
    page.locator("#jsons-first").fill(receiver.url)
    page.locator("#jsons-name").fill("โทรศัพท์ของฉัน")
    page.locator("details[open] button").click()
    expect(page.locator("#way-1")).to_contain_text("โทรศัพท์ของฉัน")
    page.locator("#way-1 form[action$='/test#way-1'] button").click()
    expect(page.locator("#way-1 .hint.ok")).to_be_visible()
    assert json.loads(receiver.came[0].body)["message"].count("\n") > 0
    look(page, "ways-tested")


def choose_times(page: Page) -> None:
    page.locator("#when-supply").select_option("supply:never")
    page.locator("#quiet-from").fill("22:30")
    page.locator("button.main").click()
    expect(page.locator(".hint.ok")).to_be_visible()
    expect(page.locator("#when-supply")).to_have_value("supply:never")
    expect(page.locator("#quiet-from")).to_have_value("22:30")
    look(page, "ways-chosen")
    check(page)


def look_after(page: Page, hub: Any, receiver: Receiver) -> None:
    receiver.status = 401
    with hub.fleet.store.begin() as work:
        params = {"number": "SW-2570-0001", "type": {"th": "ติดตั้งชุดคำสั่งสำเร็จรูป", "en": "Software installation"}}
        tell(
            work.connection, "request.overdue", {**params, "state": {"th": "รับเรื่อง", "en": "received"}}, ("admin",), NOW
        )
    hub.office.messages.tell_people()
    page.goto("/manage")
    page.locator("main a[href='/admin/messages']").click()
    expect(page.locator("#lost + ul .row")).to_contain_text("SW-2570-0001")
    look(page, "messages")
    receiver.status = 204
    page.locator("#lost + ul button").click()
    expect(page.locator(".hint.ok")).to_be_visible()
    hub.office.messages.tell_people()
    page.goto("/admin/messages")
    expect(page.locator("#lost + ul")).to_have_count(0)
    page.locator("main a[href='/admin/messages/roles/technician']").click()
    look(page, "role")


def add_a_webhook(page: Page, hub: Any, receiver: Receiver) -> None:
    page.goto("/admin/webhooks")
    look(page, "webhooks-none")
    page.locator("#name").fill("ระบบรับเรื่อง")
    page.locator("#url").fill(receiver.url)
    page.locator("section[aria-labelledby=add] [value='ticket.opened']").check()
    page.locator("section[aria-labelledby=add] button").click()
    expect(page.locator("#secret")).to_contain_text("whsec_")
    look(page, "webhooks-secret")
    check(page)
    page.locator("form[action='/admin/webhooks/1/test'] button").click()
    page.wait_for_url("**/admin/webhooks?done=tested*")
    told = len(receiver.came)
    hub.office.messages.webhooks._networks = HERE
    hub.office.messages.tell_programs()
    assert len(receiver.came) == told + 1
    assert receiver.came[-1].headers["webhook-id"].startswith("evt_")
    page.goto("/admin/webhooks")
    expect(page.locator("#secret")).to_have_count(0)
    page.locator("summary").click()
    look(page, "webhooks")

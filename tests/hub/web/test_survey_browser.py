"""A survey as people walk through it: the office starts one, a school answers on a phone, the office accepts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from hub.core.findings import RoomDay
from hub.core.people import Role
from hub.store.tables import school
from hub.web.settings import WebSettings
from tests.hub.web.looking import Seats, check, look

pytestmark = pytest.mark.e2e


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def page(sit: Seats) -> Page:
    return sit(Role.GROUP_HEAD)


def start(page: Page) -> None:
    page.goto("/office")
    page.locator("main a[href='/surveys']").click()
    look(page, "surveys-none")
    page.locator("main a[href='/surveys/new']").click()
    page.locator("[name=type][value=needs]").check()
    page.locator("[name=turn]").fill("รอบที่ 1/2570")
    page.locator("[name=due_on]").fill("2026-12-20")
    look(page, "survey-new")
    page.locator("main form button.main").click()
    expect(page.locator("#started")).to_be_visible()
    look(page, "survey")


def answer(page: Page) -> None:
    """Something is wrong first; what was typed and not sent is still there after the page was left."""
    page.locator("#sheet-1").click()
    look(page, "sheet-waiting")
    page.locator("a[href^='/s/']").click()
    look(page, "sheet")
    page.locator("[name='a.pupils']").fill("61")
    page.locator("[name='a.suggestion']").fill("ฝนตกแล้วภาพหาย")
    expect(page.locator("#survey")).to_have_attribute("data-kept", "")
    page.reload()
    expect(page.locator("#restored")).to_be_visible()
    expect(page.locator("[name='a.pupils']")).to_have_value("61")
    page.locator("form.survey button.main").click()
    expect(page.locator("#refused")).to_be_visible()
    expect(page.locator("[name='a.suggestion']")).to_have_value("ฝนตกแล้วภาพหาย")
    look(page, "sheet-faults")
    check(page)
    for name, words in (("responsible", "ครูมานี"), ("phone", "044 000 000"), ("informant", "ครูมานี ตั้งใจ")):
        page.locator(f"[name='a.{name}']").fill(words)
    page.locator("form.survey button.main").click()
    expect(page.locator("#done")).to_be_visible()
    page.wait_for_function("() => localStorage.length === 0")
    look(page, "sheet-done")


def accept(page: Page) -> None:
    page.goto("/surveys/1/sheets/1")
    expect(page.locator("#differences + .card tbody tr")).to_have_count(1)
    look(page, "sheet-differences")
    check(page)
    page.locator("form[action$='/accept'] button").click()
    page.wait_for_url("**/surveys/1?show=answered")
    look(page, "survey-accepted")


def test_a_survey_is_started_answered_on_a_phone_and_accepted(page: Page, fleet: Any, district: Any) -> None:
    with fleet.store.begin() as work:
        work.connection.execute(update(school).values(pupils=64))
    fleet.room_days(*(RoomDay("cpm3", "30010012", "ป.1", f"2026-11-{day:02}", {}, 180.0) for day in range(2, 7)))
    start(page)
    answer(page)
    accept(page)

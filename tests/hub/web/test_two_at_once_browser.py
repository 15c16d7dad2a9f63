"""What goes wrong with a request, on two phones: told clearly in the reader's language, and nothing that was typed is lost."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from hub.core.people import Role
from tests.hub.web.looking import PHONE, PHONE_EN, Screen, Seats, check, look

pytestmark = pytest.mark.e2e
PROGRAM = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
CALL = {"caller": "ครูมานี", "phone": "044 000 000", "question": "ภาพกระตุก"}
SAID = {
    "th": {
        "meanwhile": "มีผู้แก้ไขคำขอนี้หลังจากที่คุณเปิด",
        "stale": "มีผู้ดำเนินการกับคำขอนี้ขณะที่คุณเปิดหน้าอยู่",
        "missing": "ต้องกรอก",
        "gone": "สิ่งที่คุณพิมพ์",
        "guard": "ต้องอยู่ในเวลาราชการ",
    },
    "en": {
        "meanwhile": "Somebody has changed this request since you opened it",
        "stale": "Somebody changed this request while you had it open",
        "missing": "must be filled",
        "gone": "What you typed",
        "guard": "office hours",
    },
}


@pytest.fixture(params=[PHONE, PHONE_EN], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def said(screen: Screen) -> dict[str, str]:
    return SAID[screen.language]


@pytest.fixture
def page(sit: Seats) -> Page:
    """The phone of a technician."""
    return sit(Role.TECHNICIAN)


@pytest.fixture
def call(client: httpx.Client) -> str:
    """A call that waits for its answer; its address."""
    answer = client.post("/api/v1/requests", json={"type": "phone_consult", "values": CALL}, headers=PROGRAM)
    assert answer.status_code == 201, answer.text
    return f"/requests/{answer.json()['number']}"


def moved(client: httpx.Client, path: str, transition: str, version: int = 1, **values: Any) -> None:
    """By the head of the group, at another desk."""
    wish = {"transition": transition, "version": version, "values": values}
    answer = client.post(f"/api/v1{path}/steps", json=wish, headers=PROGRAM)
    assert answer.status_code == 200, answer.text


def promise(page: Page, when: str) -> None:
    page.locator("#step-promise").click()
    page.locator("#promise-call_back_at").fill(when)
    page.locator("#promise-note").fill("โน้ตของฉัน")


def send(page: Page, step: str) -> None:
    page.locator(f"form[action*='/steps/{step}'] button.main").click()


def test_an_open_page_says_that_somebody_else_was_there_and_keeps_what_is_typed(
    page: Page, call: str, client: httpx.Client, said: dict[str, str]
) -> None:
    page.goto(call)
    promise(page, "2026-11-24T11:00")
    expect(page.locator("#meanwhile")).to_have_text("")
    moved(client, call, "promise", call_back_at="2026-11-23T10:00")
    expect(page.locator("#meanwhile")).to_contain_text(said["meanwhile"])
    expect(page.locator("#promise-note")).to_have_value("โน้ตของฉัน")
    expect(page.locator("#promise-call_back_at")).to_have_value("2026-11-24T11:00")
    look(page)
    check(page)


def test_who_comes_second_is_told_and_sends_once_more(
    page: Page, call: str, client: httpx.Client, said: dict[str, str]
) -> None:
    page.goto(call)
    promise(page, "2026-11-24T11:00")
    moved(client, call, "promise", call_back_at="2026-11-23T10:00")
    send(page, "promise")
    expect(page.locator("#refused")).to_contain_text(said["stale"])
    expect(page.locator("#promise-note")).to_have_value("โน้ตของฉัน")
    expect(page.locator("#promise-call_back_at")).to_have_value("2026-11-24T11:00")
    check(page)
    send(page, "promise")
    expect(page.locator("#refused")).to_have_count(0)
    expect(page.locator("blockquote", has_text="โน้ตของฉัน")).to_be_visible()


def test_a_step_that_has_gone_shows_what_was_typed_for_it(
    page: Page, call: str, client: httpx.Client, said: dict[str, str]
) -> None:
    page.goto(call)
    page.locator("#step-answer_now").click()
    page.locator("#answer_now-answer").fill("คำตอบยาว ๆ ของฉัน")
    moved(client, call, "withdraw")
    send(page, "answer_now")
    expect(page.locator("#refused")).to_contain_text(said["stale"])
    expect(page.locator("#steps")).to_contain_text(said["gone"])
    expect(page.locator("#steps")).to_contain_text("คำตอบยาว ๆ ของฉัน")
    look(page, "step-has-gone")
    check(page)


def test_what_is_missing_is_named_at_its_field(page: Page, call: str, said: dict[str, str]) -> None:
    page.goto(call)
    page.locator("#step-answer_now").click()
    # A browser lets a blank pass as filled.
    page.locator("#answer_now-answer").fill("   ")
    page.locator("#answer_now-note").fill("โน้ตของฉัน")
    send(page, "answer_now")
    expect(page.locator("#answer_now-answer-fault")).to_contain_text(said["missing"])
    expect(page.locator("#answer_now-note")).to_have_value("โน้ตของฉัน")
    expect(page.locator("#answer_now-answer")).to_have_attribute("aria-invalid", "true")
    look(page, "missing-at-its-field")
    check(page)


def test_a_rule_that_says_no_is_told_and_the_moment_stays(page: Page, call: str, said: dict[str, str]) -> None:
    page.goto(call)
    promise(page, "2026-11-24T22:00")
    send(page, "promise")
    expect(page.locator("#refused")).to_contain_text(said["guard"])
    expect(page.locator("#promise-call_back_at")).to_have_value("2026-11-24T22:00")
    expect(page.locator("#promise-note")).to_have_value("โน้ตของฉัน")
    check(page)

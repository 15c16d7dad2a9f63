"""Supply as the office does it, in the browser: on a phone and at a desk, in both languages."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from hub.core.people import Role
from hub.store.supply import StockRows
from hub.supply.stock import Deed, Item
from tests.hub.web.looking import Seats, check, look, settle

pytestmark = pytest.mark.e2e


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def look(self) -> None:
        look(self.page)
        check(self.page)

    def row(self, step: str, field: str, number: int, **cells: str) -> None:
        for column, text in cells.items():
            cell = self.page.locator(f"[id='{step}-{field}-{number}-{column}']")
            if cell.evaluate("each => each.tagName") == "SELECT":
                cell.select_option(text)
            else:
                cell.fill(text)

    def step(self, name: str, **fields: str) -> None:
        """Take a step of the request that is open."""
        self.page.locator(f"#step-{name}").click()
        self.send(name, **fields)

    def send(self, name: str, **fields: str) -> None:
        for field, text in fields.items():
            self._fill(self.page.locator(f"[id='{name}-{field}']"), text)
        self.look()
        self.page.locator(f"form[action*='/steps/{name}#'] button.main").click()
        settle(self.page)

    def _fill(self, field: Any, text: str) -> None:
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)

    def state(self) -> str:
        return self.page.locator(".title .state").inner_text()


@pytest.fixture
def person(sit: Seats, district: Any) -> Callable[[Role], Person]:
    """Somebody of a role; the same one again for the same role."""
    return lambda role: Person(sit(role))


@pytest.fixture
def stocked(fleet: Any) -> Any:
    with fleet.store.begin() as work:
        rows = StockRows(work.connection)
        rows.add_item(Item("LNB-U", "หัวรับสัญญาณ", "ตัว", "lnb", least=2))
        rows.give("LNB-U", 5, Deed("person:1", "พัสดุ", 1))
    return fleet


def free(fleet: Any) -> int:
    with fleet.store.reading() as connection:
        return StockRows(connection).available("LNB-U")


def test_material_is_asked_for_approved_and_handed_out(person: Callable[[Role], Person], stocked: Any) -> None:
    technician, supply = person(Role.TECHNICIAN), person(Role.SUPPLY)
    page = technician.page
    page.goto("/supply")
    page.locator("a[href='/requests/new/material_request']").click()
    page.locator("[id='-purpose']").fill("ซ่อมจาน")
    technician.row("", "items", 0, item="LNB-U", quantity="2")
    page.locator(".more-rows").click()
    technician.row("", "items", 2, item="NONE", quantity="1")
    technician.look()
    page.locator("form.card button.main").click()
    expect(page.locator("#refused")).to_be_visible()
    expect(page.locator("[id='-items-1-item-fault']")).to_be_visible()
    expect(page.locator("[id='-items-0-item']")).to_have_value("LNB-U")
    technician.row("", "items", 1, item="", quantity="")
    page.locator("form.card button.main").click()
    page.wait_for_url("**/requests/MR-*")
    supply.page.goto(page.url)
    supply.step("approve")
    supply.page.locator("#step-issue").click()
    expect(supply.page.locator("[id='issue-issued-0-quantity']")).to_have_value("2")
    supply.row("issue", "issued", 0, quantity="9")
    supply.send("issue", place="office")
    expect(supply.page.locator("[id='issue-issued-0-quantity-fault']")).to_contain_text("5")
    supply.row("issue", "issued", 0, quantity="4")
    supply.send("issue")
    expect(supply.page.locator("#paper-F08-pdf")).to_be_visible()
    supply.look()
    assert free(stocked) == 1
    technician.page.goto("/supply?low=true")
    expect(technician.page.locator("#i-LNB-U")).to_be_visible()
    technician.look()


def test_a_purchase_is_approved_by_the_director_and_fills_the_stock(
    person: Callable[[Role], Person], stocked: Any
) -> None:
    technician, supply, director = person(Role.TECHNICIAN), person(Role.SUPPLY), person(Role.DIRECTOR)
    page = technician.page
    page.goto("/requests/new/purchase_request")
    page.locator("[id='-subject']").fill("หัวรับสัญญาณ")
    page.locator("form.card button.main").click()
    page.wait_for_url("**/requests/PR-*")
    address = page.url
    supply.page.goto(address)
    supply.page.locator("#step-prepare").click()
    supply.row("prepare", "items", 0, item="LNB-U", quantity="10", price="250.50")
    texts = {"reason": "หมด", "specification": "ตามแบบ", "price_source": "ตลาด", "fund": "งบ", "method_reason": "น้อย"}
    numbers = {"reference_price": "2505", "budget": "2505", "needed_on": "2026-12-15", "method": "specific"}
    supply.send("prepare", **texts, **numbers)
    director.page.goto(address)
    expect(director.page.locator("#paper-F10-pdf")).to_be_visible()
    director.step("approve")
    supply.page.goto(address)
    supply.step("order", vendor="ร้านตัวอย่าง", expected_on="2026-12-08")
    supply.page.locator("#step-receive").click()
    supply.send("receive", place="office")
    expect(supply.page.locator("#steps form")).to_have_count(0)
    assert free(stocked) == 15


def test_a_loan_goes_out_is_extended_and_comes_back(person: Callable[[Role], Person], stocked: Any) -> None:
    teacher, supply = person(Role.SCHOOL), person(Role.SUPPLY)
    page = teacher.page
    page.goto("/requests/new/loan")
    for name, text in (("purpose", "ระหว่างซ่อม"), ("phone", "044"), ("from_on", "2026-11-20"), ("due_on", "2026-11-19")):
        page.locator(f"[id='-{name}']").fill(text)
    page.locator("form.card button.main").click()
    expect(page.locator("#refused")).to_be_visible()
    page.locator("[id='-due_on']").fill("2026-11-27")
    teacher.look()
    page.locator("form.card button.main").click()
    page.wait_for_url("**/requests/LN-*")
    supply.page.goto(page.url)
    supply.page.locator("#step-approve").click()
    supply.row("approve", "items", 0, item="LNB-U", quantity="2")
    supply.send("approve")
    supply.step("hand_out")
    assert free(stocked) == 3
    supply.step("extend", due_on="2026-12-04", why="ยังซ่อมไม่เสร็จ")
    supply.step("take_back", condition="whole")
    expect(supply.page.locator("#paper-F11-pdf")).to_be_visible()
    assert free(stocked) == 5


def test_a_specification_begins_with_a_template_and_ends_in_a_purchase(
    person: Callable[[Role], Person], stocked: Any
) -> None:
    supply, director = person(Role.SUPPLY), person(Role.DIRECTOR)
    page = supply.page
    page.goto("/requests/new/specification")
    page.locator("#template-ups").click()
    page.locator("[id='-quantity']").fill("5")
    supply.look()
    page.locator("form.card button.main").click()
    page.wait_for_url("**/requests/SP-*")
    address = page.url
    supply.step("propose", criteria_ref="ตลาด", reference_price="12500")
    director.page.goto(address)
    director.step("agree")
    page.goto(address)
    page.locator("#step-compare").click()
    supply.row("compare", "offers", 0, bidder="ร้าน ก", price="12000")
    for number in range(4):
        supply.row("compare", "comparison", number, offer1="มี", meets1="no" if number == 3 else "yes")
    said = {"chosen": "o1", "opinion": "ผ่าน", "no_interest": "yes"}
    supply.send("compare", **said)
    expect(page.locator("#refused")).to_be_visible()
    supply.row("compare", "comparison", 3, meets1="yes")
    supply.send("compare")
    expect(page.locator("#paper-F14-pdf")).to_be_visible()
    supply.look()
    supply.step("buy")
    page.locator("a[href^='/requests/PR-']").click()
    expect(page.locator("h1")).to_contain_text("เครื่องสำรองไฟฟ้า")


def test_two_who_hand_out_the_last_pieces_are_not_both_served(
    person: Callable[[Role], Person], stocked: Any, as_role: Callable[[Role], httpx.Client]
) -> None:
    """The second is told how many there are, and nothing typed is lost."""
    made = []
    technician, head = as_role(Role.TECHNICIAN), as_role(Role.GROUP_HEAD)
    for client in (technician, head):
        client.headers["Sec-Fetch-Site"] = "same-origin"
    for _ in range(2):
        values = {"purpose": "ซ่อม", "items": [{"item": "LNB-U", "quantity": 5}]}
        number = technician.post("/api/v1/requests", json={"type": "material_request", "values": values}).json()[
            "number"
        ]
        head.post(f"/api/v1/requests/{number}/steps", json={"transition": "approve", "version": 1, "values": {}})
        made.append(number)
    first, second = person(Role.SUPPLY), person(Role.GROUP_HEAD)
    for somebody, number in ((first, made[0]), (second, made[1])):
        somebody.page.goto(f"/requests/{number}")
        somebody.page.locator("#step-issue").click()
    first.send("issue", place="office", received_by="ช่างหนึ่ง")
    second.send("issue", place="office", received_by="ช่างสอง")
    expect(second.page.locator("[id='issue-issued-0-quantity-fault']")).to_be_visible()
    expect(second.page.locator("[id='issue-received_by']")).to_have_value("ช่างสอง")
    assert free(stocked) == 0

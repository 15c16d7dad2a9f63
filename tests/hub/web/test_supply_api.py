"""Purchases, loans and specifications from the opening to the end over JSON, as other programs would take them."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hub.core.assets import Asset, AssetState, Deed
from hub.core.people import Role
from hub.store.assets import AssetRows
from hub.store.supply import StockRows
from hub.supply.stock import Deed as StockDeed
from hub.supply.stock import Item

NUMBER = "7440-001-0001/69"


class Walk:
    """One request, and whoever takes its steps."""

    def __init__(self, as_role: Callable[[Role], httpx.Client], kind: str, by: Role, **values: Any) -> None:
        self._as_role, self._clients = as_role, dict[Role, httpx.Client]()
        answer = self.client(by).post("/api/v1/requests", json={"type": kind, "values": values})
        assert answer.status_code == 201, answer.text
        self.told: dict[str, Any] = answer.json()
        self.path = f"/api/v1/requests/{self.told['number']}"

    def client(self, role: Role) -> httpx.Client:
        if role not in self._clients:
            self._clients[role] = self._as_role(role)
            self._clients[role].headers["Sec-Fetch-Site"] = "same-origin"
        return self._clients[role]

    def tried(self, role: Role, transition: str, **values: Any) -> httpx.Response:
        version = self.client(Role.GROUP_HEAD).get(self.path).json()["version"]
        wish = {"transition": transition, "version": version, "values": values}
        return self.client(role).post(f"{self.path}/steps", json=wish)

    def by(self, role: Role, transition: str, **values: Any) -> "Walk":
        answer = self.tried(role, transition, **values)
        assert answer.status_code == 200, answer.text
        self.told = answer.json()
        return self

    def paper(self, form: str) -> bytes:
        answer = self.client(Role.GROUP_HEAD).get(f"{self.path}/papers/{form}.pdf")
        assert answer.status_code == 200, answer.text
        return answer.content

    def stock(self) -> int:
        return int(self.client(Role.GROUP_HEAD).get("/api/v1/stock/LNB-U").json()["free"])


@pytest.fixture
def walk(as_role: Callable[[Role], httpx.Client], district: Any, fleet: Any) -> Callable[..., Walk]:
    """On a stock of five LNBs, with an asset at a school."""
    with fleet.store.begin() as work:
        rows = StockRows(work.connection)
        rows.add_item(Item("LNB-U", "หัวรับสัญญาณ", "ตัว", "lnb", least=2))
        rows.give("LNB-U", 5, StockDeed("person:1", "พัสดุ", 1))
        asset = Asset("cpm3", "receiver", NUMBER, school="30010027", state=AssetState.SPARE)
        AssetRows(work.connection).add(asset, Deed("added", "person:1", "พัสดุ", 1))
    return lambda kind, by, **values: Walk(as_role, kind, by, **values)


def test_a_purchase_comes_in_parts_and_fills_the_stock(walk: Callable[..., Walk]) -> None:
    request = walk("purchase_request", Role.TECHNICIAN, subject="หัวรับสัญญาณ")
    written = {"reason": "หมด", "specification": "ตามแบบ", "reference_price": 2500, "price_source": "ตลาด"}
    written |= {"budget": 2500, "fund": "งบ", "needed_on": "2026-12-15", "method": "specific", "method_reason": "น้อย"}
    items = [{"item": "LNB-U", "quantity": 10, "price": 250}, {"quantity": 1}]
    wrong = request.tried(Role.SUPPLY, "prepare", items=items, **written)
    assert wrong.json()["errors"] == [{"field": "values.items.2.what", "problem": "missing"}]
    request.by(Role.SUPPLY, "prepare", items=items[:1], **written)
    assert request.tried(Role.SUPPLY, "approve").status_code == 403
    request.by(Role.DIRECTOR, "approve").by(Role.SUPPLY, "order", vendor="ร้าน", expected_on="2026-12-08")
    request.by(Role.SUPPLY, "receive_some", received=[{"item": "LNB-U", "quantity": 4}], place="office")
    assert (request.told["state"], request.stock()) == ("ordered", 9)
    page = request.client(Role.SUPPLY).get(f"/requests/{request.told['number']}").text
    proposed = re.search(r'<input id="receive-received-0-quantity"[^>]*>', page)
    assert proposed is not None
    assert 'value="6"' in proposed[0]
    request.by(Role.SUPPLY, "receive", received=[{"item": "LNB-U", "quantity": 6}], place="office")
    assert (request.told["state"], request.stock()) == ("received", 15)
    assert request.paper("F10").startswith(b"%PDF")


def test_a_loan_that_is_late_is_found_and_comes_back(walk: Callable[..., Walk]) -> None:
    given = {"purpose": "ระหว่างซ่อม", "phone": "044", "from_on": "2026-11-09", "due_on": "2026-11-18"}
    request = walk("loan", Role.SCHOOL, **given, school="cpm3/30010012")
    rows = [{"asset": NUMBER, "quantity": 1}, {"item": "LNB-U", "quantity": 2}]
    unknown = request.tried(Role.SUPPLY, "approve", items=[{"asset": "0000", "quantity": 1}])
    assert unknown.json()["errors"] == [{"field": "values.items.1.asset", "problem": "unknown_asset"}]
    request.by(Role.SUPPLY, "approve", items=rows).by(Role.TECHNICIAN, "hand_out", due_on="2026-11-18")
    assert (request.told["overdue"], request.stock()) == (True, 3)
    head = request.client(Role.GROUP_HEAD)
    late = head.get("/api/v1/requests?type=loan&show=overdue").json()["items"]
    assert [each["number"] for each in late] == [request.told["number"]]
    assert request.told["number"] in head.get("/requests?type=loan&show=overdue").text
    request.by(Role.SUPPLY, "extend", due_on="2026-11-27", why="ยังซ่อมไม่เสร็จ")
    assert request.told["overdue"] is False
    missing = request.tried(Role.SUPPLY, "take_back", back=rows[1:], condition="whole")
    assert missing.json()["errors"] == [{"field": "values.back", "problem": f"still_out_asset (what={NUMBER})"}]
    request.by(Role.SUPPLY, "take_back_some", back=[{**rows[1], "condition": "whole"}])
    assert (request.told["state"], request.stock()) == ("out", 5)
    request.by(Role.SUPPLY, "take_back", back=rows[:1], condition="whole")
    assert (request.told["state"], request.stock()) == ("returned", 5)
    assert request.paper("F11").startswith(b"%PDF")


def test_offers_are_compared_and_the_purchase_is_asked_for(walk: Callable[..., Walk]) -> None:
    request = walk("specification", Role.TECHNICIAN, name="จาน", quantity=5, unit="ชุด")
    requirements = [{"topic": "ขนาด", "minimum": "75 ซม."}]
    proposed = {"purpose": "รับ DLTV", "criteria_ref": "ตลาด", "reference_price": 5000}
    request.by(Role.SUPPLY, "propose", requirements=requirements, **proposed).by(Role.DIRECTOR, "agree")
    offers = [{"bidder": "ร้าน ก", "price": 900}, {"bidder": "ร้าน ข", "price": 1000}]
    compared = [{"topic": "ขนาด", "minimum": "75 ซม.", "meets1": "no", "meets2": "yes"}]
    given = {"offers": offers, "comparison": compared, "opinion": "ผ่าน", "no_interest": "yes"}
    wrong = request.tried(Role.SUPPLY, "compare", **given, chosen="o1")
    assert (wrong.status_code, wrong.json()["errors"][0]["problem"]) == (422, "offer_fails")
    request.by(Role.SUPPLY, "compare", **given, chosen="o2").by(Role.SUPPLY, "buy")
    for form in ("F13", "F14"):
        assert request.paper(form).startswith(b"%PDF")
    listed = request.client(Role.GROUP_HEAD).get("/api/v1/requests?type=purchase_request").json()["items"]
    assert [(each["parent"], each["values"]["subject"]) for each in listed] == [(request.told["number"], "จาน")]


def test_others_get_no_paper(walk: Callable[..., Walk]) -> None:
    rows = [{"item": "LNB-U", "quantity": 1}]
    request = walk("material_request", Role.TECHNICIAN, purpose="ซ่อม", items=rows)
    request.by(Role.SUPPLY, "approve").by(Role.SUPPLY, "issue", issued=rows, place="office")
    school = request.client(Role.SCHOOL)
    assert school.get(f"{request.path}/papers").status_code == 403
    assert school.get(f"{request.path}/papers/F08.pdf").status_code == 404
    assert request.client(Role.SUPPLY).get(f"{request.path}/papers/F10.pdf").status_code == 404
    assert request.client(Role.SUPPLY).get(f"{request.path}/papers/F08.docx").status_code == 404

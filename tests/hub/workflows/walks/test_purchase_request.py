"""A purchase is written out, approved by the director, ordered, and comes."""

from typing import Any

import pytest

from hub.core.people import Role
from hub.workflows.refusals import Refused

ITEMS = [
    {"item": "LNB-U", "quantity": 10, "price": 250},
    {"what": "สาย RG6", "quantity": 100, "unit": "เมตร", "price": 8.5},
]
WRITTEN = {
    "items": ITEMS,
    "reason": "ของหมดคลัง",
    "specification": "ตามแบบ SP-2570-0001",
    "reference_price": 3350,
    "price_source": "สืบจากท้องตลาด",
    "budget": 3350,
    "fund": "งบดำเนินงาน",
    "needed_on": "2026-12-15",
    "method": "specific",
    "method_reason": "วงเงินไม่เกินกำหนด",
}


def prepared(office: Any, by: Role = Role.TECHNICIAN) -> Any:
    return office.open("purchase_request", by, subject="หัวรับสัญญาณ").by(Role.SUPPLY, "prepare", **WRITTEN)


def test_it_comes_in_two_parts(office: Any) -> None:
    walk = prepared(office)
    assert walk.step.effects.documents == ("F10", "M01")
    walk.by(Role.DIRECTOR, "approve").by(Role.SUPPLY, "order", vendor="ร้านตัวอย่าง", expected_on="2026-12-08")
    walk.by(Role.SUPPLY, "receive_some", received=[ITEMS[0]], place="office")
    assert walk.state == "ordered"
    assert walk.by(Role.SUPPLY, "receive", received=[ITEMS[1]], place="office").state == "received"


def test_only_the_director_approves_and_not_what_is_their_own(office: Any) -> None:
    assert "approve" not in prepared(office).allowed(Role.GROUP_HEAD)
    with pytest.raises(Refused, match="not_allowed"):
        prepared(office).by(Role.SUPPLY, "approve")


def test_supply_is_told_when_goods_are_late(office: Any, moment: Any) -> None:
    walk = prepared(office).by(Role.DIRECTOR, "approve")
    walk.by(Role.SUPPLY, "order", vendor="ร้านตัวอย่าง", expected_on="2026-12-08")
    assert walk.request.due_at == moment("2026-12-08T16:30")


@pytest.mark.parametrize(
    ("step", "state"), [("send_back", "asked"), ("reject", "rejected")], ids=["send_back", "reject"]
)
def test_the_director_says_why_not(office: Any, step: str, state: str) -> None:
    assert prepared(office).by(Role.DIRECTOR, step, why="เกินวงเงิน").state == state


def test_whoever_asked_may_withdraw_it(office: Any) -> None:
    assert prepared(office).by(Role.TECHNICIAN, "cancel", why="หาได้แล้ว").state == "cancelled"

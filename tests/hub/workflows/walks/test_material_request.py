"""Material is approved by somebody else, and handed out or bought."""

from typing import Any

import pytest

from hub.core.people import Role
from hub.workflows.refusals import Refused

ITEMS = [{"item": "LNB-U", "quantity": 2}]


def test_it_is_approved_and_handed_out(office: Any) -> None:
    walk = office.open("material_request", Role.TECHNICIAN, purpose="ซ่อมจาน", items=ITEMS)
    walk.by(Role.GROUP_HEAD, "approve").by(Role.SUPPLY, "issue", issued=ITEMS, place="office")
    assert (walk.state, walk.step.effects.hooks, walk.step.effects.documents) == (
        "issued",
        ("take_from_stock",),
        ("F08",),
    )


def test_nobody_approves_their_own(office: Any) -> None:
    walk = office.open("material_request", Role.SUPPLY, purpose="ใช้เอง", items=ITEMS)
    with pytest.raises(Refused, match="guard"):
        walk.by(Role.SUPPLY, "approve")


def test_time_stands_still_while_it_is_bought(office: Any) -> None:
    walk = office.open("material_request", Role.TECHNICIAN, purpose="ซ่อมจาน", items=ITEMS)
    walk.by(Role.SUPPLY, "approve").by(Role.SUPPLY, "buy")
    assert [timer.scope for timer in walk.step.effects.timers] == ["awaiting_purchase"] * 2
    assert walk.by(Role.SUPPLY, "issue", issued=ITEMS, place="office").state == "issued"


@pytest.mark.parametrize("end", [("reject", Role.SUPPLY, "rejected"), ("cancel", Role.TECHNICIAN, "cancelled")])
def test_it_may_come_to_nothing(office: Any, end: tuple[str, Role, str]) -> None:
    walk = office.open("material_request", Role.TECHNICIAN, purpose="ซ่อมจาน", items=ITEMS)
    assert walk.by(end[1], end[0], why="ไม่ใช้แล้ว").state == end[2]

"""Requirements are agreed on, offers compared with them, and the purchase asked for."""

from typing import Any

import pytest

from hub.core.people import Role

REQUIREMENTS = [{"topic": "ขนาด", "minimum": "ไม่น้อยกว่า 75", "unit": "ซม."}]
PROPOSED = {
    "requirements": REQUIREMENTS,
    "purpose": "รับ DLTV",
    "criteria_ref": "ราคาตลาด",
    "reference_price": 2500,
}
COMPARED = {
    "offers": [{"bidder": "ร้าน ก", "price": 2400}],
    "comparison": [{"topic": "ขนาด", "minimum": "ไม่น้อยกว่า 75", "offer1": "75", "meets1": "yes"}],
    "chosen": "o1",
    "opinion": "ผ่าน",
    "no_interest": "yes",
}


def agreed(office: Any) -> Any:
    walk = office.open("specification", Role.TECHNICIAN, name="จาน", quantity=5, unit="ชุด")
    return walk.by(Role.SUPPLY, "propose", **PROPOSED).by(Role.DIRECTOR, "agree")


def test_it_ends_in_a_purchase(office: Any) -> None:
    walk = agreed(office)
    assert walk.step.effects.documents == ("F13",)
    walk.by(Role.SUPPLY, "compare", **COMPARED)
    assert (walk.step.effects.documents, walk.step.effects.hooks) == (("F14",), ("judge_offers",))
    walk.by(Role.SUPPLY, "buy")
    assert walk.step.effects.opens.values == {"subject": "จาน", "reason": "รับ DLTV"}


def test_offers_may_be_compared_again(office: Any) -> None:
    walk = agreed(office).by(Role.SUPPLY, "compare", **COMPARED)
    assert walk.by(Role.SUPPLY, "compare_again", why="ขอราคาใหม่").state == "agreed"


def test_the_director_may_send_it_back(office: Any) -> None:
    walk = office.open("specification", Role.TECHNICIAN, name="จาน", quantity=5, unit="ชุด")
    walk.by(Role.SUPPLY, "propose", **PROPOSED)
    assert walk.by(Role.DIRECTOR, "send_back", why="เพิ่มการรับประกัน").state == "drafting"
    assert walk.by(Role.GROUP_HEAD, "cancel", why="ไม่ซื้อแล้ว").state == "cancelled"


@pytest.mark.parametrize("template", ["dish", "lnb", "receiver", "tv", "ups", "notebook"])
def test_every_template_can_be_sent_as_it_is(office: Any, template: str) -> None:
    given = office.engine.definitions["specification"].templates[template].values
    walk = office.open("specification", Role.TECHNICIAN, **{**given, "quantity": 1})
    assert len(walk.request.values["requirements"]) >= 4

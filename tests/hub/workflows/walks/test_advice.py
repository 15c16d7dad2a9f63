"""A problem is analysed and advice tried, until it helps or becomes a repair."""

from typing import Any

from hub.core.people import Role

WISH = {"area": "network", "problem": "อินเทอร์เน็ตหลุดบ่อย", "phone": "044 000 000"}


def test_advice_that_does_not_help_is_followed_by_other_advice(office: Any) -> None:
    walk = office.open("advice", Role.SCHOOL, **WISH).by(Role.TECHNICIAN, "analyse")
    walk.by(Role.TECHNICIAN, "advise", advice="เริ่มเราเตอร์ใหม่").by(Role.SCHOOL, "fails", result="ยังหลุด")
    walk.by(Role.TECHNICIAN, "advise", advice="เปลี่ยนช่องสัญญาณ")
    assert walk.by(Role.TECHNICIAN, "works", summary="เปลี่ยนช่องสัญญาณแล้วหาย").state == "solved"


def test_what_cannot_be_advised_becomes_a_repair(office: Any) -> None:
    walk = office.open("advice", Role.SCHOOL, **WISH).by(Role.TECHNICIAN, "analyse")
    walk.by(Role.TECHNICIAN, "make_repair", school="cpm3/30010012")
    opened = walk.step.effects.opens
    assert (walk.state, opened.type, opened.values["symptom"]) == ("became_repair", "repair", "อินเทอร์เน็ตหลุดบ่อย")

"""Work is approved, given to somebody, done, and accepted only when it is right."""

from typing import Any

from hub.core.people import Role

WISH = {"work": "install", "wanted": "ติดตั้งจุดกระจายสัญญาณ 2 จุด", "wanted_by": "2026-12-15"}


def test_it_is_done_again_until_it_is_accepted(office: Any) -> None:
    walk = office.open("work_order", Role.SCHOOL, **WISH)
    walk.by(Role.GROUP_HEAD, "assign", worker="person:1", planned_for="2026-12-01")
    assert walk.step.effects.documents == ("F12",)
    walk.by(Role.TECHNICIAN, "begin").by(Role.TECHNICIAN, "finish", done="ติดตั้งแล้ว")
    walk.by(Role.SCHOOL, "not_yet", lacking="จุดที่ 2 ไม่มีสัญญาณ").by(Role.TECHNICIAN, "finish", done="แก้แล้ว")
    assert walk.by(Role.SCHOOL, "accept").state == "done"


def test_a_technician_does_not_approve_it(office: Any) -> None:
    assert office.open("work_order", Role.SCHOOL, **WISH).allowed(Role.TECHNICIAN) == ()

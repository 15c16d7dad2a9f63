"""An inspection whose findings need a repair, looked at again, reported."""

from typing import Any

import pytest

from hub.core.people import Role
from hub.workflows.refusals import Refused


def test_findings_are_mended_inspected_again_and_reported(office: Any) -> None:
    walk = office.open("server_inspection", Role.TECHNICIAN, server="แม่ข่าย 1", risks="ไม่ได้ปรับรุ่น")
    walk.by(Role.TECHNICIAN, "choose_items", items="รุ่นระบบ\nสำรองข้อมูล")
    walk.by(Role.TECHNICIAN, "begin", planned_from="2026-11-24", planned_until="2026-11-25")
    walk.by(Role.TECHNICIAN, "repair", findings="ดิสก์เสีย").by(Role.TECHNICIAN, "look_again", done="เปลี่ยนดิสก์")
    walk.by(Role.TECHNICIAN, "sound", findings="เรียบร้อย").by(Role.TECHNICIAN, "submit", summary="ปลอดภัย")
    assert walk.state == "reported"
    assert walk.step.effects.documents == ("F19",)


def test_a_plan_ends_no_sooner_than_it_begins(office: Any) -> None:
    walk = office.open("server_inspection", Role.TECHNICIAN, server="แม่ข่าย 1", risks="-")
    walk.by(Role.TECHNICIAN, "choose_items", items="รุ่นระบบ")
    with pytest.raises(Refused) as raised:
        walk.by(Role.TECHNICIAN, "begin", planned_from="2026-11-25", planned_until="2026-11-24")
    assert raised.value.faults[0].code == "not_before"

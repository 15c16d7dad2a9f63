"""A repair: from the report to the hand-over, by each branch. The behaviour at its hooks is attached elsewhere."""

from typing import Any

import pytest

from hub.core.people import Role
from hub.workflows.refusals import Refused

TECHNICIAN = Role.TECHNICIAN
REPORT = {"school": "cpm3/30010012", "symptom": "ไม่มีภาพ", "device": "cpm3/30010012/p1-tv", "reporter": "ครูมานี"}


def test_a_repair_is_handed_over_with_a_signature_and_rated(office: Any, signature: str) -> None:
    walk = office.open("repair", Role.SCHOOL, **REPORT, picture=1).by(TECHNICIAN, "inspect", technician="person:1")
    walk.by(TECHNICIAN, "diagnose", cause="LNB เสีย", branch="own").by(TECHNICIAN, "order_parts", parts="LNB 1 ตัว")
    assert (walk.step.effects.opens.type, walk.step.effects.notices[0].to) == ("purchase_request", ("supply",))
    assert walk.step.effects.opens.values == {"subject": "LNB 1 ตัว", "school": "cpm3/30010012"}
    walk.by(TECHNICIAN, "repair").by(TECHNICIAN, "check", done="เปลี่ยน LNB", cost="450")
    assert walk.step.effects.hooks == ("check_by_telemetry",)
    walk.by(TECHNICIAN, "not_mended", why="สัญญาณยังต่ำ").by(TECHNICIAN, "check", done="ปรับจาน")
    walk.by(TECHNICIAN, "hand_over", accepted_by="ผอ.โรงเรียน", accepted_with=signature)
    assert walk.by(Role.SCHOOL, "close", rating="r5").state == "closed"


def test_what_is_in_warranty_goes_to_the_vendor_and_what_is_ours_does_not(office: Any) -> None:
    walk = office.open("repair", Role.SCHOOL, **REPORT).by(TECHNICIAN, "inspect")
    walk.by(TECHNICIAN, "diagnose", cause="จอดับ", branch="own")
    with pytest.raises(Refused):
        walk.by(TECHNICIAN, "claim", branch="own", vendor="ร้าน ก")
    walk.by(TECHNICIAN, "claim", branch="in_warranty", vendor="ร้าน ก")
    assert walk.by(TECHNICIAN, "check", done="ร้านเปลี่ยนจอ").state == "verifying"


def test_what_is_beyond_repair_opens_a_need(office: Any) -> None:
    walk = office.open("repair", Role.SCHOOL, **REPORT).by(TECHNICIAN, "inspect")
    walk.by(TECHNICIAN, "diagnose", cause="ฟ้าผ่า", branch="own").by(TECHNICIAN, "give_up", why="แผงไหม้")
    assert (walk.state, walk.step.effects.hooks) == ("irreparable", ("open_need",))


@pytest.mark.parametrize(
    ("transition", "fields", "state"),
    [("merge", {"same_as": "RP-2570-0001"}, "duplicate_of"), ("cancel", {"why": "หายเอง"}, "cancelled")],
)
def test_a_report_ends_early(office: Any, transition: str, fields: dict[str, str], state: str) -> None:
    walk = office.open("repair", Role.SCHOOL, **REPORT)
    assert walk.by(TECHNICIAN, transition, **fields).state == state

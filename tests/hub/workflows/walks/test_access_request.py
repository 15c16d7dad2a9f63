"""Access is checked, approved by somebody else, granted, and stands in the record of what changed trust."""

from typing import Any

from hub.core.people import Role

FORM = {"system": "fleet", "user_name": "นางสาวมาลี", "purpose": "แจ้งซ่อม", "until": "2027-09-30"}


def test_access_is_granted(office: Any) -> None:
    walk = office.open("access_request", Role.SCHOOL, **FORM).by(Role.CLERK, "check")
    approved = walk.by(Role.GROUP_HEAD, "approve").step.effects.audit
    granted = walk.by(Role.TECHNICIAN, "grant", granted="โรงเรียน: ดูและแจ้ง")
    assert (approved, granted.step.effects.audit, granted.state) == (True, True, "granted")


def test_access_is_rejected_with_a_reason(office: Any) -> None:
    walk = office.open("access_request", Role.SCHOOL, **FORM).by(Role.CLERK, "check")
    assert walk.by(Role.DIRECTOR, "reject", why="ไม่จำเป็น").state == "rejected"

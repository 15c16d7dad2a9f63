"""An outgoing letter is drafted, corrected, signed, numbered and sent."""

from typing import Any

from hub.core.people import Role


def test_a_letter_is_signed_and_sent(office: Any) -> None:
    walk = office.open("letter_out", Role.TECHNICIAN, title="ส่งแบบสำรวจ", recipient="ผอ.โรงเรียน", urgency="normal")
    walk.by(Role.TECHNICIAN, "check").by(Role.GROUP_HEAD, "return_it", corrections="เพิ่มกำหนดส่ง")
    walk.by(Role.TECHNICIAN, "check").by(Role.GROUP_HEAD, "put_forward").by(Role.DIRECTOR, "sign")
    walk.by(Role.CLERK, "send", letter_number="ศธ 04000/456", dated="2026-11-24", sent_by="esaraban")
    assert (walk.state, walk.step.effects.documents) == ("sent", ("F34",))

"""An incoming letter is assigned, put to the director, decided and settled; a wrong one goes back."""

from typing import Any

from hub.core.people import Role

LETTER = {
    "letter_number": "ศธ 04000/ว 123",
    "dated": "2026-11-20",
    "sender": "สพฐ.",
    "title": "สำรวจอุปกรณ์ DLTV",
    "urgency": "urgent",
}


def test_a_letter_is_dealt_with(office: Any) -> None:
    walk = office.open("letter_in", Role.CLERK, **LETTER, scan=1, about_number="AL-2570-0001").by(
        Role.CLERK, "put_forward"
    )
    walk.by(Role.GROUP_HEAD, "assign", assignee="person:1").by(Role.TECHNICIAN, "propose", proposal="สำรวจจากระบบ")
    walk.by(Role.DIRECTOR, "decide", decision="approved").by(Role.TECHNICIAN, "settle", result="ส่งแบบสำรวจแล้ว")
    assert walk.state == "settled"
    assert office.engine.definitions["letter_in"].numbered_by == "calendar_year"


def test_a_wrong_letter_goes_back(office: Any) -> None:
    walk = office.open("letter_in", Role.CLERK, **LETTER)
    assert walk.by(Role.CLERK, "return_it", wrong="ส่งผิดกลุ่ม").state == "returned"

"""A website is improved by what people say of it, and reported when the year ends."""

from typing import Any

from hub.core.people import Role


def test_a_year_of_a_website(office: Any) -> None:
    walk = office.open("website_year", Role.TECHNICIAN, kind="office", title="เว็บไซต์ 2570", goals="ข้อมูลเป็นปัจจุบัน")
    walk.by(Role.TECHNICIAN, "publish", made="หน้าใหม่").by(Role.TECHNICIAN, "improve", feedback="หาแบบฟอร์มยาก")
    walk.by(Role.TECHNICIAN, "again", improved="เพิ่มหน้าแบบฟอร์ม").by(Role.TECHNICIAN, "close_year", summary="ดีขึ้น")
    assert walk.by(Role.GROUP_HEAD, "report").step.effects.documents == ("F28",)

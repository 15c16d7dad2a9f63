"""What is wrong is corrected before and after it is published."""

from typing import Any

from hub.core.people import Role


def test_it_is_corrected_until_it_shows_as_it_should(office: Any) -> None:
    walk = office.open("web_update", Role.SCHOOL, title="รับสมัครนักเรียน", content="เปิดรับ 1–5 ธ.ค.")
    walk.by(Role.TECHNICIAN, "return_it", lacking="ขาดปี").by(
        Role.SCHOOL, "resubmit", title="รับสมัครนักเรียน", content="เปิดรับ 1–5 ธ.ค. 2569", material=1
    )
    walk.by(Role.TECHNICIAN, "accept").by(Role.TECHNICIAN, "proofread")
    walk.by(Role.GROUP_HEAD, "mend", lacking="สะกดผิด").by(Role.TECHNICIAN, "proofread")
    walk.by(Role.GROUP_HEAD, "publish", address="https://office.example/news/1")
    assert walk.by(Role.SCHOOL, "verify").state == "done"

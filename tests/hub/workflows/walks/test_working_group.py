"""Seven steps, with a plan that comes back once; only the director says yes."""

from typing import Any

from hub.core.people import Role


def test_a_working_group_goes_through_its_seven_steps(office: Any) -> None:
    walk = office.open("working_group", Role.GROUP_HEAD, job="promote_dltv", title="ส่งเสริม DLTV 2570")
    walk.by(Role.GROUP_HEAD, "appoint", members="กลุ่ม DLICT").by(Role.GROUP_HEAD, "propose", plan="นิเทศ 40 โรงเรียน")
    assert walk.allowed(Role.GROUP_HEAD) == ("stop",)
    walk.by(Role.DIRECTOR, "return_plan", comments="เพิ่มโรงเรียนขนาดเล็ก")
    walk.by(Role.GROUP_HEAD, "propose", plan="นิเทศ 60 โรงเรียน").by(Role.DIRECTOR, "approve")
    walk.by(Role.CLERK, "begin_work", told="โรงเรียนในโครงการ").by(Role.TECHNICIAN, "finish", work_done="ครบ 60 โรงเรียน")
    walk.by(Role.GROUP_HEAD, "submit", evaluation="ใช้ได้ทุกห้อง")
    assert (walk.state, walk.step.effects.documents) == ("submitted", ("F17",))

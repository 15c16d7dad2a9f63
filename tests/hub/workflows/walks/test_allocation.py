"""A round of allocation: its seven steps, with a plan that comes back once."""

from typing import Any

from hub.core.people import Role


def test_a_round_goes_through_its_seven_steps(office: Any) -> None:
    walk = office.open("allocation", Role.GROUP_HEAD, title="ปีงบประมาณ 2570", budget="850000", rules="foundation")
    walk.by(Role.GROUP_HEAD, "appoint", members="กลุ่ม DLICT", order="12/2570")
    walk.by(Role.GROUP_HEAD, "propose", plan="42 รายการ").by(Role.DIRECTOR, "return_plan", comments="เกินงบ")
    walk.by(Role.GROUP_HEAD, "propose", plan="38 รายการ").by(Role.DIRECTOR, "approve")
    assert walk.step.effects.hooks == ("check_budget", "reserve_lines")
    walk.by(Role.GROUP_HEAD, "begin_work", network="ศูนย์เครือข่าย").by(Role.GROUP_HEAD, "sum_up")
    walk.by(Role.GROUP_HEAD, "submit", results="ติดตั้งครบ")
    assert (walk.state, walk.step.effects.documents) == ("submitted", ("M01",))

"""A training round is returned by the director, approved, held and reported."""

from typing import Any

from hub.core.people import Role

PLAN = {"starts": "2026-12-14T09:00", "ends": "2026-12-15T16:00", "place": "หอประชุม", "budget": "12500"}


def test_a_round_is_held_and_reported(office: Any) -> None:
    walk = office.open("training", Role.GROUP_HEAD, topic="ใช้ DLTV ให้คุ้ม", audience="ครู ป.1–ป.3", seats=40)
    walk.by(Role.GROUP_HEAD, "propose", **PLAN).by(Role.DIRECTOR, "return_it", comments="ลดงบ")
    walk.by(Role.GROUP_HEAD, "propose", **{**PLAN, "budget": "9000"}).by(Role.DIRECTOR, "approve")
    walk.by(Role.CLERK, "announce").by(Role.TECHNICIAN, "hold", attended=38)
    walk.by(Role.GROUP_HEAD, "report", summary="ครบถ้วน", rating="4.6")
    assert (walk.state, walk.request.values["rating"], walk.request.values["budget"]) == ("reported", 4.6, 9000)

"""A follow-up is designed, approved, carried out and reported."""

from typing import Any

import pytest

from hub.core.people import Role
from hub.workflows.refusals import Refused

AIMS = {"target": "dltv", "title": "ร้อยละ 100", "aims": "โรงเรียนขนาดเล็กใช้ได้ทุกห้อง"}


def test_a_follow_up_is_reported(office: Any) -> None:
    walk = office.open("evaluation", Role.TECHNICIAN, **AIMS)
    walk.by(Role.TECHNICIAN, "propose", design="แบบสอบถาม", **{"from": "2026-12-01", "until": "2027-03-31"})
    walk.by(Role.DIRECTOR, "approve").by(Role.TECHNICIAN, "followed", findings="ใช้ได้ร้อยละ 98")
    assert walk.step.effects.documents == ("F18",)
    assert walk.by(Role.GROUP_HEAD, "report").step.effects.documents == ("F19",)


def test_it_does_not_end_before_it_begins(office: Any) -> None:
    walk = office.open("evaluation", Role.TECHNICIAN, **AIMS)
    with pytest.raises(Refused):
        walk.by(Role.TECHNICIAN, "propose", design="ก", **{"from": "2027-03-31", "until": "2026-12-01"})

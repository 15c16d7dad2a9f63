"""A program that fails its test is installed again."""

from typing import Any

import pytest

from hub.core.people import Role
from hub.workflows.refusals import Refused


def test_it_is_installed_until_it_works(office: Any) -> None:
    walk = office.open("software_install", Role.SCHOOL, software="LibreOffice 24", computers="20", licence="free")
    assert walk.step.effects.documents == ("F31",)
    walk.by(Role.TECHNICIAN, "prepare", licence="free").by(Role.TECHNICIAN, "install")
    walk.by(Role.TECHNICIAN, "test", installed="PC 1–20").by(Role.TECHNICIAN, "failed", problem="เปิดไม่ได้")
    assert walk.state == "installing"
    walk.by(Role.TECHNICIAN, "test", installed="PC 1–20").by(Role.TECHNICIAN, "passed")
    assert walk.by(Role.SCHOOL, "finish", feedback="ใช้ได้ดี").state == "done"


def test_without_a_licence_it_waits(office: Any) -> None:
    walk = office.open("software_install", Role.SCHOOL, software="X", computers=1, licence="to_buy")
    with pytest.raises(Refused) as raised:
        walk.by(Role.TECHNICIAN, "prepare", licence="to_buy")
    assert raised.value.faults[0].words.en.startswith("There is no licence yet")
    walk.by(Role.TECHNICIAN, "wait_for_licence").by(Role.TECHNICIAN, "prepare", licence="bought")
    assert walk.state == "preparing"

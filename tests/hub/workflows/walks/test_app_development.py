"""A program that is there is used; one that is not is built, and mended until it passes."""

from typing import Any

from hub.core.people import Role

NEED = {"need": "ระบบลงเวลา", "users": "ครู 12 คน"}


def test_a_program_that_is_there_is_used(office: Any) -> None:
    walk = office.open("app_development", Role.CLERK, **NEED).by(Role.TECHNICIAN, "analyse")
    assert walk.by(Role.TECHNICIAN, "use_existing", existing="ระบบของ สพฐ.").state == "existing_used"


def test_one_that_is_not_is_built_tested_and_mended(office: Any) -> None:
    walk = office.open("app_development", Role.CLERK, **NEED).by(Role.TECHNICIAN, "analyse")
    walk.by(Role.TECHNICIAN, "design", requirements="ลงเวลาเข้าออก").by(Role.TECHNICIAN, "build", design="เว็บ")
    walk.by(Role.TECHNICIAN, "test").by(Role.CLERK, "mend", faults="ลงซ้ำได้").by(Role.TECHNICIAN, "test")
    walk.by(Role.TECHNICIAN, "hand_over", delivered="เว็บและคู่มือ", accepted_by="ธุรการ")
    assert (walk.state, walk.step.effects.documents) == ("handed_over", ("F26",))

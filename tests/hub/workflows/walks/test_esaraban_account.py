"""An account: the form comes back incomplete, is corrected, and the account is made and told."""

from typing import Any

from hub.core.people import Role

FORM = {"user_name": "นายสมชาย ใจดี", "position": "ธุรการโรงเรียน", "rights": "clerk"}


def test_an_incomplete_form_goes_back_and_the_account_is_made_in_the_end(office: Any) -> None:
    walk = office.open("esaraban_account", Role.SCHOOL, **FORM)
    walk.by(Role.TECHNICIAN, "return_it", lacking="ไม่มีคำสั่ง")
    assert walk.step.effects.notices[0].to == ("person:school",)
    walk.by(Role.SCHOOL, "resubmit", **FORM, order=1).by(Role.TECHNICIAN, "accept")
    walk.by(Role.TECHNICIAN, "create", account="somchai.j")
    assert walk.step.effects.audit
    assert walk.by(Role.TECHNICIAN, "tell", told_how="sealed").state == "told"

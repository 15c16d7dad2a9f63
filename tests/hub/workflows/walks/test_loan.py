"""A loan goes out for a time, may be extended, and comes back; who is late is told."""

from typing import Any

import pytest

from hub.core.people import Role
from hub.workflows.refusals import Refused
from hub.workflows.request import Told

WISH = {"purpose": "กล่องรับสัญญาณระหว่างซ่อม", "phone": "044 000 000", "from_on": "2026-11-23", "due_on": "2026-11-27"}
ITEMS = [{"asset": "7440-001-0001/69", "what": "กล่องรับสัญญาณ", "quantity": 1, "unit": "เครื่อง"}]


def out(office: Any) -> Any:
    walk = office.open("loan", Role.SCHOOL, **WISH).by(Role.SUPPLY, "approve", items=ITEMS)
    return walk.by(Role.TECHNICIAN, "hand_out", due_on="2026-11-27")


def test_it_goes_out_and_comes_back(office: Any) -> None:
    walk = out(office)
    assert (walk.state, walk.step.effects.hooks, walk.step.effects.documents) == ("out", ("lend_out",), ("F11",))
    assert walk.by(
        Role.SUPPLY, "take_back", back=ITEMS[:0] or [{"what": "กล่อง", "quantity": 1}], condition="whole"
    ).state == ("returned")


def test_who_is_late_is_told_at_the_end_of_the_day(office: Any, moment: Any) -> None:
    walk = out(office)
    assert walk.request.due_at == moment("2026-11-27T16:30")
    office.now = moment("2026-11-27T16:30")
    told = [step.entry.told for _ in range(2) if (step := walk.remind()) is not None]
    assert told == [Told.WARNED, Told.OVERDUE]
    assert "school" in str(walk.step.effects.notices[0].to) or walk.request.opened_by in walk.step.effects.notices[0].to


def test_a_loan_that_is_extended_is_due_anew(office: Any, moment: Any) -> None:
    walk = out(office)
    office.now = moment("2026-11-30T09:00")
    while walk.remind() is not None:
        pass
    walk.by(Role.SUPPLY, "extend", due_on="2026-12-04", why="ยังซ่อมไม่เสร็จ")
    assert walk.request.due_at == moment("2026-12-04T16:30")
    assert walk.remind() is None
    office.now = moment("2026-12-05T09:00")
    assert walk.remind() is not None


def test_it_cannot_end_before_it_begins(office: Any) -> None:
    with pytest.raises(Refused, match="guard"):
        office.open("loan", Role.SCHOOL, **{**WISH, "due_on": "2026-11-22"})


@pytest.mark.parametrize(
    ("step", "by", "state"), [("reject", Role.SUPPLY, "rejected"), ("cancel", Role.SCHOOL, "cancelled")]
)
def test_it_may_come_to_nothing(office: Any, step: str, by: Role, state: str) -> None:
    assert office.open("loan", Role.SCHOOL, **WISH).by(by, step, why="มีใช้แล้ว").state == state

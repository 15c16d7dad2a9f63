"""Who is told: roles and persons by name, those whose work it is before a limit, and no state that anything rests in for ever."""

from dataclasses import replace
from typing import Any

import pytest

from hub.core.people import Role
from hub.workflows.checking import flaws
from hub.workflows.engine import Wish
from hub.workflows.loading import load_definitions
from hub.workflows.schema import StateKind
from hub.workflows.telling import told_to, warned

DEFINITIONS = load_definitions()
FAULT = {"school": "cpm3/30010012", "symptom": "ไม่มีภาพ"}


def test_a_school_and_the_technician_hear_of_a_visit(office: Any) -> None:
    walk = office.open("repair", Role.CLERK, **FAULT)
    walk.by(Role.GROUP_HEAD, "plan_visit", technician="person:1", visit_on="2026-11-24")
    assert walk.step.effects.notices[0].to == ("person:clerk", "school", "person:1")


def test_who_takes_work_on_for_themselves_is_not_told_of_it(office: Any) -> None:
    request = office.open("repair", Role.CLERK, **FAULT).request
    mine = replace(request, values={**request.values, "technician": "person:1"})
    tells = ("requester", "@technician", "requester")
    assert told_to(tells, mine, "person:1") == ("person:clerk",)
    assert told_to(tells, mine, "person:2") == ("person:clerk", "person:1")
    assert told_to(tells, request, "person:2") == ("person:clerk",)


def test_a_visit_that_is_called_off_stands_there_no_more_and_is_not_offered_twice(office: Any) -> None:
    walk = office.open("repair", Role.CLERK, **FAULT)
    head = office.who(Role.GROUP_HEAD)
    assert "cancel_visit" not in office.engine.allowed(walk.request, head)
    walk.by(Role.GROUP_HEAD, "plan_visit", technician="person:1", visit_on="2026-11-24")
    assert "cancel_visit" in office.engine.allowed(walk.request, head)
    walk.by(Role.GROUP_HEAD, "cancel_visit", technician="person:1")
    assert ("visit_on" in walk.request.values, walk.request.values["technician"]) == (False, "person:1")
    assert walk.step.effects.notices[0].to == ("person:clerk", "school", "person:1")
    wish = Wish({"technician": "person:1", "visit_on": "2026-11-25"}, "", walk.request.version)
    step = office.engine.correct(walk.request, walk.history, 2, wish, office.scene(Role.GROUP_HEAD))
    assert "visit_on" not in step.request.values


def test_a_clerk_may_open_a_repair_again_and_the_old_visit_is_gone(office: Any) -> None:
    walk = office.open("repair", Role.CLERK, **FAULT)
    walk.by(Role.TECHNICIAN, "inspect", visit_on="2026-11-24").by(Role.TECHNICIAN, "mended_remotely", done="a plug")
    walk.by(Role.TECHNICIAN, "hand_over", accepted_by="ครู").by(Role.CLERK, "reopen", further="ดับอีก")
    assert (walk.state, "visit_on" in walk.request.values) == ("repairing", False)


def test_the_hub_tells_of_what_it_ends_as_people_do(office: Any) -> None:
    request = office.open("repair", Role.CLERK, **FAULT).request
    step = office.engine.catch_up(request, "closed", office.scene(Role.ADMIN), "close_recovered")
    assert step.effects.notices[0].to == ("person:clerk", "school")
    assert office.engine.catch_up(request, "closed", office.scene(Role.ADMIN)).effects.notices == ()


def test_a_warning_goes_to_the_office_and_neither_to_the_school_nor_to_who_asked(office: Any) -> None:
    definition = DEFINITIONS["repair"]
    for name, state in definition.states.items():
        if state.limit is not None:
            request = replace(office.open("repair", Role.CLERK, **FAULT).request, state=name)
            assert warned(definition, request, state.limit) == ("technician", "group_head")


def test_who_has_a_loan_is_warned_before_it_is_due() -> None:
    limit = DEFINITIONS["loan"].states["out"].limit
    assert limit is not None
    assert limit.warns == ("requester", "supply")


@pytest.mark.parametrize(("whom", "problem"), [("@techician", 'no field "techician"'), ("@cause", '"cause" is a text')])
def test_a_person_who_is_told_is_a_field_with_a_person(whom: str, problem: str) -> None:
    definition = DEFINITIONS["repair"]
    step = definition.transitions["inspect"].model_copy(update={"tells": (whom,)})
    wrong = definition.model_copy(update={"transitions": {**definition.transitions, "inspect": step}})
    assert [flaw.problem for flaw in flaws(wrong) if problem in flaw.problem]


@pytest.mark.parametrize("name", [each.id for each in DEFINITIONS.values() if each.offered])
def test_nothing_rests_for_ever_without_somebody_being_told(name: str) -> None:
    definition = DEFINITIONS[name]
    going = {key: state for key, state in definition.states.items() if state.kind is not StateKind.END}
    watched = {key for key, state in going.items() if definition.limit and state.kind is not StateKind.WAITING}
    assert [key for key, state in going.items() if state.limit is None and key not in watched] == []


@pytest.mark.parametrize("name", [each.id for each in DEFINITIONS.values() if each.offered])
def test_a_moment_that_ends_a_limit_is_always_given_before(name: str) -> None:
    """Else nobody would be told where it was left out."""
    definition = DEFINITIONS[name]
    asked = {*definition.opening.asks, *(field for each in definition.transitions.values() for field in each.asks)}
    ends = {state.limit.until for state in definition.states.values() if state.limit and state.limit.until}
    assert ends - asked == set()

"""For whom requests wait."""

from dataclasses import replace

from hub.core.overview import Pending, Waiting
from hub.core.people import Principal, PrincipalKind, Role
from hub.requesting import make_engine
from hub.workflows.schema import StateKind
from hub.workflows.settings import OfficeSettings
from hub.workflows.waiting import Standing, steps_for

DEFINITIONS = make_engine(OfficeSettings.model_validate({})).definitions
PURCHASE = DEFINITIONS["purchase_request"]


def somebody(role: Role) -> Principal:
    return Principal(PrincipalKind.PERSON, "1", role.value, frozenset({role}))


def usual_roles(state: str) -> tuple[str, ...]:
    return next(step.roles for _, step in PURCHASE.leaving(state) if step.to not in (None, state))


def standing(state: str, *, mine: bool = False, count: int = 2, since: int = 5, late: int = 1) -> Standing:
    return Standing("purchase_request", state, mine, count, since, late)


def test_it_waits_for_whom_the_usual_next_step_is_left_to() -> None:
    waits = [state for state, told in PURCHASE.states.items() if told.kind in (StateKind.BEGIN, StateKind.NORMAL)]
    for state in waits:
        for role in (Role.SUPPLY, Role.DIRECTOR, Role.CLERK, Role.TECHNICIAN):
            found = steps_for(somebody(role), [standing(state)], DEFINITIONS)
            assert bool(found) == (role.value in usual_roles(state)), (state, role)


def test_the_approval_of_a_purchase_waits_for_the_director() -> None:
    found = steps_for(somebody(Role.DIRECTOR), [standing("prepared"), standing("asked")], DEFINITIONS)
    assert found == (Waiting(Pending.STEP, 2, 5, 1, "purchase_request", "prepared"),)


def test_own_and_others_are_counted_together() -> None:
    state = PURCHASE.begin
    role = Role(next(role for role in usual_roles(state) if role in set(Role)))
    two = [standing(state, since=9), standing(state, mine=True, count=1, since=3, late=0)]
    assert steps_for(somebody(role), two, DEFINITIONS) == (Waiting(Pending.STEP, 3, 3, 1, "purchase_request", state),)


def test_what_waits_for_somebody_outside_waits_for_nobody_here_before_it_is_late() -> None:
    out = Standing("loan", "out", False, 3, 5, 0)
    assert DEFINITIONS["loan"].states["out"].kind is StateKind.WAITING
    assert steps_for(somebody(Role.SUPPLY), [out], DEFINITIONS) == ()
    (late,) = steps_for(somebody(Role.SUPPLY), [replace(out, late=1)], DEFINITIONS)
    assert late.count == 1


def test_a_type_that_is_no_longer_defined_waits_for_nobody() -> None:
    assert steps_for(somebody(Role.ADMIN), [Standing("old", "new", True, 1, 1, 0)], DEFINITIONS) == ()

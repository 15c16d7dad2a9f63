"""Which schools are offered for a new code."""

import pytest

from hub.core.equipment import NodeKey
from hub.enrolment.choices import Coverage, SchoolChoice, Show, choices, shown
from hub.enrolment.views import AgentState, AgentView

SCHOOLS = [("1", "บ้านทุ่ง"), ("2", "Ban Na"), ("3", "c"), ("4", "d"), ("5", "e")]


def agent(name: str, state: AgentState) -> AgentView:
    return AgentView(NodeKey("g", name), None, state, 1, 1, 2, "", False, None, None, None, None)


@pytest.fixture
def all_schools() -> tuple[SchoolChoice, ...]:
    agents = [
        agent("2", AgentState.REVOKED),
        agent("3", AgentState.REVOKED),
        agent("3-2", AgentState.EXPIRED),
        agent("5", AgentState.REVOKED),
        agent("gone-from-register", AgentState.TRUSTED),
    ]
    return choices(SCHOOLS, agents, {NodeKey("g", "4"), NodeKey("g", "3"), NodeKey("g", "5-2")})


def test_a_school_has_come_as_far_as_its_furthest_computer(all_schools: tuple[SchoolChoice, ...]) -> None:
    assert [(each.code, each.coverage) for each in all_schools] == [
        ("1", Coverage.NOTHING),
        ("2", Coverage.SHUT_OUT),
        ("3", Coverage.ENROLLED),
        ("4", Coverage.WAITING),
        ("5", Coverage.WAITING),
    ]
    assert all_schools[2].computers == ("3", "3-2")


@pytest.mark.parametrize(
    ("show", "codes"), [(Show.NEED_CODE, ["1", "2"]), (Show.WITHOUT, ["1", "2", "4", "5"]), (Show.ALL, [*"12345"])]
)
def test_who_has_a_slip_under_way_is_not_among_those_who_need_one(
    all_schools: tuple[SchoolChoice, ...], show: Show, codes: list[str]
) -> None:
    assert [each.code for each in shown(all_schools, show, "")] == codes


@pytest.mark.parametrize(
    ("wanted", "codes"), [("ทุ่ง", ["1"]), ("na BAN", ["2"]), ("2", ["2"]), ("x", []), (" ", [*"12345"])]
)
def test_a_search_is_by_words_of_name_and_code(
    all_schools: tuple[SchoolChoice, ...], wanted: str, codes: list[str]
) -> None:
    assert [each.code for each in shown(all_schools, Show.ALL, wanted)] == codes

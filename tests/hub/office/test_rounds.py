"""Who sees a round of allocation, and to whose schools they may give with it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from hub.allocation.lines import Source, Work
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import Draft
from hub.core.people import Principal, PrincipalKind, Role
from hub.core.usage import UsageSettings
from hub.needs.settings import NeedSettings
from hub.office.planning import Plan, Surroundings
from hub.office.rounds import may_see
from hub.store.allocation import AllocationRows
from hub.store.needs import Weighing
from hub.store.tables import school
from hub.workflows.request import Request
from tests.hub.office.supplying import supplied

NUMBER = "AL-2570-0001"
HERE = frozenset({"cpm3"})
LIMITED = Principal(PrincipalKind.PERSON, "2", "Head", frozenset({Role.GROUP_HEAD}), groups=HERE)
ROUND = Request("allocation", "planning", "person:1", "Head", 1, 1, {}, number=NUMBER)


@pytest.mark.parametrize(
    ("groups", "served", "sees"),
    [
        (HERE, "cmi3", True),
        (None, "cmi3", False),
        (None, "cpm3", True),
        ({"cpm3", "cmi3"}, "cmi3", False),
    ],
)
def test_a_round_of_all_districts_is_seen_by_whoever_is_limited_to_the_only_one(
    tmp_path: Path, groups: set[str] | None, served: str, sees: bool
) -> None:
    with supplied(tmp_path) as office, office.store.begin() as work:
        work.connection.execute(insert(school).values(group=served, code="50010001", name="School"))
        rows = AllocationRows(work.connection)
        rows.begin(NUMBER, groups, 1)
        assert may_see(rows, NUMBER, LIMITED) is sees


def test_nobody_plans_for_a_school_of_a_district_that_is_not_theirs(tmp_path: Path) -> None:
    with supplied(tmp_path) as office, office.store.begin() as work:
        work.connection.execute(insert(school).values(group="cmi3", code="50010001", name="School"))
        weighing = Weighing(NeedSettings(), office.now, ZoneInfo("Asia/Bangkok"), None)
        plan = Plan(work, ROUND, weighing, Surroundings(UsageSettings(), lambda *_: {}))
        draft = Draft("cmi3", "50010001", "tv", "TV", 1, 0, Work.NEW, Source.PURCHASE, "x")
        with pytest.raises(PlanRefused) as refused:
            plan.add(draft, LIMITED)
        assert (refused.value.flaw, refused.value.field) == (PlanFlaw.BAD_VALUE, "school")

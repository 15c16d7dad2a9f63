"""Money in reports: each baht once, in the period in which it was spent, under the budget of its fiscal year."""

from typing import Any

import pytest
from sqlalchemy import update

from hub.allocation.lines import Stage
from hub.core.people import Principal, PrincipalKind, Role
from hub.reports.period import read_period
from hub.reports.report import Report
from hub.store.workflow_tables import request
from hub.workflows.engine import Wish
from hub.workflows.refusals import Refused
from tests.hub.office.planned import DAY, DIRECTOR, HEAD, District

SUPPLY = Principal(PrincipalKind.PERSON, "3", "Supply", frozenset({Role.SUPPLY}))
_PREPARED = {
    "reason": "x",
    "specification": "x",
    "reference_price": 1,
    "price_source": "x",
    "budget": 1,
    "fund": "x",
    "needed_on": "2026-12-01",
    "method": "specific",
    "method_reason": "x",
}


def told(district: District, period: str) -> Report:
    """A moment later."""
    district.now += 1
    return district.office.reports.report(read_period(period), ["cpm3"])


def accept(district: District) -> None:
    """The one line of its plan, bought and accepted."""
    line = district.plan().lines[0]
    district.approve()
    district.office.allocation.order(line.id, line.version, "TV", HEAD)
    district.move("begin_work")
    for stage in (Stage.DISPATCHED, Stage.DELIVERED, Stage.INSTALLED):
        district.take(district.round.lines[0], stage)
    district.take(district.round.lines[0], Stage.ACCEPTED, receipt="1", number="7730-99")


def step(district: District, number: str, name: str, who: Principal, **given: Any) -> None:
    found = district.office.requests.look.one(number)
    assert found is not None
    district.office.requests.move(number, name, Wish(given, version=found[0].version), who)


def buy(district: District, number: str, cost: float) -> None:
    """Everything of a purchase request has come."""
    items = [{"what": "lamp", "quantity": 1}]
    step(district, number, "prepare", SUPPLY, items=items, **_PREPARED)
    step(district, number, "approve", DIRECTOR)
    step(district, number, "order", SUPPLY, vendor="x", expected_on="2026-12-01")
    step(district, number, "receive", SUPPLY, received=items, place="office", cost=cost)


def test_a_plan_is_paid_in_the_month_in_which_its_pieces_are_accepted(needy: District) -> None:
    accept(needy)
    needy.now += 40 * DAY
    assert (told(needy, "2569-11").spent_satang, told(needy, "2569-12").spent_satang) == (2_000_000, 0)
    (december,) = told(needy, "2569-12").allocation
    assert (december.bought, december.open, december.value_satang) == (0, 0, 0)
    assert (told(needy, "2570").spent_satang, told(needy, "2570").budget_satang) == (2_000_000, 5_000_000)


def test_a_round_says_whose_budget_it_spends(needy: District) -> None:
    needy.plan(fiscal_year="2571")
    assert needy.round.fiscal_year == 2571
    needy.plan()
    assert needy.round.fiscal_year == 2570
    needy.now += 365 * DAY
    budgets = [(told(needy, year).budget_satang, len(told(needy, year).projects)) for year in ("2569", "2570", "2571")]
    assert budgets == [(None, 0), (5_000_000, 1), (5_000_000, 1)]


def test_what_a_later_year_pays_of_a_round_counts_there_without_its_budget(needy: District) -> None:
    with pytest.raises(Refused) as error:
        needy.plan(fiscal_year="2569.5")
    assert error.value.faults[0].code == "not_whole"
    accept(needy)
    with needy.store.begin() as work:
        values = {"title": "old", "budget": 50_000, "rules": "none", "fiscal_year": 2569}
        work.connection.execute(update(request).where(request.c.number == needy.number).values(values=values))
    report = told(needy, "2570")
    assert (report.spent_satang, report.budget_satang, [each.title for each in report.projects]) == (
        2_000_000,
        None,
        ["old"],
    )
    assert told(needy, "2569").spent_satang == 0


def test_a_stopped_round_has_no_budget_any_more(needy: District) -> None:
    needy.plan()
    needy.move("stop", comments="no money")
    report = told(needy, "2570")
    assert (report.budget_satang, report.projects) == (None, ())


def test_purchases_are_paid_when_their_goods_have_come_and_once(needy: District) -> None:
    accept(needy)
    (line,) = needy.round.lines
    assert line.order is not None
    buy(needy, line.order, 19_500)
    own = needy.office.requests.open("purchase_request", Wish({"subject": "lamps"}), SUPPLY).number
    buy(needy, own, 750.5)
    report = told(needy, "2569-11")
    assert [(each.number, each.subject, each.cost_satang, each.counted) for each in report.purchases] == [
        (line.order, "TV", 1_950_000, "allocation"),
        (own, "lamps", 75_050, ""),
    ]
    assert report.spent_satang == 2_000_000 + 75_050
    assert told(needy, "2569-12").purchases == ()
    book = needy.office.reports.workbook(report, "th")
    assert book.startswith(b"PK")


@pytest.mark.parametrize(("states_its_cost", "counted"), [(True, "repair"), (False, "")])
def test_parts_of_a_repair_that_says_what_it_cost_are_not_paid_twice(
    district: District, states_its_cost: bool, counted: str
) -> None:
    given = {"school": "cpm3/30010012", "symptom": "dark"}
    repair = district.office.requests.open("repair", Wish(given), HEAD).number
    own = district.office.requests.open("purchase_request", Wish({"subject": "lamps"}), SUPPLY).number
    buy(district, own, 100)
    cost = {"cost": 120} if states_its_cost else {}
    with district.store.begin() as work:
        work.connection.execute(update(request).where(request.c.number == own).values(parent=repair))
        work.connection.execute(update(request).where(request.c.number == repair).values(values={**given, **cost}))
    (bought,) = told(district, "2569-11").purchases
    assert bought.counted == counted


@pytest.mark.parametrize("cost", ["1e308", "1000000001"])
def test_a_cost_beyond_all_sense_is_refused_and_names_its_field(district: District, cost: str) -> None:
    found = district.office.requests.engine.definitions["repair"].fields["cost"]
    assert found.most == 1_000_000_000
    number = district.office.requests.open("repair", Wish({"school": "cpm3/30010012", "symptom": "dark"}), HEAD).number
    step(district, number, "inspect", HEAD)
    step(district, number, "diagnose", HEAD, cause="x", branch="own")
    step(district, number, "repair", HEAD)
    with pytest.raises(Refused) as error:
        step(district, number, "check", HEAD, done="x", cost=cost)
    assert [(each.code, each.field) for each in error.value.faults] == [("too_large", "cost")]

"""What a plan counts on is in no other plan; whoever fills the stock hears what is missing."""

from dataclasses import replace

import pytest

from hub.allocation.lines import Source, Work
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import Draft
from hub.core.assets import AssetState
from hub.store.allocation import AllocationRows
from hub.store.messages import unspread
from hub.store.supply import StockRows
from hub.supply.stock import Deed, Item
from hub.workflows.refusals import Refused
from tests.hub.office.planned import HEAD, NOW, OLD, District

FIRST, SECOND = "AL-2570-0001", "AL-2570-0002"
IDLE = replace(OLD, number="idle", serial="IDLE-1", school="30010027", device=None, state=AssetState.IDLE)


def stocked(district: District, pieces: int, least: int = 0) -> None:
    with district.store.begin() as work:
        stock = StockRows(work.connection)
        stock.add_item(Item("TV-55", "TV 55", "piece", "tv", least=least))
        stock.give("TV-55", pieces, Deed("x", "x", NOW))


def drafted(source: Source, quantity: int = 1, giver: int | None = None) -> Draft:
    return Draft("cpm3", "30010027", "tv", "TV", quantity, 0, Work.NEW, source, "because", giver=giver)


def flaw(error: pytest.ExceptionInfo[PlanRefused]) -> tuple[PlanFlaw, str, object]:
    return error.value.flaw, error.value.field, error.value.params["number"]


def told(district: District) -> list[str]:
    with district.store.reading() as connection:
        return [each.code for each in unspread(connection, 99)]


def test_an_idle_set_is_moved_by_one_plan_only(needy: District) -> None:
    needy.add(IDLE)
    assert [each.giver for each in needy.plan().lines] == [2]
    second = needy.plan()
    assert ([each.source for each in second.lines], second.idle) == ([Source.PURCHASE], ())
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.add_line(SECOND, drafted(Source.MOVED, giver=2), HEAD)
    assert flaw(error) == (PlanFlaw.PROMISED, "giver", FIRST)


def test_nor_twice_by_the_same_plan(needy: District) -> None:
    needy.add(IDLE)
    needy.plan()
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.add_line(FIRST, drafted(Source.MOVED, giver=2), HEAD)
    assert flaw(error) == (PlanFlaw.PROMISED, "giver", FIRST)


def test_what_a_stopped_round_would_have_moved_is_free_again(needy: District) -> None:
    needy.add(IDLE)
    needy.plan()
    needy.move("stop", comments="no money")
    assert [each.giver for each in needy.plan().lines] == [2]


def test_the_stock_is_planned_once(needy: District) -> None:
    stocked(needy, 2)
    assert [each.source for each in needy.plan().lines] == [Source.STOCK]
    assert [each.source for each in needy.plan().lines] == [Source.STOCK]
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.add_line(SECOND, drafted(Source.STOCK), HEAD)
    assert (*flaw(error), error.value.params["free"]) == (PlanFlaw.STOCK_PROMISED, "source", FIRST, 1)
    assert [each.source for each in needy.plan().lines] == [Source.PURCHASE]


def test_a_plan_that_counts_on_what_another_has_is_not_proposed(needy: District) -> None:
    stocked(needy, 2)
    needy.plan()
    needy.plan()
    with needy.store.begin() as work:
        StockRows(work.connection).take("TV-55", 1, Deed("x", "x", NOW))
    with pytest.raises(Refused) as error:
        needy.move("propose", plan="x")
    assert [(each.code, each.params["number"]) for each in error.value.faults] == [("stock_promised", FIRST)]


def test_who_plans_waits_for_who_plans_already(needy: District) -> None:
    needy.plan()
    with needy.store.begin() as work:
        rows = AllocationRows(work.connection)
        assert [each.round for each in rows.of_others(SECOND, locked=True)] == [FIRST]
        assert rows.of_others(FIRST) == ()


def test_supply_hears_of_what_is_not_there_and_of_what_runs_low(needy: District) -> None:
    stocked(needy, 1, least=1)
    needy.plan()
    needy.approve()
    assert told(needy)[-1] == "stock.low"
    needy.plan(budget="1")
    needy.office.allocation.add_line(SECOND, drafted(Source.STOCK), HEAD)
    needy.approve()
    assert told(needy)[-1] == "allocation.not_in_stock"

"""Reservations of lines that come to nothing: a purchase that nobody makes, or what somebody takes back."""

import pytest

from hub.allocation.lines import Line, Source, Stage, Work
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import Draft
from hub.store.messages import unspread
from hub.store.requests import RequestRows
from hub.store.supply import StockRows
from hub.supply.stock import Deed as StockDeed
from hub.supply.stock import Item
from hub.workflows.engine import Wish
from tests.hub.office.planned import HEAD, NOW, District


def ordered(needy: District) -> Line:
    """A line whose purchase is asked for."""
    line = needy.plan().lines[0]
    needy.approve()
    needy.office.allocation.order(line.id, line.version, "TV", HEAD)
    return needy.round.lines[0]


def cancel(needy: District, number: str) -> None:
    found = needy.office.requests.look.one(number)
    assert found is not None
    needy.office.requests.move(number, "cancel", Wish({"why": "no money"}, "", found[0].version), HEAD)


def stocked(needy: District, count: int) -> None:
    with needy.store.begin() as work:
        stock = StockRows(work.connection)
        stock.add_item(Item("TV-55", "TV 55", "piece", "tv"))
        stock.give("TV-55", count, StockDeed("x", "x", NOW))


def test_a_purchase_belongs_to_its_round(needy: District) -> None:
    line = ordered(needy)
    assert line.order is not None
    with needy.store.reading() as connection:
        purchase = RequestRows(connection).read(line.order)
    assert purchase is not None
    assert purchase.parent == "AL-2570-0001"


def test_a_line_is_free_again_when_its_purchase_is_cancelled_and_those_who_go_on_are_told(needy: District) -> None:
    line = ordered(needy)
    assert line.order is not None
    cancel(needy, line.order)
    free = needy.round.lines[0]
    assert (free.stage, free.order, free.following) == (None, None, (Stage.RESERVED,))
    assert needy.round.history[line.id][-1].text.code == "line.unordered"
    with needy.store.reading() as connection:
        told = [each for each in unspread(connection, 99) if each.code == "purchase.cancel"]
    assert [each.whom for each in told] == [("person:1", "group_head", "supply")]
    assert needy.office.allocation.order(free.id, free.version, "TV", HEAD) != line.order


def test_what_was_sent_all_the_same_stays_sent(needy: District) -> None:
    line = ordered(needy)
    assert line.order is not None
    needy.move("begin_work")
    needy.take(line, Stage.DISPATCHED)
    cancel(needy, line.order)
    assert needy.round.lines[0].stage is Stage.DISPATCHED


def test_what_is_being_bought_is_not_taken_back(needy: District) -> None:
    line = ordered(needy)
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.take_back(line.id, line.version, "too dear", HEAD)
    assert (error.value.flaw, error.value.params) == (PlanFlaw.PURCHASE_GOES_ON, {"number": line.order})


def test_a_reservation_is_taken_back_with_a_reason(needy: District) -> None:
    stocked(needy, 1)
    needy.plan()
    needy.approve()
    line = needy.round.lines[0]
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.take_back(line.id, line.version, " ", HEAD)
    assert (error.value.flaw, error.value.field) == (PlanFlaw.MISSING, "reason")
    free = needy.office.allocation.take_back(line.id, line.version, "another needs it more", HEAD)
    assert free.following == (Stage.RESERVED,)
    with needy.store.reading() as connection:
        assert StockRows(connection).available("TV-55") == 1
    entry = needy.round.history[line.id][-1]
    assert (entry.text.code, entry.note) == ("line.taken_back", "another needs it more")
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.take_back(free.id, free.version, "again", HEAD)
    assert error.value.flaw is PlanFlaw.TOO_MANY


def test_of_what_is_partly_sent_only_the_rest_is_taken_back(district: District) -> None:
    stocked(district, 3)
    district.plan()
    draft = Draft("cpm3", "30010012", "tv", "", 3, 0, source=Source.STOCK, reason="three rooms", work=Work.NEW)
    district.office.allocation.add_line("AL-2570-0001", draft, HEAD)
    district.approve()
    district.move("begin_work")
    line = district.take(district.round.lines[0], Stage.DISPATCHED)
    with district.store.reading() as connection:
        level = StockRows(connection).level("TV-55", "office")
    assert (level.count, level.reserved) == (2, 2)
    district.office.allocation.take_back(line.id, line.version, "two are enough", HEAD)
    line = district.round.lines[0]
    assert (line.reached(Stage.RESERVED), line.reached(Stage.DISPATCHED)) == (1, 1)
    with district.store.reading() as connection:
        assert StockRows(connection).available("TV-55") == 2

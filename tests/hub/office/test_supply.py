"""The stock of a person who is limited to districts: what lies at schools of others is neither seen nor moved."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from hub.office.supply import Supply
from hub.store.supply import StockRows
from hub.store.tables import school
from hub.supply.places import OFFICE
from hub.supply.stock import Deed, StockFlaw, StockRefused
from hub.web.supply_pages import Shift
from tests.hub.office.supplying import CAR, SUPPLY, Office, supplied

HERE, THERE = "cpm3/30010012", "cmi3/50010001"
LIMITED = replace(SUPPLY, groups=frozenset({"cpm3"}))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """One LNB lies at each of two schools, and one in a car."""
    with supplied(tmp_path) as office:
        with office.store.begin() as work:
            work.connection.execute(insert(school).values(group="cmi3", code="50010001", name="School"))
            for place in (HERE, THERE, CAR):
                deed = Deed("person:3", "Supply", 1)
                StockRows(work.connection).move("LNB-U", 1, deed, origin=OFFICE, to=place)
        yield office


@pytest.fixture
def supply(office: Office) -> Supply:
    return Supply(office.store, lambda: office.now)


def test_nobody_fetches_stock_from_a_school_of_another_district(office: Office, supply: Supply) -> None:
    with pytest.raises(StockRefused) as refused:
        supply.move(Shift("LNB-U", THERE, 1, to=OFFICE), LIMITED)
    assert (refused.value.flaw, office.stock(THERE)) == (StockFlaw.NO_SUCH_PLACE, 1)
    supply.move(Shift("LNB-U", THERE, 1, to=OFFICE), SUPPLY)
    assert office.stock(THERE) == 0


def test_what_lies_at_a_school_of_ones_own_that_is_closed_can_be_fetched(office: Office, supply: Supply) -> None:
    with office.store.begin() as work:
        work.connection.execute(delete(school).where(school.c.group == "cpm3"))
    supply.move(Shift("LNB-U", HERE, 1, to=OFFICE), LIMITED)
    assert office.stock(HERE) == 0


def test_nobody_puts_stock_into_a_school_of_another_district(supply: Supply) -> None:
    with pytest.raises(StockRefused) as refused:
        supply.give(Shift("LNB-U", THERE, 1), LIMITED)
    assert refused.value.flaw is StockFlaw.NO_SUCH_PLACE


def test_places_of_another_district_are_left_out_of_the_stock_and_of_its_history(supply: Supply) -> None:
    [kept] = supply.all(LIMITED)
    assert {level.place for level in kept.levels} == {OFFICE, HERE, CAR}
    one = supply.one("LNB-U", LIMITED)
    assert one is not None
    assert one[0] == kept
    assert THERE not in {place for move in one[1] for place in (move.place, move.other)}
    [everything] = supply.all(SUPPLY)
    assert {level.place for level in everything.levels} == {OFFICE, HERE, THERE, CAR}

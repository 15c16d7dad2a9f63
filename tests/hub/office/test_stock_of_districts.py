"""Several districts in one hub: each office keeps a stock of its own, and requests take from that of their district."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from hub.office.supply import Supply
from hub.store.people_tables import person
from hub.store.supply import StockRows
from hub.store.tables import school
from hub.supply.places import OFFICE, Offices
from hub.supply.stock import Deed, StockFlaw, StockRefused
from hub.web.school_lists import Sent
from hub.web.supply_pages import Shift
from tests.hub.office.supplying import HEAD, SUPPLY, TECHNICIAN, Office, supplied

OFFICES = Offices(("cpm1", "cpm3"))
OWN, OTHER = "office:cpm1", "office:cpm3"
LIMITED = replace(SUPPLY, id="1", groups=frozenset({"cpm1"}))
CHIEF = replace(HEAD, groups=frozenset({"cpm1"}))
WORKER = replace(TECHNICIAN, groups=frozenset({"cpm1"}))
ROWS = [{"item": "LNB-U", "quantity": 2}]
GIVEN = {"issued": ROWS, "place": OFFICE}
LOAN = {"purpose": "ระหว่างซ่อม", "phone": "044", "from_on": "2026-11-23", "due_on": "2026-11-27"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Of five LNBs two went to the office of one district, one to that of the other."""
    with supplied(tmp_path) as made:
        with made.store.begin() as work:
            work.connection.execute(insert(school).values(group="cpm1", code="10010001", name="School"))
            rows, deed = StockRows(work.connection), Deed("person:3", "Supply", 1)
            rows.move("LNB-U", 2, deed, origin=OFFICE, to=OWN)
            rows.move("LNB-U", 1, deed, origin=OFFICE, to=OTHER)
        yield Office(made.store, made.now, OFFICES)


@pytest.fixture
def supply(office: Office) -> Supply:
    return Supply(office.store, lambda: office.now, OFFICES)


def stocks(office: Office) -> tuple[int, int, int]:
    return office.stock(), office.stock(OWN), office.stock(OTHER)


def limit(office: Office) -> None:
    """Everybody, to the own district."""
    with office.store.begin() as work:
        work.connection.execute(update(person).values(groups=["cpm1"]))


def approved(office: Office) -> str:
    number = office.open("material_request", WORKER, purpose="ซ่อมจาน", items=ROWS)
    office.move(number, "approve", CHIEF)
    return number


def test_people_of_a_district_see_the_stock_of_their_office_and_no_other(supply: Supply) -> None:
    [kept] = supply.all(LIMITED)
    assert [(level.place, level.count) for level in kept.levels] == [(OWN, 2)]
    one = supply.one("LNB-U", LIMITED)
    assert one is not None
    assert [(move.place, move.other) for move in one[1]] == [(OWN, OFFICE)]
    [everything] = supply.all(SUPPLY)
    assert {level.place: level.count for level in everything.levels} == {OFFICE: 2, OWN: 2, OTHER: 1}


def test_what_they_put_at_the_office_lies_at_their_own(office: Office, supply: Supply) -> None:
    supply.give(Shift("LNB-U", OFFICE, 3), LIMITED)
    assert stocks(office) == (2, 5, 1)
    supply.count(Shift("LNB-U", OFFICE, 4, "นับใหม่", seen=5), LIMITED)
    assert stocks(office) == (2, 4, 1)


@pytest.mark.parametrize("shift", [Shift("LNB-U", OTHER, 1, to=OWN), Shift("LNB-U", OWN, 1, to=OTHER)])
def test_nobody_moves_stock_of_an_office_that_is_not_theirs(office: Office, supply: Supply, shift: Shift) -> None:
    with pytest.raises(StockRefused) as refused:
        supply.move(shift, LIMITED)
    assert refused.value.flaw is StockFlaw.NO_SUCH_PLACE
    assert stocks(office) == (2, 2, 1)


def test_a_list_counts_the_office_of_the_district_that_it_is_for(office: Office, supply: Supply) -> None:
    sent = Sent("cpm1", "stock.csv", "code,name,unit,count\nLNB-U,LNB,ตัว,7\n".encode())
    assert supply.lists.keep(sent, LIMITED, office.now) is None
    waiting = supply.lists.waiting(LIMITED, office.now)
    assert waiting is not None
    assert supply.lists.take_over(waiting.seal, LIMITED, office.now) is not None
    assert stocks(office) == (2, 7, 1)
    # Another count than that of the hub's own office.
    assert supply.lists.export("csv", "en", "cpm1") != supply.lists.export("csv", "en")


def test_a_request_takes_from_the_office_of_its_district(office: Office) -> None:
    limit(office)
    office.move(approved(office), "issue", LIMITED, **GIVEN)
    assert stocks(office) == (2, 0, 1)


def test_what_its_office_does_not_have_it_does_not_get_from_another(office: Office) -> None:
    limit(office)
    office.move(approved(office), "issue", LIMITED, **GIVEN)
    assert office.refused(approved(office), "issue", LIMITED, **GIVEN) == [("short_stock", 1)]
    assert stocks(office) == (2, 0, 1)


def test_a_request_takes_from_the_hubs_own_office_only_when_somebody_says_so(office: Office) -> None:
    office.move(approved(office), "issue", SUPPLY, **GIVEN)
    assert stocks(office) == (0, 2, 1)


def test_nobody_takes_from_the_office_of_another_district_for_it(office: Office) -> None:
    number = approved(office)
    assert [code for code, _ in office.refused(number, "issue", SUPPLY, **{**GIVEN, "place": OTHER})] == [
        "other_district"
    ]
    # Who is limited does not even know that place.
    told = [code for code, _ in office.refused(number, "issue", LIMITED, **{**GIVEN, "place": OTHER})]
    assert told
    assert told != ["other_district"]
    assert stocks(office) == (2, 2, 1)


def test_a_loan_goes_out_of_the_office_of_its_district_and_comes_back_there(office: Office) -> None:
    limit(office)
    number = office.open("loan", WORKER, **LOAN)
    office.move(number, "approve", replace(LIMITED, id="3"), items=ROWS)
    office.move(number, "hand_out", LIMITED, due_on="2026-11-27")
    assert stocks(office) == (2, 0, 1)
    office.move(number, "take_back", LIMITED, condition="whole", back=ROWS)
    assert stocks(office) == (2, 2, 1)

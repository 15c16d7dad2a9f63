"""What steps of requests do to the stock and to lent assets, on a real database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from hub.core.assets import Asset, AssetState
from hub.core.assets import Deed as AssetDeed
from hub.office.lending import is_lent
from hub.store.assets import AssetRows
from hub.store.people_tables import person
from hub.store.supply import StockRows
from hub.supply.places import OFFICE
from hub.supply.stock import Deed
from hub.workflows.request import Told
from tests.hub.office.supplying import (
    CAR,
    DIRECTOR,
    HEAD,
    ISSUED,
    NUMBER,
    SUPPLY,
    TEACHER,
    TECHNICIAN,
    Office,
    at,
    supplied,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with supplied(tmp_path) as office:
        yield office


def approved(office: Office) -> str:
    number = office.open("material_request", TECHNICIAN, purpose="ซ่อมจาน", items=ISSUED)
    office.move(number, "approve", HEAD)
    return number


def test_handing_out_takes_from_the_stock_and_warns_once_when_it_is_low(office: Office) -> None:
    number = approved(office)
    office.move(number, "issue", SUPPLY, issued=ISSUED, place="office")
    assert office.stock() == 1
    assert office.told() == [("stock.low", ["supply"])]
    again = approved(office)
    office.move(again, "issue", SUPPLY, issued=[{"item": "LNB-U", "quantity": 1}], place="office")
    assert (office.stock(), len(office.told())) == (0, 1)
    with office.store.reading() as connection:
        assert StockRows(connection).moves(subject=f"request:{number}")[0].left == 1


def test_more_than_there_is_is_not_handed_out_and_the_request_stays(office: Office) -> None:
    number = approved(office)
    rows = [{"item": "LNB-U", "quantity": 3}, {"item": "LNB-U", "quantity": 3}]
    assert office.refused(number, "issue", SUPPLY, issued=rows, place="office") == [("short_stock", 2)]
    found = office.requests.look.one(number)
    assert found is not None
    assert (found[0].state, office.stock()) == ("approved", 5)


def test_a_car_is_a_place_as_the_office_is(office: Office) -> None:
    with office.store.begin() as work:
        StockRows(work.connection).move("LNB-U", 4, Deed("person:3", "พัสดุ", 1), origin=OFFICE, to=CAR)
    office.move(approved(office), "issue", SUPPLY, issued=ISSUED, place=CAR)
    assert (office.stock(), office.stock(CAR), office.told()) == (1, 0, [])


def test_a_purchase_fills_the_stock_and_tells_who_waits(office: Office) -> None:
    number = approved(office)
    office.move(number, "buy", SUPPLY)
    [child] = office.requests.look.children(number)
    assert (child.type, child.parent, child.values["items"]) == ("purchase_request", number, ISSUED)
    written = {
        "items": [{"item": "LNB-U", "quantity": 10, "price": 250}],
        "reason": "ของไม่พอ",
        "specification": "แบบยูนิเวอร์แซล",
        "reference_price": 2500,
        "price_source": "ตลาด",
        "budget": 2500,
        "fund": "งบดำเนินงาน",
        "needed_on": "2026-12-01",
        "method": "specific",
        "method_reason": "วงเงินน้อย",
    }
    office.move(child.number, "prepare", SUPPLY, **written)
    office.move(child.number, "approve", DIRECTOR)
    office.move(child.number, "order", SUPPLY, vendor="ร้านตัวอย่าง", expected_on="2026-11-30")
    received = [{"item": "LNB-U", "quantity": 6}, {"what": "ค่าขนส่ง", "quantity": 1}]
    office.move(child.number, "receive_some", SUPPLY, received=received, place="office")
    office.move(child.number, "receive", SUPPLY, received=[{"item": "LNB-U", "quantity": 4}], place="office")
    assert office.stock() == 15
    assert office.told() == [
        (f"purchase.{step}", ["person:1", "supply"]) for step in ("order", "receive_some", "receive")
    ]
    office.move(number, "issue", SUPPLY, issued=ISSUED, place="office")
    assert office.stock() == 11


def lent(office: Office, **more: Any) -> str:
    given = {"purpose": "ระหว่างซ่อม", "phone": "044", "from_on": "2026-11-23", "due_on": "2026-11-27"}
    number = office.open("loan", TEACHER, **given, school="cpm3/30010012")
    rows = [{"asset": NUMBER, "quantity": 1}, {"item": "LNB-U", "quantity": 2}]
    office.move(number, "approve", SUPPLY, items=rows)
    office.move(number, "hand_out", TECHNICIAN, due_on="2026-11-27", **more)
    return number


def test_a_loan_goes_out_is_late_and_comes_back(office: Office) -> None:
    number = lent(office)
    asset = office.asset()
    assert (asset.school, asset.room, asset.state, office.stock()) == ("30010012", "", AssetState.IN_USE, 3)
    office.now = at("2026-11-30T09:00")
    office.requests.tick(office.now)
    office.requests.tick(office.now)
    found = office.requests.look.one(number)
    assert found is not None
    assert [each.told for each in found[1]][-2:] == [Told.WARNED, Told.OVERDUE]
    back = [{"asset": NUMBER, "quantity": 1}, {"item": "LNB-U", "quantity": 2}]
    office.move(number, "take_back", SUPPLY, back=back, condition="whole")
    asset = office.asset()
    assert (asset.school, asset.room, asset.state, office.stock()) == ("30010027", "ป.1", AssetState.SPARE, 5)


def test_what_is_out_is_not_lent_a_second_time(office: Office) -> None:
    lent(office)
    given = {"purpose": "ใช้", "phone": "044", "from_on": "2026-11-23", "due_on": "2026-11-27"}
    number = office.open("loan", TECHNICIAN, **given)
    office.move(number, "approve", SUPPLY, items=[{"what": "กล่อง", "quantity": 1}, {"asset": NUMBER, "quantity": 1}])
    assert office.refused(number, "hand_out", SUPPLY, due_on="2026-11-27") == [("lent_already", 2)]


@pytest.mark.parametrize(("condition", "state"), [("broken", AssetState.IN_REPAIR), ("lost", AssetState.IN_USE)])
def test_what_comes_back_broken_or_not_at_all_is_no_stock(office: Office, condition: str, state: AssetState) -> None:
    number = lent(office)
    back = [{"asset": NUMBER, "quantity": 1}, {"item": "LNB-U", "quantity": 2}]
    office.move(number, "take_back", SUPPLY, back=back, condition=condition)
    assert (office.asset().state, office.stock()) == (state, 3)
    with office.store.reading() as connection:
        assert is_lent(AssetRows(connection), office.asset().id) is (condition == "lost")


@pytest.mark.parametrize(
    ("back", "row"),
    [
        ([{"item": "LNB-U", "quantity": 3}], 1),
        ([{"item": "LNB-U", "quantity": 2}, {"item": "LNB-U", "quantity": 1}], 2),
        ([{"asset": NUMBER, "quantity": 2}], 1),
    ],
)
def test_more_than_was_lent_does_not_come_back(office: Office, back: list[dict[str, Any]], row: int) -> None:
    number = lent(office)
    assert office.refused(number, "take_back", SUPPLY, back=back, condition="whole") == [("not_lent", row)]
    assert office.stock() == 3


def test_what_stays_away_is_asked_after(office: Office) -> None:
    number = lent(office)
    back = [{"item": "LNB-U", "quantity": 2}]
    assert office.refused(number, "take_back", SUPPLY, back=back, condition="whole") == [("still_out_asset", None)]
    back = [{"asset": NUMBER, "quantity": 1}, {"item": "LNB-U", "quantity": 1}]
    assert office.refused(number, "take_back", SUPPLY, back=back, condition="whole") == [("still_out_item", None)]
    assert (office.stock(), office.asset().school) == (3, "30010012")


def test_some_of_it_comes_back_and_the_rest_stays_lent_and_due(office: Office) -> None:
    number = lent(office)
    some = [{"item": "LNB-U", "quantity": 1}]
    assert office.refused(number, "take_back_some", SUPPLY, back=some) == [("missing", 1)]
    request = office.move(number, "take_back_some", SUPPLY, back=[{**some[0], "condition": "whole"}])
    assert (request.state, request.due_at, office.stock()) == ("out", at("2026-11-27T16:30"), 4)
    with office.store.reading() as connection:
        assert is_lent(AssetRows(connection), office.asset().id)
    more = [{"item": "LNB-U", "quantity": 2, "condition": "whole"}]
    assert office.refused(number, "take_back_some", SUPPLY, back=more) == [("not_lent", 1)]
    rest = [{"asset": NUMBER, "quantity": 1}, {"item": "LNB-U", "quantity": 1, "condition": "lost"}]
    request = office.move(number, "take_back", SUPPLY, back=rest, condition="broken")
    assert (request.state, office.asset().state, office.stock()) == ("returned", AssetState.IN_REPAIR, 4)


def test_each_row_comes_back_in_its_own_condition(office: Office) -> None:
    number = lent(office)
    back = [{"asset": NUMBER, "quantity": 1, "condition": "broken"}, {"item": "LNB-U", "quantity": 2}]
    office.move(number, "take_back", SUPPLY, back=back, condition="whole")
    assert (office.asset().state, office.stock()) == (AssetState.IN_REPAIR, 5)


def test_stock_goes_back_to_where_it_was_taken_from(office: Office) -> None:
    with office.store.begin() as work:
        StockRows(work.connection).move("LNB-U", 4, Deed("person:3", "พัสดุ", 1), origin=OFFICE, to=CAR)
    number = lent(office, place=CAR)
    assert office.stock(CAR) == 2
    back = [{"asset": NUMBER, "quantity": 1}, {"item": "LNB-U", "quantity": 2}]
    office.move(number, "take_back", SUPPLY, back=back, condition="whole")
    assert (office.stock(CAR), office.stock()) == (4, 1)


COMPARISON = [{"topic": "ขนาด", "minimum": "75 ซม.", "meets1": "no", "meets2": "yes"}]
OFFERS = [{"bidder": "ร้าน ก", "price": 900}, {"bidder": "ร้าน ข", "price": 1000}]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"chosen": "o1"}, [("offer_fails", None)]),
        ({"chosen": "o3"}, [("no_such_offer", None)]),
        ({"comparison": [{"topic": "ขนาด", "minimum": "75", "meets2": "yes"}]}, [("no_verdict", 1)]),
        ({"offers": OFFERS * 2}, [("too_many_offers", None)]),
    ],
)
def test_an_offer_is_chosen_only_when_it_meets_what_was_asked(
    office: Office, changes: dict[str, Any], told: list[tuple[str, int | None]]
) -> None:
    number = office.open("specification", TECHNICIAN, name="จาน", quantity=5, unit="ชุด")
    requirements = [{"topic": "ขนาด", "minimum": "75 ซม."}]
    proposed = {"requirements": requirements, "purpose": "รับ DLTV", "criteria_ref": "ตลาด", "reference_price": 1}
    office.move(number, "propose", SUPPLY, **proposed)
    office.move(number, "agree", DIRECTOR)
    given = {"offers": OFFERS, "comparison": COMPARISON, "chosen": "o2", "opinion": "ผ่าน", "no_interest": "yes"}
    assert office.refused(number, "compare", SUPPLY, **{**given, **changes}) == told
    assert office.move(number, "compare", SUPPLY, **given).state == "compared"


def of_another_district(office: Office) -> None:
    """The same number stands on an asset there."""
    with office.store.begin() as work:
        asset = Asset("cmi3", "receiver", NUMBER, school="50010001", state=AssetState.SPARE)
        AssetRows(work.connection).add(asset, AssetDeed("added", "person:3", "พัสดุ", 1))


def without_school(office: Office) -> str:
    given = {"purpose": "ใช้", "phone": "044", "from_on": "2026-11-23", "due_on": "2026-11-27"}
    number = office.open("loan", TECHNICIAN, **given)
    office.move(number, "approve", SUPPLY, items=[{"asset": NUMBER, "quantity": 1}])
    return number


def test_nobody_hands_out_an_asset_of_a_district_that_is_not_theirs(office: Office) -> None:
    number = without_school(office)
    with office.store.begin() as work:
        work.connection.execute(update(person).values(groups=["cmi3"]))
    assert office.refused(number, "hand_out", TECHNICIAN, due_on="2026-11-27") == [("not_there", 1)]


def test_of_two_assets_with_one_number_none_is_guessed_and_the_lent_one_comes_back(office: Office) -> None:
    first, second = without_school(office), without_school(office)
    office.move(first, "hand_out", TECHNICIAN, due_on="2026-11-27")
    of_another_district(office)
    assert office.refused(second, "hand_out", TECHNICIAN, due_on="2026-11-27") == [("not_there", 1)]
    office.move(first, "take_back", SUPPLY, back=[{"asset": NUMBER, "quantity": 1}], condition="whole")
    assert office.asset().state is AssetState.SPARE

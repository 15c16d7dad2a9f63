"""Needs of all assets, weighed from what the database knows."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from hub.core.assets import Asset, AssetState, Deed
from hub.core.findings import RoomDay
from hub.core.needs import Advice, Need
from hub.core.people import AT_THE_CONSOLE
from hub.needs.prices import Price
from hub.needs.settings import NeedSettings
from hub.store.assets import AssetRows
from hub.store.lessons import keep_room_days
from hub.store.needs import NeedRows, Place, Weighing
from hub.store.prices import PriceRows
from hub.store.repair_tables import repair
from hub.store.tables import device, node, school, ticket
from hub.store.unit_of_work import Store
from hub.store.workflow_tables import request

NOW, DAY = 1_795_157_100_000, 86_400_000
ASKED = Weighing(NeedSettings(), NOW, ZoneInfo("Asia/Bangkok"))
BOUGHT = Deed("added", "command", "", NOW)
TV = Asset("cpm3", "tv", "7730-001-0001", school="30010012", room="p1", device="p1-tv", acquired_on=date(2025, 1, 1))


def add(store: Store, *assets: Asset) -> list[Asset]:
    with store.begin() as work:
        return [AssetRows(work.connection).add(each, BOUGHT) for each in assets]


def needs(store: Store, asked: Weighing = ASKED) -> tuple[Need, ...]:
    with store.reading() as connection:
        return NeedRows(connection).all(asked)


@pytest.fixture
def node_id(store: Store) -> int:
    with store.begin() as work:
        work.connection.execute(insert(school).values(group="cpm3", code="30010012", name="A", pupils=80))
        row = insert(node).values(group="cpm3", name="30010012", school="30010012", properties={})
        return int(work.connection.execute(row).inserted_primary_key[0])  # type: ignore[index]


def fault(store: Store, node_id: int, key: str, cause: str, days: float, *, dish: str = "", **more: Any) -> None:
    """A ticket that was closed after so many days; with open=True one that stands."""
    onset = NOW - 100 * DAY
    told = {"onset_at": onset, "opened_at": onset, "open": False, "state": "closed", "signs": [], "version": 1}
    told |= {"closed_at": onset + round(days * DAY)} | more
    with store.begin() as work:
        work.connection.execute(insert(ticket).values(node_id=node_id, device=key, dish=dish, cause=cause, **told))


def test_a_district_without_assets_needs_nothing(store: Store) -> None:
    assert needs(store) == ()


def test_faults_and_downtime_belong_to_the_asset_that_the_device_is(store: Store, node_id: int) -> None:
    add(store, TV, replace(TV, number="2", device="p2-tv"))
    for _ in range(3):
        fault(store, node_id, "p1-tv", "tv_failed", 4)
    fault(store, node_id, "p1-tv", "school_power_outage", 4)
    first, second = needs(store)
    assert (first.number, [each.code for each in first.reasons]) == ("7730-001-0001", ["need.faults", "need.down"])
    assert (first.advice, first.pupils, first.school_name) == (Advice.WATCH, 80, "A")
    assert (second.advice, second.reasons) == (Advice.KEEP, ())


def test_a_fault_of_a_dish_belongs_to_dish_or_lnb_by_its_cause(store: Store, node_id: int) -> None:
    dish = Asset("cpm3", "dish", "d", school="30010012", dish="roof")
    add(store, dish, replace(dish, kind="lnb", number="l"), replace(dish, number="other", dish="yard"))
    fault(store, node_id, "p1-receiver", "lnb_failed", 1, dish="roof", open=True, state="reported", closed_at=None)
    found = {need.number: need.advice for need in needs(store)}
    assert found == {"d": Advice.KEEP, "l": Advice.REPAIR, "other": Advice.KEEP}


def test_what_repairs_cost_is_held_against_the_price_of_a_new_one(store: Store, node_id: int) -> None:
    (tv,) = add(store, TV)
    with store.begin() as work:
        PriceRows(work.connection).put(2570, [Price("tv", 2_000_000, "", "list")], AT_THE_CONSOLE, NOW)
        told = {"type": "repair", "state": "closed", "is_open": False, "opened_by": "x", "opened_name": "x"}
        told |= {"opened_at": NOW - DAY, "entered_at": NOW, "spent": {}, "worked": 0, "reminded": [], "version": 1}
        told |= {"number": "RP-2570-0001", "values": {"cost": 10_000.5}}
        work.connection.execute(insert(request).values(**told))
        row = {"number": "RP-2570-0001", "token": "t", "asset_id": tv.id, "reports": 1}
        work.connection.execute(insert(repair).values(**row))
    need = needs(store)[0]
    assert (need.advice, need.reasons[0].params["cost_baht"], need.price_satang) == (
        Advice.REPLACE,
        10_000.5,
        2_000_000,
    )


def test_a_lamp_tells_its_wear(store: Store, node_id: int) -> None:
    add(store, replace(TV, kind="projector", device="p1-projector"))
    latest = {"lamp/life_used_pct": [93.0, NOW]}
    with store.begin() as work:
        told = {"node_id": node_id, "key": "p1-projector", "kind": "projector", "properties": {}, "latest": latest}
        work.connection.execute(insert(device).values(**told))
    assert [each.code for each in needs(store)[0].reasons] == ["need.lamp_wears"]


def test_lessons_lost_in_its_room_are_counted_without_the_weather(store: Store, node_id: int) -> None:
    add(store, TV)
    with store.begin() as work:
        days = [RoomDay("cpm3", "30010012", "p1", "2026-11-20", lost={"tv_failed": 50.0, "rain_fade": 90.0}, used=10.0)]
        keep_room_days(work.connection, days)
    assert needs(store)[0].lost_min == 50.0


def test_what_a_repair_gave_up_is_needed_until_a_line_is_accepted(store: Store) -> None:
    (tv,) = add(store, TV)
    with store.begin() as work:
        rows = NeedRows(work.connection)
        rows.open(Place("cpm3", "30010012", "tv", "p1-tv", tv.id), "RP-2570-0001", NOW)
        rows.open(Place("cpm3", "30010012", "tv", "p1-tv", tv.id), "RP-2570-0001", NOW)
        rows.open(Place("cpm3", "30010099", "receiver"), "RP-2570-0002", NOW)
    assert [(need.key, need.advice, need.request, need.opened) for need in needs(store)] == [
        (f"asset:{tv.id}", Advice.REPLACE, "RP-2570-0001", 1),
        ("opened:2", Advice.REPLACE, "RP-2570-0002", 2),
    ]
    with store.begin() as work:
        NeedRows(work.connection).close(None, tv.id, 7, NOW)
        NeedRows(work.connection).close(2, None, 8, NOW)
    assert [(need.key, need.advice) for need in needs(store)] == [(f"asset:{tv.id}", Advice.KEEP)]


@pytest.mark.parametrize("state", [AssetState.SPARE, AssetState.IDLE, AssetState.WRITTEN_OFF])
def test_what_is_not_in_use_needs_nothing(store: Store, state: AssetState) -> None:
    (tv,) = add(store, replace(TV, state=state))
    assert needs(store) == ()
    with store.reading() as connection:
        assert NeedRows(connection).of_asset(tv, ASKED) is None


def test_somebody_of_one_district_sees_its_needs_alone(store: Store) -> None:
    add(store, TV, replace(TV, group="cmi3"))
    assert [need.group for need in needs(store, replace(ASKED, groups=("cmi3",)))] == ["cmi3"]


def test_prices_are_put_changed_and_taken_out_with_a_record(store: Store) -> None:
    list_ = [Price("tv", 100, "", "a"), Price("dish", 50, "", "a")]
    with store.begin() as work:
        rows = PriceRows(work.connection)
        assert rows.put(2570, list_, AT_THE_CONSOLE, NOW) == 2
        assert rows.put(2570, [list_[0], Price("dish", 60, "", "b")], AT_THE_CONSOLE, NOW) == 1
        assert rows.put(2569, [list_[0]], AT_THE_CONSOLE, NOW) == 1
        assert (rows.years(), rows.by_kind()) == ((2570, 2569), {"tv": {2570: 100, 2569: 100}, "dish": {2570: 60}})
        assert (rows.remove(2570, "tv", AT_THE_CONSOLE, NOW), rows.remove(2570, "tv", AT_THE_CONSOLE, NOW)) == (
            True,
            False,
        )
        assert rows.of_year(2570) == (Price("dish", 60, "", "b"),)

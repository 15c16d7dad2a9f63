"""Lists of assets, what agents say of them, and equipment that no asset is."""

import pytest
from sqlalchemy import insert

from hub.assets.asking import Sort, Wanted
from hub.core.assets import Asset, Deed
from hub.core.equipment import DeviceKey, NodeKey
from hub.store.asset_views import (
    AssetLook,
    all_conflicts,
    births_of,
    keep_register,
    note_conflicts,
    repairs_of,
    reported,
)
from hub.store.assets import AssetRows
from hub.store.tables import device, node, school
from hub.store.unit_of_work import Store

ADDED = Deed("added", "person:1", "Anong", 1)
BIRTH = {"serial_number": "S7", "firmware": "1"}


@pytest.fixture
def tv(store: Store) -> Asset:
    """One of the three devices of a school is in the register."""
    with store.begin() as work:
        connection = work.connection
        connection.execute(insert(school).values(group="cpm3", code="30010012", name="บ้านทุ่งดอกจาน"))
        for name in ("30010012", "30010012-2"):
            told = {"group": "cpm3", "name": name, "school": "30010012", "online": True, "properties": {"os": "Debian"}}
            its = connection.execute(insert(node).values(**told).returning(node.c.id)).scalar_one()
            for key in ("", "p1-tv"):
                values = {"node_id": its, "key": key, "kind": "tv", "properties": BIRTH, "latest": {}}
                connection.execute(insert(device).values(**values))
        new = Asset("cpm3", "tv", number="7730-1", serial="X1", school="30010012", device="p1-tv")
        return AssetRows(connection).add(new, ADDED)


@pytest.mark.parametrize("sort", ["place", "number", "kind", "oldest", "newest", "price", "warranty"])
def test_assets_are_found_by_words_of_theirs_and_of_their_school(store: Store, tv: Asset, sort: Sort) -> None:
    with store.reading() as connection:
        look = AssetLook(connection, ["cpm3"])
        assert look.some(Wanted(search="ทุ่งดอกจาน x1", sort=sort), 5) == ((tv, "บ้านทุ่งดอกจาน"),)
        assert look.some(Wanted(search="x%"), 5) == ()
        assert look.count(Wanted(school="-")) == 0


def test_who_is_limited_to_a_district_sees_no_other(store: Store, tv: Asset) -> None:
    with store.reading() as connection:
        look = AssetLook(connection, ["cpm1"])
        assert (look.count(Wanted()), look.count_found(), look.kinds(), look.schools()) == (0, 0, (), {})


def test_equipment_that_no_asset_is_can_be_found(store: Store, tv: Asset) -> None:
    with store.reading() as connection:
        look = AssetLook(connection, None)
        assert [str(each.key) for each in look.found(9)] == [
            "cpm3/30010012",
            "cpm3/30010012-2",
            "cpm3/30010012-2/p1-tv",
        ]
        assert look.count_found("cpm3/30010012") == 3
        assert look.found(9, school_key="cpm3/30010027") == ()
        only = DeviceKey(NodeKey("cpm3", "30010012-2"), "p1-tv")
        assert [each.key for each in look.found(9, only)] == [only]


def test_what_a_birth_said_stands_beside_its_asset(store: Store, tv: Asset) -> None:
    with store.reading() as connection:
        assert births_of(connection, tv) == (BIRTH, {"os": "Debian"})
        assert [(each.id, own) for each, own, _ in reported(connection)] == [(tv.id, BIRTH)]
        assert repairs_of(connection, tv) == ()


def test_a_conflict_stays_kept_until_the_agent_says_something_else(store: Store, tv: Asset) -> None:
    with store.begin() as work:
        assert note_conflicts(work.connection, tv.id, {"serial": "S7"}, 5) == 1
        assert note_conflicts(work.connection, tv.id, {"serial": "S7"}, 6) == 0
        assert keep_register(work.connection, tv.id, "serial", "person:1", 7)
    with store.reading() as connection:
        look = AssetLook(connection, None)
        assert [(each.said, each.since, each.kept_at) for each in look.conflicts(tv.id)] == [("S7", 5, 7)]
        assert look.count(Wanted(conflict=True)) == 0
    with store.begin() as work:
        assert note_conflicts(work.connection, tv.id, {"serial": "S8"}, 8) == 1
        assert all_conflicts(work.connection) == {tv.id: {"serial": "S8"}}
        assert AssetLook(work.connection, None).count(Wanted(conflict=True)) == 1
        note_conflicts(work.connection, tv.id, {}, 9)
        assert all_conflicts(work.connection) == {}


def test_those_that_were_picked_are_found_wherever_they_stand_in_the_list(store: Store, tv: Asset) -> None:
    with store.begin() as work:
        rows = AssetRows(work.connection)
        last = rows.add(Asset("cpm3", "tv", school="30010012", room="z"), ADDED)
        elsewhere = rows.add(Asset("cmi3", "tv", school="50030012"), ADDED)
    with store.reading() as connection:
        found = AssetLook(connection, ["cpm3"]).picked([last.id, elsewhere.id])
    assert [(asset.id, name) for asset, name in found] == [(last.id, "บ้านทุ่งดอกจาน")]

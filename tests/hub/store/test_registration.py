"""What is registered: by the inventory, and by people."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.store.engine import open_engine, upgrade
from hub.store.inventory import Inventory, read_inventory
from hub.store.registration import Registration, register_devices
from hub.store.tables import device, node, registered
from hub.store.unit_of_work import Store
from hub.store.views import StorePages
from tests.stores import database

NODE = NodeKey("cpm3", "30010012")
TV, BOX = DeviceKey(NODE, "p1-tv"), DeviceKey(NODE, "p1-receiver")
NOW = 1_795_157_100_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    with store.begin() as work:
        values = {"group": NODE.group, "name": NODE.name, "school": NODE.school, "properties": {}}
        node_id = work.connection.execute(insert(node).values(values)).inserted_primary_key[0]
        for key, kind in ((HOST, "computer"), ("p1-tv", "tv"), ("p1-receiver", "receiver")):
            row = {"node_id": node_id, "key": key, "kind": kind, "properties": {}, "latest": {}}
            work.connection.execute(insert(device).values(row))
    yield store
    store.close()


def inventory(tmp_path: Path, *names: str, code: str = "cpm3") -> Inventory:
    file = tmp_path / "inventory.json"
    devices = [{"school": "30010012", "device": name} for name in names]
    file.write_text(json.dumps({"district": {"code": code, "name": "x"}, "devices": devices}))
    return read_inventory(file)


def new(store: Store) -> list[str]:
    return [view.key.device for view in StorePages(store).devices(NODE, None, 9) if view.unregistered]


def test_without_a_register_nothing_is_new(store: Store) -> None:
    assert new(store) == []


def test_what_the_inventory_does_not_name_is_new(store: Store, tmp_path: Path) -> None:
    register_devices(store, inventory(tmp_path, "p1-tv"))
    assert new(store) == ["p1-receiver"]
    assert [view.key for view in StorePages(store).overview(8, 0).newcomers] == [BOX]


def test_another_groups_register_says_nothing_of_ours(store: Store, tmp_path: Path) -> None:
    register_devices(store, inventory(tmp_path, "p1-tv", code="other"))
    assert new(store) == []


def test_an_adopted_device_is_new_no_more(store: Store, tmp_path: Path) -> None:
    register_devices(store, inventory(tmp_path, "p1-tv"))
    assert Registration(store).adopt(BOX, NOW)
    assert new(store) == []


def test_adoption_outlives_another_inventory(store: Store, tmp_path: Path) -> None:
    register_devices(store, inventory(tmp_path, "p1-tv"))
    Registration(store).adopt(BOX, NOW)
    register_devices(store, inventory(tmp_path, "p1-receiver"))
    assert new(store) == ["p1-tv"]
    register_devices(store, inventory(tmp_path, "p1-tv"))
    assert new(store) == []


def test_adopting_twice_changes_nothing(store: Store) -> None:
    registration = Registration(store)
    assert registration.adopt(TV, NOW)
    assert registration.adopt(TV, NOW + 1)
    with store.reading() as connection:
        assert connection.execute(select(registered.c.adopted_at)).scalars().all() == [NOW]


def test_once_a_device_is_adopted_there_is_a_register(store: Store) -> None:
    Registration(store).adopt(TV, NOW)
    assert new(store) == ["p1-receiver"]


@pytest.mark.parametrize(
    "key", [DeviceKey(NODE, "p9-tv"), DeviceKey(NODE, HOST), DeviceKey(NodeKey("cpm3", "1"), "p1-tv")]
)
def test_what_has_not_reported_cannot_be_adopted(store: Store, key: DeviceKey) -> None:
    assert not Registration(store).adopt(key, NOW)

"""The register of schools."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hub.core.equipment import DeviceKey, NodeKey
from hub.store.engine import open_engine, upgrade
from hub.store.inventory import InventoryMistake, read_inventory, register_schools
from hub.store.tables import school
from hub.store.unit_of_work import Store
from tests.stores import database

GOOD: dict[str, Any] = {
    "district": {"code": "demo", "name": "District 1", "timezone": "Asia/Bangkok"},
    "satellite": {"name": "Thaicom", "orbital_position_deg_east": 78.5},
    "schools": [{"code": "99990001", "name": "One", "lat": 15.8, "lon": 102.0, "pupils": 64}],
    "devices": [
        {"school": "99990001", "device": "p1-receiver", "kind": "receiver", "dish": "d1", "installed_on": "2021-05-01"},
        {"school": "99990001", "node": "99990001-2", "device": "p2-tv"},
    ],
}


def written(path: Path, document: Any) -> Path:
    file = path / "inventory.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return file


def schools(store: Store) -> list[tuple[str, str, int | None]]:
    with store.reading() as connection:
        return [(row.code, row.name, row.pupils) for row in connection.execute(select(school))]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    yield store
    store.close()


def test_schools_are_registered_and_kept_up_to_date(tmp_path: Path, store: Store) -> None:
    register_schools(store, read_inventory(written(tmp_path, GOOD)))
    changed = GOOD | {"schools": [{"code": "99990001", "name": "Uno"}, {"code": "2", "name": "Two"}]}
    register_schools(store, read_inventory(written(tmp_path, changed)))
    assert schools(store) == [("99990001", "Uno", None), ("2", "Two", None)]


def test_a_school_that_is_named_no_more_stays(tmp_path: Path, store: Store) -> None:
    register_schools(store, read_inventory(written(tmp_path, GOOD)))
    register_schools(store, read_inventory(written(tmp_path, GOOD | {"schools": []})))
    assert schools(store) == [("99990001", "One", 64)]


def test_it_says_which_dish_a_receiver_hangs_on(tmp_path: Path) -> None:
    register = read_inventory(written(tmp_path, GOOD)).register
    assert register[DeviceKey(NodeKey("demo", "99990001"), "p1-receiver")]["dish"] == "d1"
    assert register[DeviceKey(NodeKey("demo", "99990001-2"), "p2-tv")] == {}


def test_it_says_what_a_device_is(tmp_path: Path) -> None:
    told = {"school": "99990001", "device": "x", "kind": "tv", "room": "p3", "profile": "lg/rs232"}
    register = read_inventory(written(tmp_path, GOOD | {"devices": [told]})).register
    assert register[DeviceKey(NodeKey("demo", "99990001"), "x")] == {"kind": "tv", "room": "p3", "profile": "lg/rs232"}


def test_it_names_the_satellite(tmp_path: Path) -> None:
    satellite = read_inventory(written(tmp_path, GOOD)).satellite
    assert satellite is not None
    assert satellite.orbital_position_deg_east == 78.5


def test_its_calendar_is_read(tmp_path: Path) -> None:
    inventory = read_inventory(written(tmp_path, GOOD | {"calendar": {"class_hours": ["09:00", "15:00"]}}))
    assert inventory.calendar is not None
    assert inventory.calendar.class_hours[0].hour == 9


def test_what_a_school_does_differently_is_read_and_kept_out_of_its_row(tmp_path: Path, store: Store) -> None:
    own = {"code": "99990002", "name": "Two", "calendar": {"weekdays": [0, 1, 2, 3], "also_class": ["2026-06-13"]}}
    inventory = read_inventory(written(tmp_path, GOOD | {"schools": [*GOOD["schools"], own]}))
    assert list(inventory.calendars) == ["99990002"]
    assert inventory.calendars["99990002"].weekdays == (0, 1, 2, 3)
    assert inventory.calendars["99990002"].class_hours is None
    register_schools(store, inventory)
    assert len(schools(store)) == 2


def test_a_schools_calendar_with_a_typo_is_named(tmp_path: Path) -> None:
    own = {"code": "99990002", "name": "Two", "calendar": {"weekday": [0]}}
    with pytest.raises(InventoryMistake, match=r"schools\.0\.calendar\.weekday"):
        read_inventory(written(tmp_path, GOOD | {"schools": [own]}))


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ("{", "the file"),
        ("[]", "the file"),
        (GOOD | {"schools": [{"name": "no code"}]}, "schools.0.code"),
        (GOOD | {"schools": [{"code": "1", "name": "x", "lat": 100}]}, "schools.0.lat"),
        (GOOD | {"district": {"code": "NOT ONE", "name": "x"}}, "district.code"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_place(tmp_path: Path, document: Any, named: str) -> None:
    file = written(tmp_path, document)
    with pytest.raises(InventoryMistake) as mistake:
        read_inventory(file)
    assert str(file) in str(mistake.value)
    assert named in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InventoryMistake, match="nowhere"):
        read_inventory(tmp_path / "nowhere.json")

"""Incidents stand as they were told last."""

from collections.abc import Mapping

import pytest

from hub.core.findings import Incident
from hub.core.texts import Text
from hub.store.incidents import incidents, keep_incidents
from hub.store.unit_of_work import Store

EVIDENCE = (Text("evidence.rain_fade", {"schools": 2, "drop_db": 4.5}),)


def rain(start: int, end: int | None, schools: Mapping[str, tuple[int, int | None]], key: str = "k1") -> Incident:
    return Incident("cpm3", key, "rain_fade", start, end, schools, EVIDENCE)


def keep(store: Store, *told: Incident) -> None:
    with store.begin() as work:
        keep_incidents(work.connection, told)


def read(store: Store, group: str | None = None, **wanted: int) -> list[Incident]:
    with store.reading() as connection:
        return list(incidents(connection, None if group is None else [group], **wanted))


def test_an_incident_comes_back_as_it_was_told(store: Store) -> None:
    told = rain(1000, None, {"36030001": (1000, 5000), "36030002": (2000, None)})
    keep(store, told)
    assert read(store) == [told]


def test_what_is_told_anew_replaces_what_was_told_before(store: Store) -> None:
    keep(store, rain(1000, None, {"36030001": (1000, None)}))
    later = rain(900, 6000, {"36030002": (900, 6000)})
    for _ in range(2):
        keep(store, later)
    assert read(store) == [later]


def test_an_incident_without_schools_is_none(store: Store) -> None:
    keep(store, rain(1000, None, {"36030001": (1000, None)}), rain(1000, None, {}))
    assert read(store) == []
    keep(store, rain(1000, None, {}))
    assert read(store) == []


def test_keys_are_those_of_a_group(store: Store) -> None:
    keep(store, rain(1, None, {"a": (1, None)}), Incident("cpm4", "k1", "sun_outage", 2, 3, {"b": (2, 3)}))
    assert [each.cause for each in read(store)] == ["sun_outage", "rain_fade"]
    assert [each.cause for each in read(store, "cpm3")] == ["rain_fade"]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({}, ["lasting", "late", "early"]),
        ({"since": 250}, ["lasting", "late"]),
        ({"until": 150}, ["early"]),
        ({"since": 200, "until": 299}, ["late", "early"]),
        ({"limit": 1}, ["lasting"]),
    ],
)
def test_incidents_are_found_by_when_they_were_there(store: Store, wanted: dict[str, int], keys: list[str]) -> None:
    here = {"a": (1, None)}
    keep(store, rain(100, 200, here, "early"), rain(200, 300, here, "late"), rain(300, None, here, "lasting"))
    assert [each.key for each in read(store, **wanted)] == keys

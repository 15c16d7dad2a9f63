"""What is saved is all there is: a school that was written and read is the same school."""

from dataclasses import fields, is_dataclass
from enum import Enum
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from hub.detection.saved import VERSION, dump_district, dump_site, load_district, load_site
from hub.detection.sky import SkyState

GIVEN = {
    "world",
    "wet",
    "facts",
    "profile",
    "time",
    "code",
    "school",
    "_dark_causes",
    "_receivers",
    "stirred",
    "anew",
    "_due",
    "_dishes_due",
    "waits",
}
"""What is not remembered, but learnt anew from the register, the profiles and the settings, or worked out anew."""


def _plain(value: Any) -> Any:
    """All that a thing holds, down to the last attribute."""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name not in GIVEN}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, Enum) else value


def _eventful(lab: SimpleNamespace) -> Any:
    """A district in the midst of all sorts of trouble."""
    town = lab.Town()
    begin, now = lab.at("00:00", -5), lab.at("11:00")
    rain = lab.shower(lab.at("10:00"), 100, 8.0)
    drops = [rain, lab.both(rain, lab.step(lab.at("09:00", -3), 4.0)), lab.dark(lab.at("09:00")), lab.clear_sky]
    for n, drop in enumerate([*drops, lab.clear_sky, lab.clear_sky, lab.clear_sky]):
        school = town.school(*lab.rooms(2), lab.COMPUTER, km=3 * n)
        school.lives(begin, now, drop, every_min=15)
        for day in (-4, -3, 0):
            school.says(lab.at("08:40", day), "p1-tv", power__on=True, input__signal=True)
            school.says(lab.at("10:20", day), "p1-tv", input__signal=False)
            school.says(lab.at("10:30", day), "p2-tv", device__reachable=False)
            school.says(lab.at("14:00", day), "p2-tv", device__reachable=True)
        for day in (-4, -3, -2):
            school.dies(lab.at("10:00", day))
            school.born(lab.at("13:00", day), uptime_min=5)
    for school in town.schools[4:]:
        school.dies(lab.at("10:40"))
    return town, now


def _judged(lab: SimpleNamespace) -> Any:
    town, now = _eventful(lab)
    memory, detection = town.memory(), town.detection()
    detection.judge(memory, memory.waiting(), now)
    return detection._districts[lab.GROUP]


@pytest.fixture(scope="module")
def district(lab: SimpleNamespace) -> Any:
    return _judged(lab)


def test_a_school_that_was_saved_and_loaded_is_the_same_in_every_attribute(district: Any) -> None:
    for code, site in district.sites.items():
        written = orjson.loads(orjson.dumps(dump_site(site)))
        loaded = load_site(code, written, district.world)
        assert _plain(loaded) == _plain(site)
        assert dump_site(loaded) == written


def test_a_district_that_was_saved_and_loaded_is_the_same_in_every_attribute(district: Any) -> None:
    state = district.world.sky.state
    loaded, t = load_district(orjson.loads(orjson.dumps(dump_district(state, district.t))))
    assert t == district.t
    assert _plain(loaded) == _plain(state)


def test_the_trouble_leaves_hardly_anything_empty(district: Any) -> None:
    """Else the tests above would compare nothing with nothing."""
    saved = [dump_site(site) for site in district.sites.values()]
    quiet = {"area_at", "roll_call_at", "recurring", "history", "dirty", "declines"}
    assert {name for name in saved[0] if not any(each[name] for each in saved)} <= quiet
    state = district.world.sky.state
    assert state.shown
    assert state.fades
    assert state.died
    assert state.incidents.groups
    assert any(dish.episode for site in district.sites.values() for dish in site.reception.aerials.dishes.values())


def test_a_state_of_another_version_is_nothing(district: Any) -> None:
    site = next(iter(district.sites.values()))
    assert load_site(site.code, dump_site(site) | {"version": VERSION + 1}, district.world).view.t is None
    assert load_district({"version": VERSION + 1}) == (SkyState(), None)
    assert load_district(None) == (SkyState(), None)


def test_a_device_that_only_answered_is_remembered_too(lab: SimpleNamespace) -> None:
    """It told nothing that is kept; that it answered at all is what its silence is measured by."""
    room = lab.Classroom([lab.tv(), lab.receiver()])
    memory = lab.Memory(room.devices)
    memory.add(*room.journal([(lab.at("09:00"), "p1-tv", {"own/metric": 1}), (lab.at("09:00"), "p1-receiver", {})]))
    memory.add(lab.report(lab.at("09:10"), "p1-tv", {"device/reachable": False}, 1, "e2"))
    room.detection().judge(memory, [lab.NODE], lab.at("09:05"))
    assert [each.cause for each in lab.found(room.detection().finish(memory, lab.at("11:00")))] == ["tv_failed"]

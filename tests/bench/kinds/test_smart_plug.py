"""A plug tells by its watts whether what it feeds is on, in standby, or pulled."""

from typing import Any

import pytest
from pydantic import ValidationError

from bench.catalogue import catalogue
from bench.kinds import smart_plug
from bench.live import LiveSchool, Unit
from bench.school import School
from bench.settings import BenchSettings


@pytest.fixture
def room(clock: Any) -> tuple[LiveSchool, Unit[Any]]:
    tv = {"key": "p1-tv", "room": "p1", "speaks": "lg-rs232", "on_after_s": 0}
    plug = {"key": "p1-plug", "room": "p1", "speaks": "tasmota", "feeds": "p1-tv"}
    devices = tuple(catalogue()[str(each["speaks"])].settings.model_validate(each) for each in (tv, plug))
    live = LiveSchool(School.in_the_morning(BenchSettings(device=devices), clock.now), clock)
    live.look()
    return live, Unit(live, devices[1])


def watts(room: tuple[LiveSchool, Unit[Any]]) -> float:
    return smart_plug.facts(room[1]).watts


def break_(room: tuple[LiveSchool, Unit[Any]], name: str) -> None:
    room[0].change(lambda school, now: school.with_fault(name, now))


def test_a_set_that_is_on_takes_its_watts(room: tuple[LiveSchool, Unit[Any]]) -> None:
    assert watts(room) == 84.0


def test_in_standby_it_takes_next_to_nothing(room: tuple[LiveSchool, Unit[Any]]) -> None:
    break_(room, "tv-off")
    assert watts(room) == 0.6


def test_a_dead_set_takes_nothing(room: tuple[LiveSchool, Unit[Any]]) -> None:
    break_(room, "tv-dead")
    assert watts(room) == 0.0


def test_behind_an_open_relay_nothing_flows(room: tuple[LiveSchool, Unit[Any]]) -> None:
    break_(room, "plug-relay-off")
    facts = smart_plug.facts(room[1])
    assert (facts.on, facts.watts, facts.amperes) == (False, 0.0, 0.0)


def test_the_meter_counts_while_the_set_is_on(room: tuple[LiveSchool, Unit[Any]], clock: Any) -> None:
    clock.pass_s(3600)
    assert smart_plug.facts(room[1]).wh_total == pytest.approx(14_093 + 84)


def test_what_it_feeds_must_be_there() -> None:
    plug = {"key": "p1-plug", "room": "p1", "speaks": "tasmota", "feeds": "p1-tv"}
    with pytest.raises(ValidationError, match="feeds the device 'p1-tv', which is not there"):
        BenchSettings(device=(catalogue()["tasmota"].settings.model_validate(plug),))

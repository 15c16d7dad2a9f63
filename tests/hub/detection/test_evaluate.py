"""Event time: in whatever order and how often reports arrive, and wherever the hub is restarted, the findings are the same."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.core.reports import Sample
from hub.detection.causes import CAUSES
from hub.detection.facts import DeviceFacts, ProfileFacts
from hub.detection.settings import DetectionSettings
from hub.detection.signs import Scene, Sign, Verdict
from hub.detection.view import DeviceView
from wire.metrics import DataType, Value

_BOOL = st.sampled_from([True, False])
_MAYBE = st.sampled_from([True, False, None])
_SAID: dict[str, st.SearchStrategy[Mapping[str, Value]]] = {
    "p1-tv": st.fixed_dictionaries(
        {},
        optional={
            "device/reachable": _BOOL,
            "power/on": _MAYBE,
            "input/signal": _MAYBE,
            "error/code": st.sampled_from(["", "E1"]),
        },
    ),
    "p1-receiver": st.fixed_dictionaries(
        {}, optional={"device/reachable": _BOOL, "power/on": _MAYBE, "signal/lock": _MAYBE}
    ),
    "p2-receiver": st.fixed_dictionaries({}, optional={"device/reachable": _BOOL, "signal/lock": _MAYBE}),
    "": st.fixed_dictionaries(
        {}, optional={"host/cpu_temp_c": st.sampled_from([50.0, 78.0, 90.0]), "ups/on_battery": _BOOL}
    ),
}
_STEP_MS = st.integers(0, 40 * 60_000)


@st.composite
def journals(draw: st.DrawFn) -> list[tuple[int, str, Mapping[str, Value]]]:
    """Some days of a school in which anything may happen: milliseconds since its beginning, device, values."""
    t, rows = 0, []
    for _ in range(draw(st.integers(1, 60))):
        t += draw(_STEP_MS)
        device = draw(st.sampled_from(sorted(_SAID)))
        rows.append((t, device, draw(_SAID[device])))
    return rows


def _school(lab: SimpleNamespace, rows: list[tuple[int, str, Any]]) -> tuple[Any, list[Any]]:
    school = lab.Classroom([lab.tv(), lab.receiver(), lab.receiver("p2"), lab.COMPUTER])
    start = lab.at("08:00")
    return school, school.journal([(start + t, device, values) for t, device, values in rows])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), seed=st.integers(0, 10_000))
def test_looks_and_restarts_at_any_moment_change_nothing(lab: SimpleNamespace, data: st.DataObject, seed: int) -> None:
    """Whatever the devices say. Reports arrive mixed, each twice."""
    school, journal = _school(lab, data.draw(journals()))
    end, rng = journal[-1].t, Random(seed)
    whole = lab.Memory(school.devices)
    whole.add(*journal)
    expected = lab.Outcome.of(school.detection().finish(whole, end)).facts()

    pieces, detection, told = lab.Memory(school.devices), school.detection(), []
    arrivals = sorted((each.t + rng.randrange(100_000), each) for each in journal for _ in range(2))
    for now in sorted(rng.randrange(journal[0].t, end + 1) for _ in range(rng.randrange(1, 12))):
        pieces.add(*(each for when, each in arrivals if when <= now))
        detection = school.detection() if rng.random() < 0.5 else detection
        told += detection.judge(pieces, [lab.NODE], now)
    pieces.add(*journal)
    told += detection.finish(pieces, end)
    assert lab.Outcome.of(told).facts() == expected


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_what_came_goes_only_once_and_only_what_came_goes(lab: SimpleNamespace, data: st.DataObject) -> None:
    school, journal = _school(lab, data.draw(journals()))
    memory = lab.Memory(school.devices)
    memory.add(*journal)
    standing: set[tuple[str, str]] = set()
    for what, fault, sign, _ in lab.told(lab.found(school.detection().finish(memory, journal[-1].t))):
        assert what == "corrected" or ((fault, sign) in standing) == (what == "cleared")
        standing ^= {(fault, sign)} if what != "corrected" else set()


def test_a_value_s_own_time_is_kept(lab: SimpleNamespace) -> None:
    """A receiver that lost its lock some time before the report was written."""
    school = lab.Classroom([lab.receiver(), lab.receiver("p2")])
    up = {"device/reachable": True, "signal/lock": True}
    journal = school.journal(
        [(lab.at("09:00"), "p1-receiver", up), (lab.at("09:00"), "p2-receiver", up)], lab.at("11:00")
    )
    late = lab.report(lab.at("11:01"), "p2-receiver", {"signal/lock": False}, len(journal) + 1)
    late.samples["signal/lock"] = type(late.samples["signal/lock"])(
        False, late.samples["signal/lock"].datatype, lab.at("11:00")
    )
    beats = [
        lab.report(lab.at("11:01") + n * 300_000, "", {"host/uptime_s": n}, len(journal) + 1 + n) for n in range(1, 12)
    ]
    memory = lab.Memory(school.devices)
    memory.add(*journal, late, *beats)
    (finding,) = lab.found(school.detection().judge(memory, [lab.NODE], lab.at("13:00")))
    assert (finding.onset_at, finding.opened_at) == (lab.at("11:00"), lab.at("11:51"))


@pytest.mark.parametrize(
    "sign",
    [pytest.param(sign, id=f"{cause.code} {sign.code}") for cause in CAUSES for sign in cause.signs if sign.alone],
)
def test_a_sign_that_stands_alone_sees_its_own_device_and_nothing_else(sign: Sign) -> None:
    nothing: Any = None
    device = DeviceView(DeviceFacts("p1-projector", "projector"), ProfileFacts(lamp_life_h=4000))
    device.take({name: Sample(1_000_000, DataType.INT64) for name in sign.watches}, 0)
    assert sign.see(Scene(nothing, device, DetectionSettings(), nothing)).verdict is Verdict.PRESENT


def test_a_fault_that_was_told_before_the_profile_knew_it_is_seen_at_the_next_look(lab: SimpleNamespace) -> None:
    """Nothing of it is told anew: the computer has been too hot since before, and only a set says something."""
    school = lab.Classroom([lab.tv(), lab.COMPUTER])
    hot, up = {"host/cpu_temp_c": 90.0, "host/uptime_s": 6000}, {"device/reachable": True, "power/on": True}
    journal = school.journal(
        [(lab.at("08:00"), "", hot), (lab.at("08:01"), "p1-tv", up), (lab.at("08:20"), "p1-tv", {"power/on": False})],
        lab.at("10:00"),
    )
    unknown, known = lab.Memory([lab.tv(), replace(lab.COMPUTER, profile="set/unknown")]), lab.Memory(school.devices)
    unknown.add(*(each for each in journal if each.t <= lab.at("08:01")))
    assert lab.found(school.detection().judge(unknown, [lab.NODE], lab.at("08:10"))) == []
    known.saved, known.judged = unknown.saved, unknown.judged
    known.add(*journal)
    (finding,) = lab.found(school.detection().judge(known, [lab.NODE], lab.at("10:05")))
    assert (finding.cause, finding.opened_at) == ("host_overheating", lab.at("08:30"))


@pytest.mark.parametrize(("born_again", "tickets"), [(False, [("36030001 p1-tv", "tv_failed")]), (True, [])])
def test_an_error_of_a_set_that_was_not_born_with_its_node_again_waits_for_it(
    lab: SimpleNamespace, born_again: bool, tickets: list[tuple[str, str]]
) -> None:
    town = lab.Town()
    school = town.school(lab.tv(), lab.COMPUTER)
    school.born(lab.at("08:00"))
    school.says(lab.at("08:40"), "p1-tv", power__on=True, error__code="E1")
    school.beats(lab.at("08:01"), lab.at("09:36"))
    if born_again:
        school.session.append((lab.at("09:22"), "", {"node/online": True, "host/uptime_s": 60}))
    assert town.play(lab.at("09:36")).tickets == tickets

"""Event time: in whatever order and how often reports arrive, and wherever the hub is restarted, the findings are the same."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wire.metrics import Value

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


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_arrival_order_duplicates_and_restarts_change_nothing(lab: SimpleNamespace, data: st.DataObject) -> None:
    school, journal = _school(lab, data.draw(journals()))
    end = journal[-1].t
    whole = lab.Memory(school.devices)
    whole.add(*journal)
    expected = school.detection().judge(whole, [lab.NODE], end)

    arrivals = data.draw(st.permutations(journal)) + data.draw(st.lists(st.sampled_from(journal), max_size=20))
    pieces = lab.Memory(school.devices)
    found = []
    while arrivals:
        count = data.draw(st.integers(1, 30))
        arrived, arrivals = arrivals[:count], arrivals[count:]
        pieces.add(*arrived)
        found += school.detection().judge(pieces, [lab.NODE], end)
    assert found == expected
    assert pieces.state(lab.NODE) == whole.state(lab.NODE)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_does_not_matter_when_anybody_looks(lab: SimpleNamespace, data: st.DataObject) -> None:
    """Ticks between the reports of a node that is there find nothing that would not have been found anyway."""
    school, journal = _school(lab, data.draw(journals()))
    quiet = lab.Memory(school.devices)
    quiet.add(*journal)
    expected = school.detection().judge(quiet, [lab.NODE], journal[-1].t)

    watched, detection, found = lab.Memory(school.devices), school.detection(), []
    for each in journal:
        found += detection.tick(watched, data.draw(st.integers(each.t - 60_000, each.t)))
        watched.add(each)
        found += detection.judge(watched, [lab.NODE], each.t)
    assert found == expected


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_came_goes_only_once_and_only_what_came_goes(lab: SimpleNamespace, data: st.DataObject) -> None:
    school, journal = _school(lab, data.draw(journals()))
    memory = lab.Memory(school.devices)
    memory.add(*journal)
    standing: set[tuple[str, str]] = set()
    for what, fault, sign, _ in lab.told(school.detection().judge(memory, [lab.NODE], journal[-1].t)):
        assert ((fault, sign) in standing) == (what == "cleared")
        standing ^= {(fault, sign)}


def test_a_gap_in_the_journal_is_waited_for(lab: SimpleNamespace) -> None:
    school, journal = _school(
        lab, [(0, "p1-tv", {"device/reachable": True}), (3_600_000, "p1-tv", {"device/reachable": False})]
    )
    memory = lab.Memory(school.devices)
    memory.add(journal[0], *journal[2:])
    school.detection().judge(memory, [lab.NODE], journal[-1].t)
    assert memory.judged == {"e1": 1}


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
    (finding,) = school.detection().judge(memory, [lab.NODE], lab.at("13:00"))
    assert (finding.onset_at, finding.opened_at) == (lab.at("11:00"), lab.at("11:51"))

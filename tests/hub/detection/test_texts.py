"""Every text that detection stores is announced, with its parameters."""

import re
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.detection.causes import CAUSES
from hub.detection.texts import all_codes
from wire.vocabulary import BY_KIND

_CONTRACT = {
    "tv_failed",
    "tv_no_signal",
    "receiver_failed",
    "lamp_worn",
    "school_offline",
    *(f"host_{what}" for what in ("overheating", "disk_full", "disk_worn", "undervoltage", "clock_wrong")),
}


def test_each_cause_is_found_in_its_own_module() -> None:
    assert {cause.code for cause in CAUSES} == _CONTRACT


def test_signs_are_told_apart_by_their_codes() -> None:
    assert all(len({sign.code for sign in cause.signs}) == len(cause.signs) for cause in CAUSES)


def test_causes_befall_kinds_that_there_are() -> None:
    assert {kind for cause in CAUSES for kind in cause.kinds} <= {"host", *BY_KIND}


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_evidence_has_the_parameters_that_are_announced(lab: SimpleNamespace, data: st.DataObject) -> None:
    codes = all_codes(CAUSES)
    room = lab.Classroom(
        [lab.tv(), lab.receiver(), lab.receiver("p2"), lab.tv("unknown", kind="projector"), lab.COMPUTER]
    )
    up = [(lab.at("08:00"), each.key, {"device/reachable": True, "signal/lock": True}) for each in room.devices]
    broken = data.draw(
        st.sampled_from(
            [
                ("p1-tv", {"device/reachable": False}),
                ("p1-tv", {"error/code": "E1"}),
                ("p1-tv", {"power/on": True, "input/signal": False}),
                ("p1-receiver", {"device/reachable": False}),
                ("p2-receiver", {"signal/lock": False}),
                ("p1-projector", {"error/lamp": 1}),
                ("p1-projector", {"error/fan": 2}),
                ("p1-projector", {"lamp/life_used_pct": 101.0}),
                ("", {"host/cpu_temp_c": 99.0}),
            ]
        )
    )
    findings = room.play([*up, (lab.at("09:00"), *broken), (lab.at("12:00"), *up[0][1:])], lab.at("13:00"))
    assert findings
    for text in (text for finding in findings for text in finding.evidence):
        assert set(text.params) == set(codes[text.code])
        assert re.fullmatch(r"[a-z_.]+", text.code)

"""What is saved of a node is all that detection needs to go on."""

import json
from types import SimpleNamespace

from hub.detection.case import Case, dump, load
from hub.detection.progress import Phase


def test_a_case_survives_the_database(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv(), lab.receiver()])
    said = [
        (lab.at("08:00"), "p1-tv", {"device/reachable": True, "power/on": False}),
        (lab.at("08:00"), "p1-receiver", {"device/reachable": True, "signal/lock": True}),
        (lab.at("09:00"), "p1-tv", {"device/reachable": False}),
    ]
    memory = lab.Memory(room.devices)
    memory.add(*room.journal(said, lab.at("09:30")))
    room.detection().judge(memory, [lab.NODE], lab.at("09:30"))
    state = memory.state(lab.NODE)
    case = load(state)
    assert [progress.phase for progress in case.signs.values()] == [Phase.PENDING]
    assert case.view.devices["p1-tv"].learnt.answered_while_off
    assert json.loads(json.dumps(dump(case))) == state


def test_a_state_of_another_version_is_begun_anew() -> None:
    assert load({"version": 0, "t": 5}) == Case()
    assert load(None) == Case()


def test_a_device_can_not_fill_the_state_with_names_of_its_own(lab: SimpleNamespace) -> None:
    memory = lab.Memory([lab.tv()])
    memory.add(
        lab.report(lab.at("08:00"), "p1-tv", {f"junk/{n}": n for n in range(1000)} | {"error/code": "x" * 10_000})
    )
    lab.Classroom([lab.tv()]).detection().judge(memory, [lab.NODE], lab.at("08:00"))
    assert memory.saved is not None
    assert len(memory.saved) < 2000


def test_signs_that_no_profile_declares_any_more_are_forgotten(lab: SimpleNamespace) -> None:
    memory = lab.Memory([lab.COMPUTER])
    memory.add(lab.report(lab.at("08:00"), "", {"host/cpu_temp_c": 95.0}))
    room = lab.Classroom([lab.COMPUTER])
    room.detection().judge(memory, [lab.NODE], lab.at("08:00"))
    assert len(load(memory.state(lab.NODE)).signs) == 1
    memory.facts = [type(lab.COMPUTER)("", "computer", None, "set/silent")]
    memory.add(lab.report(lab.at("08:01"), "", {"host/cpu_pct": 1.0}, 2))
    room.detection().judge(memory, [lab.NODE], lab.at("08:01"))
    assert load(memory.state(lab.NODE)).signs == {}

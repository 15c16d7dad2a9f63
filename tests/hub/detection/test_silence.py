"""Silence has several meanings: who answers beside a silent device decides what it means."""

from types import SimpleNamespace

UP = {"device/reachable": True}
SILENT = {"device/reachable": False}


def _silent(findings: object) -> list[str]:
    return sorted(each.device.device for each in findings)  # type: ignore[attr-defined]


def test_a_room_that_falls_silent_together_has_no_power(lab: SimpleNamespace) -> None:
    school = lab.Classroom([lab.tv(), lab.receiver(), lab.receiver("p2")])
    said = [(lab.at("08:00"), device, UP) for device in ("p1-tv", "p1-receiver", "p2-receiver")]
    said += [(lab.at("09:00"), "p1-tv", SILENT), (lab.at("09:01"), "p1-receiver", SILENT)]
    assert school.play(said, lab.at("15:00")) == []


def test_two_of_a_room_that_fail_at_different_times_are_two_faults(lab: SimpleNamespace) -> None:
    school = lab.Classroom([lab.tv(), lab.receiver(), lab.receiver("p2")])
    said = [(lab.at("08:00"), device, UP) for device in ("p1-tv", "p1-receiver", "p2-receiver")]
    said += [(lab.at("09:00"), "p1-tv", SILENT), (lab.at("11:00"), "p1-receiver", SILENT)]
    assert _silent(school.play(said, lab.at("15:00"))) == ["p1-receiver", "p1-tv"]


def test_a_device_that_is_alone_in_its_room_is_witnessed_by_another_room(lab: SimpleNamespace) -> None:
    school = lab.Classroom([lab.tv("answers", "p1"), lab.tv("answers", "p2")])
    said = [(lab.at("08:00"), "p1-tv", UP), (lab.at("08:00"), "p2-tv", UP), (lab.at("09:00"), "p1-tv", SILENT)]
    (finding,) = school.play(said, lab.at("15:00"))
    assert finding.evidence[0].params["witness"] == "p2-tv"


def test_the_only_device_is_witnessed_by_the_node_itself(lab: SimpleNamespace) -> None:
    said = [(lab.at("08:00"), "p1-tv", UP), (lab.at("09:00"), "p1-tv", SILENT)]
    (finding,) = lab.Classroom([lab.tv()]).play(said, lab.at("15:00"))
    assert finding.evidence[0].params["witness"] == ""


def test_a_school_on_battery_has_no_power_and_no_fault(lab: SimpleNamespace) -> None:
    school = lab.Classroom([lab.tv(), lab.tv("answers", "p2")])
    said = [(lab.at("08:00"), "p1-tv", UP), (lab.at("08:00"), "p2-tv", UP)]
    said += [(lab.at("09:00"), "", {"ups/on_battery": True}), (lab.at("09:01"), "p1-tv", SILENT)]
    assert school.play(said, lab.at("15:00")) == []


def test_while_the_node_itself_was_off_nothing_is_counted(lab: SimpleNamespace) -> None:
    said = [(lab.at("08:00"), "p1-tv", UP), (lab.at("09:00"), "p1-tv", SILENT)]
    room = lab.Classroom([lab.tv()])
    before = room.journal(said, lab.at("09:30"))
    later = [lab.report(lab.at("12:00"), "", {"host/uptime_s": 60}, len(before) + 1)]
    later += [lab.report(lab.at("12:10"), "", {"host/uptime_s": 660}, len(before) + 2)]
    memory = lab.Memory(room.devices)
    memory.add(*before, *later)
    assert room.detection().judge(memory, [lab.NODE], lab.at("12:20")) == []
    last = [
        lab.report(lab.at("12:10") + n * 300_000, "", {"host/uptime_s": n}, len(before) + 2 + n) for n in range(1, 5)
    ]
    memory.add(*last)
    (finding,) = room.detection().judge(memory, [lab.NODE], lab.at("13:00"))
    assert finding.opened_at == lab.at("12:20")


def test_a_node_whose_clock_is_a_year_ahead_does_not_stop_its_own_time(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory = lab.Memory(room.devices)
    memory.add(lab.report(lab.at("08:00", 365), "p1-tv", UP, 1))
    room.detection().judge(memory, [lab.NODE], lab.at("08:00"))
    memory.add(*(lab.report(lab.at("09:00") + n * 300_000, "p1-tv", SILENT, 2 + n) for n in range(20)))
    (finding,) = room.detection().judge(memory, [lab.NODE], lab.at("12:00"))
    assert finding.opened_at == lab.at("09:50")

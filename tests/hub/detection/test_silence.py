"""Silence has several meanings: who answers beside a silent device decides what it means."""

from types import SimpleNamespace

UP = {"device/reachable": True}
SILENT = {"device/reachable": False}
SILENT_TV = {"device__reachable": False}


def _silent(findings: object) -> list[str]:
    return sorted(each.place.device.device for each in findings)  # type: ignore[attr-defined]


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


def test_while_the_node_itself_was_away_nothing_is_counted(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school = town.school(lab.tv())
    school.born(lab.at("08:00"))
    school.says(lab.at("09:00"), "p1-tv", **SILENT_TV)
    school.dies(lab.at("09:30"))
    school.born(lab.at("12:00"), uptime_min=5, but=["p1-tv"])
    school.beats(lab.at("08:00"), lab.at("09:30"))
    school.beats(lab.at("12:01"), lab.at("13:00"))
    assert town.play(lab.at("12:15")).faults == []
    (fault,) = town.play(lab.at("13:00")).faults
    assert (fault.cause, fault.opened_at) == ("tv_failed", lab.at("12:20"))


def test_a_node_whose_clock_is_a_year_ahead_does_not_stop_its_own_time(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), room.detection()
    memory.add(lab.report(lab.at("08:00", 365), "p1-tv", UP, 1))
    detection.judge(memory, [lab.NODE], lab.at("08:00"))
    memory.add(*(lab.report(lab.at("09:00") + n * 300_000, "p1-tv", SILENT, 2 + n) for n in range(20)))
    (finding,) = lab.found(detection.judge(memory, [lab.NODE], lab.at("12:00")))
    assert finding.opened_at == lab.at("09:50")

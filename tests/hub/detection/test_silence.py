"""Silence has several meanings: who answers beside a silent device decides what it means."""

from types import SimpleNamespace
from typing import Any

import pytest

from hub.detection.facts import DeviceFacts

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


def _habits(lab: SimpleNamespace, days: int, *devices: Any) -> tuple[Any, Any]:
    """A school whose teacher switches set and receiver on for the first lessons, and off again. Off, the set says nothing."""
    town = lab.Town()
    school = town.school(*devices)
    school.born(lab.at("00:00"), but=[each.key for each in devices])
    school.beats(lab.at("00:00"), lab.at("16:00", days + 8), 30)
    for day in range(days):
        if day % 7 < 5:
            for each in devices:
                _switch(lab, school, each, day)
    return town, school


def _switch(lab: SimpleNamespace, school: Any, device: Any, day: int) -> None:
    on, off = lab.at("08:40", day), lab.at("11:40", day)
    if device.kind == "receiver":
        school.says(on, device.key, device__reachable=True, power__on=True, signal__lock=True)
        school.says(off, device.key, power__on=False, signal__lock=False)
    else:
        school.says(on, device.key, device__reachable=True, power__on=True)
        if device.kind == "other":
            school.says(off, device.key, power__on=False)
        else:
            school.says(off, device.key, device__reachable=False)


PLUG = DeviceFacts("p1-plug", "other", "p1", "set/answers")


def test_a_set_that_is_switched_off_each_noon_is_not_broken(lab: SimpleNamespace) -> None:
    town, _ = _habits(lab, 12, lab.receiver(), lab.tv("silent"))
    assert town.play(lab.at("16:00", 11)).faults == []


def test_a_set_that_is_not_used_for_a_week_is_not_broken(lab: SimpleNamespace) -> None:
    town, _ = _habits(lab, 5, lab.receiver(), lab.tv("silent"))
    assert town.play(lab.at("16:00", 12)).faults == []


def test_a_picture_source_that_waits_on_several_days_is_a_second_witness(lab: SimpleNamespace) -> None:
    devices = lab.receiver(), lab.tv("silent")
    town, school = _habits(lab, 5, *devices)
    for day in (7, 8, 9, 10, 11):
        _switch(lab, school, devices[0], day)
    (fault,) = town.play(lab.at("16:00", 12)).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-tv", "tv_failed", "waited_for")
    assert fault.evidence["witness"] == "p1-receiver"
    assert fault.opened_at >= lab.at("08:40", 9)


def _strip(lab: SimpleNamespace, school: Any, day: int, *devices: str) -> None:
    """At the wall: what hangs on the strip answers while that is on, and says nothing of its power."""
    for each in devices:
        on = {"signal__lock": True} if each == "p1-receiver" else {"power__on": True}
        school.says(lab.at("08:10", day), each, device__reachable=True, **on)
        school.says(lab.at("11:40", day), each, device__reachable=False)


def test_a_box_that_is_switched_off_at_the_wall_waits_too_though_it_tells_nothing_of_its_power(
    lab: SimpleNamespace,
) -> None:
    town = lab.Town()
    school = town.school(lab.receiver(standby="silent"), lab.tv("silent"))
    school.born(lab.at("00:00"), but=["p1-receiver", "p1-tv"])
    school.beats(lab.at("00:00"), lab.at("16:00", 12), 30)
    for day in range(5):
        _strip(lab, school, day, "p1-receiver", "p1-tv")
    for day in (7, 8, 9):
        _strip(lab, school, day, "p1-receiver")
    (fault,) = town.play(lab.at("16:00", 9)).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-tv", "tv_failed", "waited_for")


def test_a_source_that_waited_once_may_be_a_teacher_s_test(lab: SimpleNamespace) -> None:
    devices = lab.receiver(), lab.tv("silent")
    town, school = _habits(lab, 5, *devices)
    _switch(lab, school, devices[0], 7)
    assert town.play(lab.at("16:00", 12)).faults == []


def _died(lab: SimpleNamespace, waits_until: str) -> Any:
    """On the next Monday the set falls silent in its second lesson; the box stays on, and waits on two days more."""
    devices = lab.receiver(), lab.tv("silent")
    town, school = _habits(lab, 5, *devices)
    school.says(lab.at("08:30", 7), "p1-receiver", power__on=True, signal__lock=True)
    school.says(lab.at("08:40", 7), "p1-tv", device__reachable=True, power__on=True)
    school.says(lab.at("10:00", 7), "p1-tv", device__reachable=False)
    school.says(lab.at(waits_until, 7), "p1-receiver", power__on=False, signal__lock=False)
    for day in (8, 10):
        school.says(lab.at("08:15", day), "p1-receiver", power__on=True, signal__lock=True)
        school.says(lab.at("11:40", day), "p1-receiver", power__on=False, signal__lock=False)
    return town.play(lab.at("16:00", 11))


def test_the_day_on_which_a_set_fell_silent_counts_where_its_box_waited_on_for_longer_than_ever(
    lab: SimpleNamespace,
) -> None:
    (fault,) = _died(lab, "15:00").faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-tv", "tv_failed", "waited_for")
    assert lab.at("08:00", 10) <= fault.opened_at <= lab.at("11:40", 10)


def test_a_box_that_was_on_for_a_while_after_its_set_was_left_on(lab: SimpleNamespace) -> None:
    assert _died(lab, "11:20").faults == []


def _waits(lab: SimpleNamespace, school: Any, day: int, *spans: tuple[str, str]) -> None:
    for begins, ends in spans:
        school.says(lab.at(begins, day), "p1-receiver", power__on=True, signal__lock=True)
        school.says(lab.at(ends, day), "p1-receiver", power__on=False, signal__lock=False)


def _fell_at_ten(lab: SimpleNamespace, *spans: tuple[str, str]) -> tuple[Any, Any]:
    """On the next Monday the set falls silent in its second lesson. The box is on in these times of that day."""
    town, school = _habits(lab, 5, lab.receiver(), lab.tv("silent"))
    _waits(lab, school, 7, *spans)
    school.says(lab.at("08:40", 7), "p1-tv", device__reachable=True, power__on=True)
    school.says(lab.at("10:00", 7), "p1-tv", device__reachable=False)
    return town, school


def test_the_day_on_which_it_fell_silent_counts_where_somebody_switches_its_box_on_for_it_again(
    lab: SimpleNamespace,
) -> None:
    town, school = _fell_at_ten(lab, ("08:30", "10:10"), ("13:00", "14:00"))
    for day in (8, 9):
        _waits(lab, school, day, ("08:15", "11:40"))
    (fault,) = town.play(lab.at("16:00", 9)).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-tv", "tv_failed", "waited_for")
    assert lab.at("09:20", 9) <= fault.opened_at <= lab.at("11:40", 9)


def test_that_day_counts_once_however_its_box_waited_on_it(lab: SimpleNamespace) -> None:
    town, school = _fell_at_ten(lab, ("08:30", "12:30"), ("13:00", "15:00"))
    _waits(lab, school, 8, ("08:15", "15:00"))
    assert town.play(lab.at("16:00", 8)).faults == []
    _waits(lab, school, 9, ("08:15", "15:00"))
    assert len(town.play(lab.at("16:00", 9)).faults) == 1


def test_a_set_that_comes_in_the_first_lesson_of_the_last_day_was_not_wanted_before(lab: SimpleNamespace) -> None:
    devices = lab.receiver(), lab.tv("silent")
    town, school = _habits(lab, 5, *devices)
    for day in (7, 8, 9):
        _waits(lab, school, day, ("08:15", "11:40"))
    school.says(lab.at("09:00", 9), "p1-tv", device__reachable=True, power__on=True)
    assert town.play(lab.at("16:00", 9)).faults == []


def test_a_ticket_says_for_how_long_a_set_was_waited_for(lab: SimpleNamespace) -> None:
    devices = lab.receiver(), lab.tv("silent")
    town, school = _habits(lab, 5, *devices)
    for day in (7, 8, 9):
        _waits(lab, school, day, ("08:15", "11:40"))
    (fault,) = town.play(lab.at("16:00", 9)).faults
    assert fault.opened_at == lab.at("09:20", 9)
    assert fault.evidence["held_min"] >= 2 * 190


def test_a_source_that_finds_its_signal_again_was_not_switched_on(lab: SimpleNamespace) -> None:
    """The sun stands behind the satellite at noon, on some days; nobody has touched the box."""
    devices = lab.receiver(), lab.tv("silent")
    town, school = _habits(lab, 5, *devices)
    school.says(lab.at("08:40", 7), "p1-receiver", device__reachable=True, power__on=True, signal__lock=True)
    for day in (7, 8, 9):
        school.says(lab.at("12:00", day), "p1-receiver", signal__lock=False)
        school.says(lab.at("12:08", day), "p1-receiver", signal__lock=True)
    assert town.play(lab.at("16:00", 9)).faults == []


def test_a_plug_that_goes_with_its_set_is_a_second_witness(lab: SimpleNamespace) -> None:
    devices = lab.receiver(), lab.tv("silent"), PLUG
    town, school = _habits(lab, 5, *devices)
    _switch(lab, school, PLUG, 7)
    (fault,) = town.play(lab.at("16:00", 8)).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-tv", "tv_failed", "plugged")
    assert fault.opened_at == lab.at("09:30", 7)
    # It broke between the lesson after which it was switched off and the one for which it did not come.
    assert lab.at("12:00", 4) < fault.onset_at < lab.at("08:40", 7)


def test_a_plug_that_is_always_on_says_nothing_of_its_set(lab: SimpleNamespace) -> None:
    devices = lab.receiver(), lab.tv("silent")
    town = lab.Town()
    school = town.school(*devices, PLUG)
    school.born(lab.at("00:00"), but=["p1-receiver", "p1-tv"])
    school.says(lab.at("00:01"), "p1-plug", power__on=True)
    school.beats(lab.at("00:00"), lab.at("16:00", 12), 30)
    for day in range(5):
        for each in devices:
            _switch(lab, school, each, day)
    assert town.play(lab.at("16:00", 12)).faults == []


def _daily(lab: SimpleNamespace, days: int, standby: str = "silent", rooms: tuple[str, ...] = ("p1", "p2")) -> Any:
    """Receivers that nobody ever switches off, and sets that are on each morning of class; off, they say nothing."""
    town = lab.Town()
    school = town.school(*(each for room in rooms for each in (lab.receiver(room), lab.tv(standby, room))))
    school.born(lab.at("00:00"), but=[f"{room}-tv" for room in rooms])
    school.beats(lab.at("00:00"), lab.at("16:00", 18), 30)
    for room in rooms:
        school.says(lab.at("00:01"), f"{room}-receiver", signal__lock=True)
        for day in range(days):
            _morning(lab, school, room, day)
    return town, school


def _morning(lab: SimpleNamespace, school: Any, room: str, day: int) -> None:
    if day % 7 < 5:
        school.says(lab.at("08:40", day), f"{room}-tv", device__reachable=True, power__on=True)
        school.says(lab.at("11:40", day), f"{room}-tv", device__reachable=False)


def test_a_set_that_came_daily_and_comes_no_more_while_its_receiver_waits_has_failed(lab: SimpleNamespace) -> None:
    town, school = _daily(lab, 7)
    for day in range(7, 14):
        _morning(lab, school, "p2", day)
    (fault,) = town.play(lab.at("16:00", 13)).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-tv", "tv_failed", "missed")
    assert fault.onset_at == lab.at("11:40", 4)
    assert lab.at("08:30", 10) <= fault.opened_at <= lab.at("16:00", 10)
    assert fault.evidence["days"] == 4


def test_a_class_that_sits_in_another_room_for_some_days_leaves_its_own_box_on(lab: SimpleNamespace) -> None:
    town, school = _daily(lab, 14)
    for day in range(14, 25):
        _morning(lab, school, "p2", day)
    school.beats(lab.at("16:00", 18), lab.at("16:00", 25), 30)
    for day in range(17, 25):
        _morning(lab, school, "p1", day)
    assert town.play(lab.at("16:00", 25)).faults == []


def test_where_no_room_is_used_none_is_missed(lab: SimpleNamespace) -> None:
    town, _ = _daily(lab, 7)
    assert town.play(lab.at("16:00", 13)).faults == []


def test_the_only_room_of_a_school_is_missed_by_itself(lab: SimpleNamespace) -> None:
    town, _ = _daily(lab, 7, rooms=("p1",))
    assert town.play(lab.at("16:00", 13)).tickets == [("36030001 p1-tv", "tv_failed")]


def test_a_set_that_was_used_now_and_then_is_not_missed_so_soon(lab: SimpleNamespace) -> None:
    town, school = _daily(lab, 0)
    for day in range(14):
        _morning(lab, school, "p2", day)
    for day in (0, 3):
        _morning(lab, school, "p1", day)
    assert town.play(lab.at("16:00", 11)).faults == []


def test_a_set_that_is_left_off_because_it_had_no_picture_is_not_broken_too(lab: SimpleNamespace) -> None:
    town, school = _daily(lab, 7)
    school.says(lab.at("11:39", 4), "p1-tv", input__signal=False)
    for day in range(7, 14):
        _morning(lab, school, "p2", day)
    assert town.play(lab.at("16:00", 13)).faults == []


def test_a_set_whose_own_plug_nobody_switched_on_is_not_missed(lab: SimpleNamespace) -> None:
    """The box is on day and night; the plug was on whenever the set was, and has been off since: nobody wanted the set."""
    town = lab.Town()
    school = town.school(lab.receiver(), lab.tv("silent"), PLUG, lab.receiver("p2"), lab.tv("silent", "p2"))
    school.born(lab.at("00:00"), but=["p1-tv", "p2-tv"])
    school.beats(lab.at("00:00"), lab.at("16:00", 14), 30)
    for room in ("p1", "p2"):
        school.says(lab.at("00:01"), f"{room}-receiver", signal__lock=True)
    school.says(lab.at("00:01"), "p1-plug", power__on=False)
    for day in range(14):
        _morning(lab, school, "p2", day)
        if day < 5:
            _morning(lab, school, "p1", day)
            school.says(lab.at("08:39", day), "p1-plug", power__on=True)
            school.says(lab.at("11:40", day), "p1-plug", power__on=False)
    assert town.play(lab.at("16:00", 13)).faults == []


def test_a_set_that_fell_silent_in_the_midst_of_its_usual_morning_is_missed_a_day_sooner(lab: SimpleNamespace) -> None:
    """Its class does not sit in another room: who moves there switches the set off when its lessons are over."""
    town, school = _daily(lab, 7)
    school.says(lab.at("08:40", 7), "p1-tv", device__reachable=True, power__on=True)
    school.says(lab.at("09:30", 7), "p1-tv", device__reachable=False)
    for day in range(7, 14):
        _morning(lab, school, "p2", day)
    (fault,) = town.play(lab.at("16:00", 13)).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-tv", "tv_failed", "missed")
    assert fault.evidence["days"] == 3
    assert fault.onset_at == lab.at("09:30", 7)


def test_a_set_that_was_switched_off_for_want_of_a_picture_did_not_fall_at_its_work(lab: SimpleNamespace) -> None:
    """On Monday morning its box has no lock; who tried the set switched it off again, and comes back when told to."""
    town, school = _daily(lab, 7)
    for day in range(7, 12):
        _morning(lab, school, "p2", day)
    school.says(lab.at("20:00", 6), "p1-receiver", signal__lock=False)
    school.says(lab.at("08:40", 7), "p1-tv", device__reachable=True, power__on=True)
    school.says(lab.at("09:30", 7), "p1-tv", device__reachable=False)
    school.says(lab.at("12:30", 7), "p1-receiver", signal__lock=True)
    assert [each for each in town.play(lab.at("16:00", 10)).faults if each.cause == "tv_failed"] == []


def test_a_box_that_lost_its_lock_for_an_afternoon_was_not_switched_off(lab: SimpleNamespace) -> None:
    """It says that it is on, day and night, also while its dish is mended: still it waits for nobody in particular."""
    town, school = _daily(lab, 9)
    for day in range(9, 18):
        _morning(lab, school, "p2", day)
    school.says(lab.at("00:02"), "p1-receiver", power__on=True)
    for device in ("p1-receiver", "p2-receiver"):
        school.says(lab.at("11:50", 2), device, signal__lock=False)
        school.says(lab.at("18:00", 2), device, signal__lock=True)
    (fault,) = (each for each in town.play(lab.at("16:00", 17)).faults if each.cause == "tv_failed")
    assert (fault.where, fault.evidence["days"]) == ("36030001 p1-tv", 4)


def test_a_box_that_was_broken_for_two_days_was_not_switched_off(lab: SimpleNamespace) -> None:
    town, school = _daily(lab, 9)
    for day in range(9, 18):
        _morning(lab, school, "p2", day)
    school.says(lab.at("00:02"), "p1-receiver", power__on=True)
    school.says(lab.at("10:00", 1), "p1-receiver", device__reachable=False)
    school.says(lab.at("10:00", 3), "p1-receiver", device__reachable=True, signal__lock=True)
    faults = town.play(lab.at("16:00", 17)).faults
    assert [(each.where, each.cause) for each in faults] == [
        ("36030001 p1-receiver", "receiver_failed"),
        ("36030001 p1-tv", "tv_failed"),
    ]
    assert faults[1].evidence["days"] == 4


def test_before_the_first_lesson_is_over_a_set_may_still_come_on_the_day_after(lab: SimpleNamespace) -> None:
    """It rains twice on the fourth day, so that it counts only when it is over; next morning the set is there again."""
    town, school = _daily(lab, 7)
    for day in range(7, 12):
        _morning(lab, school, "p2", day)
    for lost, found in (("13:00", "13:40"), ("14:40", "15:15")):
        school.says(lab.at(lost, 10), "p1-receiver", signal__lock=False)
        school.says(lab.at(found, 10), "p1-receiver", signal__lock=True)
    school.says(lab.at("08:55", 11), "p1-tv", device__reachable=True, power__on=True)
    assert town.play(lab.at("16:00", 11)).faults == []


def _resting(lab: SimpleNamespace, cut_short: bool) -> Any:
    """Two rooms of another school stood unused for a week. Later a set of ours comes no more, for two weeks and a day."""
    town, school = _daily(lab, 14)
    other = town.school(*(each for room in ("p1", "p2", "p3") for each in (lab.receiver(room), lab.tv("silent", room))))
    other.born(lab.at("00:00"), but=["p1-tv", "p2-tv", "p3-tv"])
    for each in (school, other):
        each.beats(lab.at("00:00"), lab.at("16:00", 29), 30)
    for room in ("p1", "p2", "p3"):
        for day in (*range(7), *(range(7, 14) if room == "p3" else ()), *range(14, 29)):
            _morning(lab, other, room, day)
            if day % 7 < 5:
                other.says(
                    lab.at("08:40", day), f"{room}-receiver", device__reachable=True, power__on=True, signal__lock=True
                )
                other.says(lab.at("11:40", day), f"{room}-receiver", power__on=False, signal__lock=False)
    if cut_short:
        school.says(lab.at("08:40", 14), "p1-tv", device__reachable=True, power__on=True)
        school.says(lab.at("09:30", 14), "p1-tv", device__reachable=False)
    for day in range(14, 29):
        _morning(lab, school, "p2", day)
    return town


def test_where_rooms_of_the_district_stood_unused_for_a_week_a_set_must_stay_away_for_more_than_two(
    lab: SimpleNamespace,
) -> None:
    town = _resting(lab, cut_short=False)
    assert town.play(lab.at("16:00", 27)).faults == []
    (fault,) = town.play(lab.at("16:00", 28)).faults
    assert (fault.where, fault.cause, fault.evidence["days"]) == ("36030001 p1-tv", "tv_failed", 11)


def test_such_weeks_say_nothing_of_a_set_that_fell_silent_at_work(lab: SimpleNamespace) -> None:
    (fault,) = _resting(lab, cut_short=True).play(lab.at("16:00", 18)).faults
    assert (fault.where, fault.cause, fault.evidence["days"]) == ("36030001 p1-tv", "tv_failed", 3)


def test_a_set_is_not_missed_in_the_minute_in_which_its_plug_is_switched_on_again(lab: SimpleNamespace) -> None:
    """Set and plug hang on a strip: while that is off neither says anything; the plug is heard before the set."""
    town = lab.Town()
    school = town.school(lab.receiver(), lab.tv("silent"), PLUG, lab.receiver("p2"), lab.tv("silent", "p2"))
    school.born(lab.at("00:00"), but=["p1-tv", "p1-plug", "p2-tv"])
    school.beats(lab.at("00:00"), lab.at("16:00", 15), 30)
    for room in ("p1", "p2"):
        school.says(lab.at("00:01"), f"{room}-receiver", signal__lock=True)
    for day in (*range(5), 14):
        _morning(lab, school, "p1", day)
        school.says(lab.at("08:39", day), "p1-plug", device__reachable=True, power__on=True)
        school.says(lab.at("11:40", day), "p1-plug", device__reachable=False)
    for day in range(15):
        _morning(lab, school, "p2", day)
    assert town.play(lab.at("16:00", 14)).faults == []


def test_a_box_that_was_switched_off_at_the_wall_on_two_nights_is_so_on_the_third(lab: SimpleNamespace) -> None:
    """By its profile it answers in standby; here nobody leaves it in standby. On the third day its teacher goes early."""
    town = lab.Town()
    school = town.school(lab.receiver(), lab.tv("silent"), lab.receiver("p2"), lab.tv("silent", "p2"))
    school.born(lab.at("08:00"), but=["p1-tv"])
    school.beats(lab.at("08:00"), lab.at("16:00", 2), 30)
    for day, leaves in enumerate(("15:20", "15:25", "14:35")):
        for device in ("p1-receiver", "p1-tv"):
            school.says(lab.at("08:20", day), device, device__reachable=True, power__on=True)
        school.says(lab.at(leaves, day) - 30 * lab.MINUTE, "p1-tv", device__reachable=False, power__on=None)
        school.says(lab.at(leaves, day), "p1-receiver", device__reachable=False, power__on=None)
    assert town.play(lab.at("16:00", 2)).faults == []


@pytest.mark.parametrize(("leaves", "told"), [("15:23", None), ("12:40", "13:30")])
def test_a_box_that_was_silent_in_its_first_night_may_be_so_in_its_second(
    lab: SimpleNamespace, leaves: str, told: str | None
) -> None:
    """Its model answers in standby, but hangs on a strip here; its teacher comes late. In the midst of class it has failed."""
    town = lab.Town()
    school = town.school(lab.receiver(), lab.tv("silent"), lab.receiver("p2"))
    school.born(lab.at("00:00"), but=["p1-receiver", "p1-tv"])
    school.beats(lab.at("00:00"), lab.at("16:00", 1), 30)
    on = {"device__reachable": True, "power__on": True}
    school.says(lab.at("10:20"), "p1-receiver", **on, signal__lock=True)
    school.says(lab.at("10:22"), "p1-tv", **on)
    school.says(lab.at("12:00"), "p1-tv", device__reachable=False)
    school.says(lab.at(leaves), "p1-receiver", device__reachable=False)
    school.says(lab.at("10:19", 1), "p1-receiver", device__reachable=True)
    faults = town.play(lab.at("16:00", 1)).faults
    assert [each.opened_at for each in faults] == ([lab.at(told)] if told else [])


def _cut_at_noon(lab: SimpleNamespace, back: str | None) -> Any:
    """A box that is switched off at the wall each evening, and was on in all class of three days, falls silent at ten."""
    town = lab.Town()
    school = town.school(lab.receiver(), lab.receiver("p2"), lab.tv("silent", "p2"))
    school.born(lab.at("08:00"), but=["p1-receiver"])
    school.beats(lab.at("08:00"), lab.at("16:00", 4), 30)
    for day in range(4):
        school.says(lab.at("08:20", day), "p1-receiver", device__reachable=True, power__on=True, signal__lock=True)
        if day < 3:
            school.says(lab.at("15:40", day), "p1-receiver", device__reachable=False)
    school.says(lab.at("10:00", 3), "p1-receiver", device__reachable=False)
    if back:
        school.says(lab.at(back, 3), "p1-receiver", device__reachable=True)
    return town.play(lab.at("16:00", 4))


def test_a_box_that_is_switched_off_at_the_wall_by_habit_may_be_so_for_some_lessons(lab: SimpleNamespace) -> None:
    assert _cut_at_noon(lab, "11:30").faults == []


def test_it_has_failed_where_it_stays_away_for_most_of_a_day_of_class(lab: SimpleNamespace) -> None:
    (fault,) = _cut_at_noon(lab, None).faults
    assert (fault.where, fault.cause, fault.opened_at) == (
        "36030001 p1-receiver",
        "receiver_failed",
        lab.at("15:00", 3),
    )

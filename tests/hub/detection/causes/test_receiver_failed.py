"""receiver_failed: a receiver that is silent beside others that answer, or without lock beside others that have it."""

from types import SimpleNamespace

import pytest

from hub.core.findings import Finding

LOCKED = {"device/reachable": True, "power/on": True, "signal/lock": True}
UNLOCKED = {"device/reachable": True, "power/on": True, "signal/lock": False}
SILENT = {"device/reachable": False}


def _blamed(findings: list[Finding]) -> list[str]:
    return [each.place.device.device for each in findings if each.cause == "receiver_failed"]


def test_a_receiver_that_answers_no_more_while_its_room_does_has_failed(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv(), lab.receiver()])
    said = [
        (lab.at("08:00"), "p1-tv", {"device/reachable": True}),
        (lab.at("08:00"), "p1-receiver", LOCKED),
        (lab.at("10:00"), "p1-receiver", SILENT),
    ]
    assert lab.told(room.play(said, lab.at("12:00"))) == [
        ("opened", "p1-receiver: receiver_failed", "silent", lab.at("10:50"))
    ]


def test_a_box_that_has_answered_day_and_night_answers_in_standby_too(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.receiver(standby="unknown")])
    always = [
        (t, "p1-receiver", {"device/reachable": True}) for t in range(lab.at("08:00"), lab.at("08:30", 3), 600_000)
    ]
    said = [*always, (lab.at("10:00", 3), "p1-receiver", SILENT)]
    assert lab.told(room.play(said, lab.at("12:00", 3))) == [
        ("opened", "p1-receiver: receiver_failed", "silent", lab.at("10:50", 3))
    ]


def test_without_lock_beside_others_that_have_it_the_receiver_is_to_blame(lab: SimpleNamespace) -> None:
    school = lab.Classroom([lab.receiver("p1"), lab.receiver("p2")])
    said = [
        (lab.at("08:00"), "p1-receiver", LOCKED),
        (lab.at("08:00"), "p2-receiver", LOCKED),
        (lab.at("09:00"), "p2-receiver", UNLOCKED),
        (lab.at("12:00"), "p2-receiver", LOCKED),
    ]
    opened, cleared = school.play(said, lab.at("13:00"))
    assert lab.told([opened, cleared]) == [
        ("opened", "p2-receiver: receiver_failed", "no_lock", lab.at("09:50")),
        ("cleared", "p2-receiver: receiver_failed", "no_lock", lab.at("12:00")),
    ]
    assert opened.evidence[0].params["locked"] == 1
    assert opened.evidence[0].params["witness"] == "p1-receiver"


def test_where_none_on_the_dish_has_lock_no_receiver_is_to_blame(lab: SimpleNamespace) -> None:
    school = lab.Classroom([lab.receiver("p1"), lab.receiver("p2")])
    said = [(lab.at("08:00"), f"{room}-receiver", LOCKED) for room in ("p1", "p2")]
    said += [(lab.at("09:00"), f"{room}-receiver", UNLOCKED) for room in ("p1", "p2")]
    assert _blamed(school.play(said, lab.at("14:00"))) == []


def test_a_receiver_on_another_dish_is_no_witness(lab: SimpleNamespace) -> None:
    school = lab.Classroom([lab.receiver("p1", dish="d1"), lab.receiver("p2", dish="d2")])
    said = [(lab.at("08:00"), "p1-receiver", LOCKED), (lab.at("08:00"), "p2-receiver", UNLOCKED)]
    assert _blamed(school.play(said, lab.at("14:00"))) == []


def test_a_receiver_that_is_off_needs_no_lock(lab: SimpleNamespace) -> None:
    school = lab.Classroom([lab.receiver("p1"), lab.receiver("p2")])
    off = {"device/reachable": True, "power/on": False, "signal/lock": False}
    said = [(lab.at("08:00"), "p1-receiver", LOCKED), (lab.at("08:00"), "p2-receiver", off)]
    assert _blamed(school.play(said, lab.at("14:00"))) == []


def test_the_only_receiver_without_lock_proves_nothing(lab: SimpleNamespace) -> None:
    said = [(lab.at("08:00"), "p1-receiver", UNLOCKED)]
    assert _blamed(lab.Classroom([lab.receiver()]).play(said, lab.at("14:00"))) == []


def _first_met(lab: SimpleNamespace, level: float) -> object:
    """Two receivers that are first met when one of them loses lock; what the other hears is told."""
    town = lab.Town()
    school = town.school(*lab.rooms(2))
    start, end = lab.at("10:00"), lab.at("12:30")
    school.born(start)
    school.beats(start, end)
    school.hears(start, end, level=level, only=["p2-receiver"], every_min=5)
    school.hears(start, end, lab.dark(lab.at("10:20")), level=level, only=["p1-receiver"], every_min=5)
    return town.play(end)


def test_receivers_that_are_first_met_in_the_rain_lose_lock_one_after_the_other(lab: SimpleNamespace) -> None:
    assert _first_met(lab, 8.4).faults == []
    assert _first_met(lab, 10.2).faults == []


def test_beside_one_with_ample_signal_a_lesson_is_enough_also_then(lab: SimpleNamespace) -> None:
    assert _first_met(lab, 13.0).tickets == [("36030001 p1-receiver", "receiver_failed")]


def test_on_a_dish_whose_fault_is_told_no_receiver_has_failed_because_another_flickers(lab: SimpleNamespace) -> None:
    town = lab.Town()
    moved, end = lab.at("09:00", 1), lab.at("15:00", 2)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        if n:
            school.lives(lab.at("00:00"), end)
            continue
        school.born(lab.at("00:00"))
        school.beats(lab.at("00:00"), end)
        school.hears(lab.at("00:00"), end, lab.dark(moved), only=["p1-receiver"])
        school.says(lab.at("00:01"), "p2-receiver", signal__lock=True)
        school.says(moved, "p2-receiver", signal__lock=False)
        for t in range(lab.at("08:30", 2), end, 20 * lab.MINUTE):
            school.says(t, "p2-receiver", signal__lock=True)
            school.says(t + 10 * lab.MINUTE, "p2-receiver", signal__lock=False)
        for t in range(lab.at("00:05"), end, 10 * lab.MINUTE):
            school.says(t, "p1-receiver", signal__strength_dbm=-42.0)
    assert town.play(end).tickets == [("36030001 dish d1", "dish_misaligned")]


def test_one_that_was_dark_beside_another_does_not_speak_for_the_dish_on_the_day_after(lab: SimpleNamespace) -> None:
    """It loses lock for good at 14:50, the other has it until it is switched off at 15:20; next day that comes on at noon."""
    town = lab.Town()
    boxes = [lab.receiver(room, "answers", "d1") for room in ("p1", "p2")]
    school, end = town.school(*boxes), lab.at("15:00", 1)
    school.born(lab.at("00:00"))
    school.beats(lab.at("00:00"), end)
    for device, day, on, off in (
        ("p1-receiver", 0, "08:20", "15:25"),
        ("p2-receiver", 0, "08:20", "15:20"),
        ("p1-receiver", 1, "08:20", "16:00"),
        ("p2-receiver", 1, "12:30", "16:00"),
    ):
        locked = (device, day) != ("p1-receiver", 1)
        school.says(lab.at(on, day), device, power__on=True, signal__lock=locked)
        school.says(lab.at(off, day), device, power__on=False, signal__lock=None)
    school.says(lab.at("14:50"), "p1-receiver", signal__lock=False)
    (fault,) = town.play(end).faults
    assert (fault.where, fault.causes) == ("36030001 p1-receiver", ["receiver_failed"])
    assert lab.at("12:30", 1) < fault.opened_at < lab.at("13:30", 1)


def _used_together(lab: SimpleNamespace, days: int, until: int) -> tuple[object, object]:
    """A box and a set that tells no picture, on each morning of class; off, the box says nothing. Another room beside it."""
    town = lab.Town()
    school = town.school(lab.receiver(standby="silent"), lab.tv(), lab.receiver("p2"), lab.tv(room="p2"))
    school.born(lab.at("00:00"), but=["p1-receiver"])
    school.beats(lab.at("00:00"), until, 30)
    school.says(lab.at("00:01"), "p2-receiver", signal__lock=True)
    for day in range(18):
        if day % 7 < 5:
            for device in ("p1-tv", "p2-tv"):
                school.says(lab.at("08:40", day), device, power__on=True)
                school.says(lab.at("11:40", day), device, power__on=False)
            if day < days:
                school.says(lab.at("08:40", day), "p1-receiver", device__reachable=True, signal__lock=True)
                school.says(lab.at("11:40", day), "p1-receiver", device__reachable=False)
    return town, school


def test_a_box_that_comes_no_more_while_its_room_is_used_as_ever_has_failed(lab: SimpleNamespace) -> None:
    town, _ = _used_together(lab, 7, lab.at("16:00", 13))
    (fault,) = town.play(lab.at("16:00", 13)).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-receiver", "receiver_failed", "missed")
    assert lab.at("08:30", 9) <= fault.opened_at <= lab.at("16:00", 10)


def test_a_box_that_comes_no_more_to_a_room_that_is_not_used_is_not_missed(lab: SimpleNamespace) -> None:
    town, school = _used_together(lab, 7, lab.at("16:00", 13))
    school.said = [row for row in school.said if row[1] != "p1-tv" or row[0] < lab.at("00:00", 7)]
    assert town.play(lab.at("16:00", 13)).faults == []


def _never_off(lab: SimpleNamespace, silent: int, until: int) -> list[Finding]:
    room = lab.Classroom([lab.receiver(standby="unknown"), lab.receiver("p2")])
    said = [(t, "p1-receiver", LOCKED) for t in range(lab.at("08:00"), silent, 600_000)]
    return room.play([*said, (lab.at("08:00"), "p2-receiver", LOCKED), (silent, "p1-receiver", SILENT)], until)


def test_a_box_that_nobody_switches_off_fails_at_night(lab: SimpleNamespace) -> None:
    (finding,) = _never_off(lab, lab.at("02:00", 3), lab.at("16:00", 3))
    assert finding.opened_at == lab.at("09:20", 3)


def test_when_people_leave_somebody_may_have_switched_it_off(lab: SimpleNamespace) -> None:
    assert _never_off(lab, lab.at("15:20", 3), lab.at("12:00", 4)) == []
    (finding,) = _never_off(lab, lab.at("15:20", 3), lab.at("16:00", 4))
    assert finding.opened_at == lab.at("13:20", 4)


def test_a_box_that_was_on_in_all_class_and_falls_in_its_midst_has_failed(lab: SimpleNamespace) -> None:
    """Its node is switched off at night, so that nobody knows what it does then."""
    town = lab.Town()
    school = town.school(lab.receiver(standby="unknown"), lab.receiver("p2"))
    for day in range(5):
        school.born(lab.at("07:45", day), uptime_min=1, but=["p1-receiver"] if day == 4 else [])
        school.beats(lab.at("07:46", day), lab.at("16:15", day))
        school.dies(lab.at("16:15", day))
    school.says(lab.at("10:00", 3), "p1-receiver", device__reachable=False)
    (fault,) = town.play(lab.at("16:10", 4)).faults
    assert (fault.where, fault.cause, fault.opened_at) == (
        "36030001 p1-receiver",
        "receiver_failed",
        lab.at("15:00", 3),
    )


def test_a_box_that_was_never_heard_is_there_when_a_screen_waits_for_it(lab: SimpleNamespace) -> None:
    town = lab.Town()
    school = town.school(lab.receiver(standby="silent"), lab.tv())
    school.session.append((lab.at("07:00"), "", {"node/online": True, "host/uptime_s": 600}))
    school.session.append((lab.at("07:00"), "p1-tv", {"device/reachable": True, "power/on": False}))
    school.beats(lab.at("07:01"), lab.at("16:00", 2))
    for day in range(3):
        school.says(lab.at("09:00", day), "p1-tv", power__on=True, input__signal=False)
        school.says(lab.at("11:00", day), "p1-tv", power__on=False)
    (fault,) = town.play(lab.at("16:00", 2)).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-receiver", "receiver_failed", "screen_waits")
    assert fault.opened_at == lab.at("10:00", 2)


def _steady(lab: SimpleNamespace, days: int, dark: str = "", **screen: bool) -> object:
    """A box that is on in all class, whose node is off at night. On the day after it does not come; its screen does."""
    town = lab.Town()
    school = town.school(lab.receiver(standby="unknown"), lab.tv("silent"), lab.receiver("p2"))
    for day in range(days + 1):
        school.born(lab.at("07:45", day), uptime_min=1, but=["p1-receiver"] if day == days else [])
        school.beats(lab.at("07:46", day), lab.at("16:15", day))
        if day < days:
            school.says(lab.at("07:46", day), "p1-receiver", power__on=True, signal__lock=True)
        if dark and day == days - 1:
            school.says(lab.at(dark, day), "p1-receiver", signal__lock=False)
        on = screen if day == days else {"input__signal": True} if "input__signal" in screen else {}
        for hour in ("09", "11", "13"):
            school.says(lab.at(f"{hour}:00", day), "p1-tv", power__on=True, **on)
            school.says(lab.at(f"{hour}:50", day), "p1-tv", power__on=False, **dict.fromkeys(on))
        school.dies(lab.at("16:15", day))
    return town.play(lab.at("16:00", days))


def test_two_lessons_without_a_picture_are_enough_where_nobody_ever_switched_the_box_off(lab: SimpleNamespace) -> None:
    (fault,) = _steady(lab, 1, input__signal=False).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-receiver", "receiver_failed", "screen_waits")
    assert fault.opened_at == lab.at("11:50", 1)


def test_so_are_two_lessons_for_which_a_screen_that_tells_no_picture_is_on(lab: SimpleNamespace) -> None:
    (fault,) = _steady(lab, 4).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-receiver", "receiver_failed", "missed")
    assert lab.at("11:50", 4) <= fault.opened_at <= lab.at("13:00", 4)
    assert _steady(lab, 2).faults == []


@pytest.mark.parametrize(("dark", "missed"), [("15:40", True), ("14:40", False)])
def test_a_box_that_lost_lock_in_class_is_left_off_for_that_and_after_it_nobody_saw(
    lab: SimpleNamespace, dark: str, missed: bool
) -> None:
    signs = [each.sign for each in _steady(lab, 4, dark).faults if each.cause == "receiver_failed"]
    assert signs == (["missed"] if missed else [])


def _on_air(lab: SimpleNamespace, **screen: bool) -> object:
    """A box falls silent in the midst of a lesson, hours after it was first heard."""
    town = lab.Town()
    school = town.school(lab.receiver(standby="silent"), lab.tv(), lab.receiver("p2"))
    school.born(lab.at("08:00"))
    school.beats(lab.at("08:01"), lab.at("16:00"))
    school.says(lab.at("09:00"), "p1-tv", power__on=True, input__signal=True)
    school.says(lab.at("10:20"), "p1-tv", **screen)
    school.says(lab.at("10:21"), "p1-receiver", device__reachable=False)
    school.says(lab.at("11:00"), "p1-tv", power__on=False, input__signal=None)
    school.says(lab.at("13:00"), "p1-tv", power__on=True, input__signal=False)
    school.says(lab.at("14:30"), "p1-tv", power__on=False, input__signal=None)
    return town.play(lab.at("16:00"))


def test_a_box_that_falls_before_the_eyes_of_a_class_has_failed_however_new_it_is(lab: SimpleNamespace) -> None:
    (fault,) = _on_air(lab, input__signal=False).faults
    assert (fault.where, fault.sign) == ("36030001 p1-receiver", "screen_waits")
    assert fault.onset_at == lab.at("10:21")
    assert fault.opened_at == lab.at("14:01")


def _came_daily(lab: SimpleNamespace, late_min: int, source: str = "HDMI1") -> object:
    """Box and set on one wall strip, six mornings; once the box comes late. Then a set that is on for two lessons, without it."""
    town = lab.Town()
    school = town.school(lab.receiver(standby="silent"), lab.tv("silent"), lab.receiver("p2"))
    school.born(lab.at("00:00"), but=["p1-receiver", "p1-tv"])
    school.beats(lab.at("00:00"), lab.at("16:00", 8), 30)
    screen = {"power__on": True, "device__reachable": True, "input__source": "HDMI1"}
    for day in (0, 1, 2, 3, 4, 7):
        on = lab.at("08:40", day)
        late = (late_min if day == 2 else 2) * lab.MINUTE
        school.says(on, "p1-tv", **screen, input__signal=False)
        school.says(on + late, "p1-receiver", device__reachable=True, signal__lock=True)
        school.says(on + late, "p1-tv", input__signal=True)
        for device in ("p1-tv", "p1-receiver"):
            school.says(lab.at("11:40", day), device, device__reachable=False)
    for start, end in (("09:00", "10:00"), ("11:00", "12:00")):
        school.says(lab.at(start, 8), "p1-tv", **screen | {"input__source": source}, input__signal=False)
        school.says(lab.at(end, 8), "p1-tv", device__reachable=False)
    return town.play(lab.at("16:00", 8))


def test_two_lessons_without_a_picture_are_enough_where_the_box_came_whenever_its_set_was_on(
    lab: SimpleNamespace,
) -> None:
    (fault,) = _came_daily(lab, 2).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-receiver", "receiver_failed", "screen_waits")
    assert fault.opened_at == lab.at("11:40", 8)


def test_they_are_not_where_the_set_has_waited_for_it_before_or_shows_another_input(lab: SimpleNamespace) -> None:
    assert _came_daily(lab, 30).faults == []
    assert _came_daily(lab, 2, "HDMI2").faults == []


def test_a_lesson_that_ends_with_both_is_no_fault(lab: SimpleNamespace) -> None:
    assert _on_air(lab, power__on=False, input__signal=None).faults == []


def test_a_box_that_was_there_whenever_its_node_was_has_failed_when_it_comes_no_more(lab: SimpleNamespace) -> None:
    """Nobody ever switched it off, its room has no screen, and its node is off at night."""
    town = lab.Town()
    school = town.school(lab.receiver(standby="unknown"), lab.receiver("p2"))
    for day in (*range(5), *range(7, 11)):
        school.born(lab.at("07:45", day), uptime_min=1, but=["p1-receiver"] if day == 10 else [])
        school.beats(lab.at("07:46", day), lab.at("16:15", day))
        if day != 10:
            for hour in range(8, 16):
                school.says(lab.at(f"{hour:02}:05", day), "p1-receiver", signal__lock=True)
            school.says(lab.at("16:14", day), "p1-receiver", signal__lock=True)
        school.dies(lab.at("16:15", day))
    (fault,) = town.play(lab.at("16:10", 10)).faults
    assert (fault.where, fault.cause, fault.sign) == ("36030001 p1-receiver", "receiver_failed", "silent")
    assert fault.opened_at >= lab.at("13:30", 10)


def test_one_that_tells_only_lock_does_not_speak_for_the_sky_where_others_tell_a_level(lab: SimpleNamespace) -> None:
    """Rain over the whole dish: one loses lock, one is low, one is locked still and tells no more."""
    town = lab.Town()
    school = town.school(lab.receiver(), lab.receiver("p2"), lab.receiver("p3"))
    school.born(lab.at("07:00"))
    school.beats(lab.at("07:01"), lab.at("16:00"))
    rain = lab.at("10:00", 1)
    for t in range(lab.at("07:05"), lab.at("13:00", 1), 5 * lab.MINUTE):
        school.says(t, "p1-receiver", signal__lock=t < rain)
        school.says(t, "p2-receiver", signal__lock=True, signal__cnr_db=13.0 if t < rain else 10.5)
        school.says(t, "p3-receiver", signal__lock=True)
    assert [each for each in town.play(lab.at("12:30", 1)).faults if each.cause == "receiver_failed"] == []


@pytest.mark.parametrize(("rain_db", "tickets"), [(5.0, []), (0.0, [("36030002 p1-receiver", "receiver_failed")])])
def test_where_receivers_tell_only_lock_rain_near_by_may_take_it_from_one_first(
    lab: SimpleNamespace, rain_db: float, tickets: list[tuple[str, str]]
) -> None:
    town = lab.Town()
    neighbour, school = town.row(2, 4.0, *lab.rooms(2))
    start, lost, end = lab.at("10:00", 1), lab.at("10:20", 1), lab.at("12:30", 1)
    neighbour.lives(lab.at("00:00"), end, lab.shower(start, 240, rain_db))
    school.born(lab.at("00:00"))
    school.beats(lab.at("00:00"), end)
    for t in range(lab.at("00:05"), end, 5 * lab.MINUTE):
        school.says(t, "p1-receiver", signal__lock=t < lost)
        school.says(t, "p2-receiver", signal__lock=True)
    assert town.play(end).tickets == tickets


def test_a_receiver_that_is_told_to_be_broken_says_nothing_of_its_dish(lab: SimpleNamespace) -> None:
    """The other one is off on the next days; the broken one is tried, and again has no lock: nothing new is seen."""
    town = lab.Town()
    fell, end = lab.at("09:00", 1), lab.at("16:00", 3)
    for n, school in enumerate(town.row(4, 4.0, *lab.rooms(2))):
        school.lives(lab.at("00:00"), end, only=["none"] if n == 1 else [])
        if n != 1:
            continue
        school.hears(lab.at("00:02"), fell, only=["p1-receiver"])
        for day, until in ((0, "16:00"), (1, "13:00")):
            school.hears(lab.at("00:03", day), lab.at(until, day), only=["p2-receiver"])
        school.says(lab.at("13:00", 1), "p2-receiver", power__on=False, signal__lock=None, signal__cnr_db=None)
        for day in (1, 2, 3):
            school.says(fell if day == 1 else lab.at("08:00", day), "p1-receiver", power__on=True, signal__lock=False)
            school.says(lab.at("15:45", day), "p1-receiver", power__on=False, signal__lock=None, signal__cnr_db=None)
        for t in range(lab.at("00:05"), end, 10 * lab.MINUTE):
            school.says(t, "p1-receiver", signal__strength_dbm=-42.0)
    outcome = town.play(end)
    assert outcome.tickets == [("36030002 p1-receiver", "receiver_failed")]
    assert outcome.lost("36030002", 2, "p2") == {}

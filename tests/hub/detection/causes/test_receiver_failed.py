"""receiver_failed: a receiver that is silent beside others that answer, or without lock beside others that have it."""

from types import SimpleNamespace

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

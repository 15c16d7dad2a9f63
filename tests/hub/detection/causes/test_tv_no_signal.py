"""tv_no_signal: the set is on, its receiver offers a picture, and the set does not get it."""

from types import SimpleNamespace

import pytest

LOCKED = {"device/reachable": True, "power/on": True, "signal/lock": True}
PICTURE = {"device/reachable": True, "power/on": True, "input/signal": True}
NO_PICTURE = {"device/reachable": True, "power/on": True, "input/signal": False}
SET_OFF = {"device/reachable": True, "power/on": False, "input/signal": False}


def test_a_set_without_a_picture_for_a_lesson_has_a_broken_cable(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv(), lab.receiver()])
    said = [
        (lab.at("08:00"), "p1-receiver", LOCKED),
        (lab.at("08:30"), "p1-tv", PICTURE),
        (lab.at("09:00"), "p1-tv", NO_PICTURE),
        (lab.at("13:00"), "p1-tv", PICTURE),
    ]
    assert lab.told(room.play(said, lab.at("14:00"))) == [
        ("opened", "p1-tv: tv_no_signal", "no_signal", lab.at("09:50")),
        ("cleared", "p1-tv: tv_no_signal", "no_signal", lab.at("13:00")),
    ]


def test_short_tries_on_several_days_add_up_when_it_never_got_a_picture(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv(), lab.receiver()])
    said = [(lab.at("08:00"), "p1-receiver", LOCKED)]
    for day in range(3):
        said += [(lab.at("09:00", day), "p1-tv", NO_PICTURE), (lab.at("09:20", day), "p1-tv", SET_OFF)]
    (finding,) = room.play(said, lab.at("10:00", 2))
    assert (finding.onset_at, finding.opened_at) == (lab.at("09:00"), lab.at("09:10", 2))


@pytest.mark.parametrize("lost", [{"signal/lock": False}, {"power/on": False}, {"device/reachable": False}])
def test_a_receiver_that_offers_no_picture_explains_it(lab: SimpleNamespace, lost: dict[str, bool]) -> None:
    room = lab.Classroom([lab.tv(), lab.receiver(standby="silent")])
    said = [(lab.at("08:00"), "p1-receiver", {**LOCKED, **lost}), (lab.at("08:30"), "p1-tv", NO_PICTURE)]
    assert not [each for each in room.play(said, lab.at("14:00")) if each.place.device.device == "p1-tv"]


def test_a_receiver_of_another_room_is_no_source(lab: SimpleNamespace) -> None:
    school = lab.Classroom([lab.tv(), lab.receiver("p2")])
    said = [(lab.at("08:00"), "p2-receiver", LOCKED), (lab.at("08:30"), "p1-tv", NO_PICTURE)]
    assert school.play(said, lab.at("14:00")) == []


def test_switching_the_set_off_mends_nothing(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv(), lab.receiver()])
    said = [
        (lab.at("08:00"), "p1-receiver", LOCKED),
        (lab.at("08:30"), "p1-tv", NO_PICTURE),
        (lab.at("12:00"), "p1-tv", SET_OFF),
    ]
    assert lab.told(room.play(said, lab.at("15:00"))) == [
        ("opened", "p1-tv: tv_no_signal", "no_signal", lab.at("09:20"))
    ]


def test_a_cable_that_went_while_the_set_was_off_went_between_the_last_picture_and_the_first_look(
    lab: SimpleNamespace,
) -> None:
    room = lab.Classroom([lab.tv(), lab.receiver()])
    said = [
        (lab.at("08:00"), "p1-receiver", LOCKED),
        (lab.at("08:30"), "p1-tv", PICTURE),
        (lab.at("15:00"), "p1-tv", SET_OFF),
        (lab.at("09:00", 1), "p1-tv", NO_PICTURE),
    ]
    (finding,) = room.play(said, lab.at("12:00", 1))
    assert (finding.onset_at, finding.opened_at) == (lab.at("00:00", 1), lab.at("09:50", 1))


def test_a_receiver_that_did_not_come_back_with_its_node_offers_none_even_if_the_death_was_never_told(
    lab: SimpleNamespace,
) -> None:
    town = lab.Town()
    school = town.school(lab.tv("silent"), lab.receiver(standby="silent"))
    school.born(lab.at("07:50"))
    school.says(lab.at("07:51"), "p1-receiver", power__on=True, signal__lock=True)
    school.says(lab.at("09:00"), "p1-tv", power__on=True, input__signal=True)
    # Overnight the school was without power; of that only the next birth tells.
    school.session.append((lab.at("07:50", 1), "", {"node/online": True, "host/uptime_s": 60}))
    school.session.append((lab.at("07:50", 1), "p1-tv", {"device/reachable": True}))
    school.says(lab.at("08:00", 1), "p1-tv", power__on=True, input__signal=False)
    school.beats(lab.at("07:52"), lab.at("16:00"))
    school.beats(lab.at("07:52", 1), lab.at("11:00", 1))
    assert town.play(lab.at("11:00", 1)).tickets == [("36030001 p1-receiver", "receiver_failed")]


def test_a_picture_for_a_moment_mended_nothing(lab: SimpleNamespace) -> None:
    """The set does not tell its input: somebody showed a film, and the cable was as broken as before."""
    room = lab.Classroom([lab.tv(), lab.receiver()])
    said = [
        (lab.at("08:00"), "p1-receiver", LOCKED),
        (lab.at("08:30"), "p1-tv", PICTURE),
        (lab.at("09:30"), "p1-tv", NO_PICTURE),
        (lab.at("10:15"), "p1-tv", PICTURE),
        (lab.at("10:35"), "p1-tv", NO_PICTURE),
    ]
    (finding,) = room.play(said, lab.at("13:00"))
    assert (finding.onset_at, finding.opened_at) == (lab.at("09:30"), lab.at("11:25"))

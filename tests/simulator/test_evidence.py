"""What can be seen of a fault, with what the sets of its room tell."""

from datetime import date

import pytest

from simulator.devices import Hour
from simulator.district import Dish, Habit, Node, Room, School
from simulator.evidence import LESSON, SEVERAL, WITNESS, Need, View, need, seen
from simulator.faults import Fault
from simulator.models import HOSTS, RECEIVERS, SCREENS, OffHabit, ReceiverModel, ScreenModel
from simulator.rooms import Stretch
from simulator.sky import CLEAR

ANSWERING_BOX = next(each for each in RECEIVERS if each.off is OffHabit.ANSWERS)
SILENT_BOX = next(each for each in RECEIVERS if each.off is OffHabit.SILENT)
ANSWERING_SCREEN = next(each for each in SCREENS if each.off is OffHabit.ANSWERS)
SILENT_SCREEN = next(each for each in SCREENS if each.off is OffHabit.SILENT and each.tells_signal)
NODE = Node("36030001", HOSTS[0], False, 30)


def _room(box: ReceiverModel, screen: ScreenModel, receiver: str = "class", *, plug: bool = False) -> Room:
    habit = Habit(lessons=((),) * 7, receiver=receiver, careful=1.0, persistence=0.9)
    return Room("p1", "d1", NODE.name, box, 0.0, screen, plug, habit, date(2024, 1, 1))


def _school(room: Room) -> School:
    dish = Dish("d1", 0.75, 14.0, 0.3, 95.0)
    return School("36030001", "1", 15.9, 101.9, 0.0, 0.0, 0, 60, 0, (dish,), (room,), (NODE,))


def _fault(cause: str, variant: str = "dead") -> Fault:
    return Fault(0, cause, "36030001", 0.0, room="p1", dish="d1", device="p1-x", variant=variant)


def _shows(room: Room, fault: Fault, *, heard: bool = True, **state: object) -> bool:
    told: dict[str, object] = {"box": "on", "screen": "standby", "wanted": False, "source": "HDMI1", "picture": True}
    told |= state
    stretch = Stretch(0.0, 3600.0, mains=True, error=False, no_lock=False, fault=fault, **told)  # type: ignore[arg-type]
    hour = Hour(0, _school(room), CLEAR, {}, {"p1": [stretch]}, [])
    return seen(fault, View(hour, 5, frozenset({NODE.name} if heard else ()), {"p1": stretch}))


@pytest.mark.parametrize(
    ("room", "cause", "expected"),
    [
        (_room(ANSWERING_BOX, SILENT_SCREEN), "receiver_failed", LESSON),
        (_room(SILENT_BOX, SILENT_SCREEN, "always"), "receiver_failed", LESSON),
        (_room(SILENT_BOX, SILENT_SCREEN), "receiver_failed", WITNESS),
        (_room(SILENT_BOX, ANSWERING_SCREEN), "tv_failed", LESSON),
        (_room(SILENT_BOX, SILENT_SCREEN), "tv_failed", SEVERAL),
        (_room(SILENT_BOX, SILENT_SCREEN, plug=True), "tv_failed", LESSON),
    ],
)
def test_silence_needs_a_witness_where_it_has_several_meanings(room: Room, cause: str, expected: Need) -> None:
    assert need(_fault(cause), _school(room)) == expected


def test_a_box_that_always_answers_is_missed_at_once() -> None:
    assert _shows(_room(ANSWERING_BOX, SILENT_SCREEN), _fault("receiver_failed"), box="dead")


def test_a_box_on_a_strip_with_nothing_else_awake_is_not() -> None:
    assert not _shows(_room(ANSWERING_BOX, SILENT_SCREEN, "wall"), _fault("receiver_failed"), box="dead")


def test_a_screen_that_waits_for_its_picture_tells_of_a_silent_box() -> None:
    room, fault = _room(SILENT_BOX, ANSWERING_SCREEN), _fault("receiver_failed")
    assert _shows(room, fault, box="dead", screen="on", picture=False)
    assert not _shows(room, fault, box="dead", screen="on", source="HDMI2")
    assert not _shows(room, fault, box="dead", screen="standby")


def test_a_plug_tells_of_a_silent_screen_when_somebody_has_switched_it_on() -> None:
    room, fault = _room(SILENT_BOX, SILENT_SCREEN, plug=True), _fault("tv_failed")
    assert _shows(room, fault, screen="dead", wanted=True)
    assert not _shows(room, fault, screen="dead", wanted=False)


def test_a_missing_picture_counts_on_the_boxs_input_only() -> None:
    room, fault = _room(ANSWERING_BOX, ANSWERING_SCREEN), _fault("tv_no_signal", "")
    assert _shows(room, fault, screen="on", picture=False)
    assert not _shows(room, fault, screen="on", picture=False, source="HDMI2")
    assert not _shows(room, fault, screen="on", picture=False, box="standby")


def test_nothing_is_seen_where_no_agent_listens() -> None:
    assert not _shows(_room(ANSWERING_BOX, ANSWERING_SCREEN), _fault("lnb_failed", ""), heard=False)
    assert _shows(_room(ANSWERING_BOX, ANSWERING_SCREEN), _fault("lnb_failed", ""))

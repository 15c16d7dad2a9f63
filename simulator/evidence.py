"""Whether a fault could be seen at all: for as long as the contract asks, with what the sets of that room tell.

A minute counts when the agent was there to notice (or its journal brought it later), and the fault showed in it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from simulator.devices import Hour
from simulator.district import Room, School
from simulator.faults import Fault
from simulator.habits import BOX
from simulator.models import OffHabit
from simulator.rooms import Stretch


@dataclass(frozen=True, slots=True)
class View:
    """One minute of class at one school. heard: names of the agents whose reports of it reach the hub."""

    hour: Hour
    minute: int
    heard: frozenset[str]
    rooms: dict[str, Stretch]

    @property
    def school(self) -> School:
        return self.hour.school

    def room(self, key: str | None) -> tuple[Room, Stretch]:
        return next(room for room in self.school.rooms if room.key == key), self.rooms[key or ""]

    def running(self, dish: str | None) -> list[Room]:
        """Rooms on the dish whose receiver is on and heard."""
        rooms = [room for room in self.school.rooms if room.dish == dish and room.node in self.heard]
        return [room for room in rooms if self.rooms[room.key].box == "on"]


@dataclass(slots=True)
class Evidence:
    minutes: float = 0.0
    days: set[date] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Need:
    """A lesson, or several class hours on several days (causes.md)."""

    minutes: float
    days: int


LESSON = Need(50, 1)
WITNESS = Need(100, 2)
SEVERAL = Need(240, 3)
TREND = Need(240, 5)
STEP = Need(120, 2)


def seen(fault: Fault, view: View) -> bool:
    """Whether the fault shows in this minute."""
    judge = _JUDGES.get(fault.cause)
    return judge is not None and judge(fault, view)


def need(fault: Fault, school: School) -> Need:
    """How much of it is needed."""
    if fault.cause in _NEEDS:
        return _NEEDS[fault.cause]
    room = next((each for each in school.rooms if each.key == fault.room), None)
    if room is None or fault.variant != "dead":
        return LESSON
    if fault.cause == "receiver_failed":
        return LESSON if _always_answers(room) else WITNESS
    return LESSON if room.plug or room.screen.off is OffHabit.ANSWERS else SEVERAL


_NEEDS = {"dish_misaligned": STEP, "signal_degrading": TREND}


def _always_answers(room: Room) -> bool:
    return room.habit.receiver == "always" or room.receiver.off is OffHabit.ANSWERS


def _lnb(fault: Fault, view: View) -> bool:
    return bool(view.running(fault.dish))


def _dish(fault: Fault, view: View) -> bool:
    rain = view.hour.sky.rain_db
    dry = rain is None or rain[view.minute] < 0.1
    tells = [room for room in view.running(fault.dish) if room.receiver.cnr_step or room.receiver.quality]
    return dry and bool(tells)


def _receiver(fault: Fault, view: View) -> bool:
    room, stretch = view.room(fault.room)
    if room.node not in view.heard:
        return False
    if fault.variant == "no_lock":
        return stretch.box == "on" and len(view.running(fault.dish)) > 1
    if stretch.box != "dead":
        return False
    if _always_answers(room):
        # A strip that is off silences everything on it: something else on it has to answer.
        awake = room.plug or room.screen.off is OffHabit.ANSWERS or stretch.screen == "on"
        return awake or room.habit.receiver != "wall"
    return stretch.screen == "on" and stretch.source == BOX and room.screen.tells_signal


def _screen(fault: Fault, view: View) -> bool:
    room, stretch = view.room(fault.room)
    if room.node not in view.heard:
        return False
    if fault.variant == "error":
        return stretch.screen == "on" or (stretch.screen == "standby" and room.screen.off is OffHabit.ANSWERS)
    if stretch.screen != "dead":
        return False
    if room.plug and room.screen.off is OffHabit.SILENT:
        return stretch.wanted
    answers = stretch.box == "on" or (stretch.box == "standby" and room.receiver.off is OffHabit.ANSWERS)
    return answers if room.screen.off is OffHabit.ANSWERS else stretch.box == "on"


def _cable(fault: Fault, view: View) -> bool:
    room, stretch = view.room(fault.room)
    shows = stretch.screen == "on" and stretch.source == BOX and not stretch.picture
    return shows and stretch.box == "on" and room.node in view.heard


def _lamp(fault: Fault, view: View) -> bool:
    room, stretch = view.room(fault.room)
    return stretch.screen == "on" and room.node in view.heard


def _host(fault: Fault, view: View) -> bool:
    return fault.node in view.heard


_JUDGES: dict[str, Callable[[Fault, View], bool]] = {
    "lnb_failed": _lnb,
    "dish_misaligned": _dish,
    "signal_degrading": _dish,
    "receiver_failed": _receiver,
    "tv_failed": _screen,
    "tv_no_signal": _cable,
    "lamp_worn": _lamp,
    "host_overheating": _host,
    "host_disk_full": _host,
    "host_disk_worn": _host,
    "host_undervoltage": _host,
    "host_clock_wrong": _host,
}

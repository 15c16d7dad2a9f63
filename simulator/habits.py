"""What people do in a room, day by day: which sets are on, which input is chosen, what they try when something is broken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from simulator.clock import DAY, HOUR, MINUTE, midnight
from simulator.district import Room
from simulator.intervals import Interval, subtract, union
from simulator.schooldays import Calendar

PERIODS = tuple(8.5 + start / 60 for start in (0, 50, 100, 150, 250, 300, 350))
"""When the periods begin, in hours; each is 50 minutes, and lunch stands between the fourth and the fifth."""
LENGTH = 50 * MINUTE
BOX, LAPTOP, TUNER = "HDMI1", "HDMI2", "TV"


@dataclass
class DayPlan:
    """One room's day.

    mains       the room's strip has mains
    box         the receiver is switched on
    screen      the screen is switched on
    other       the screen shows another input: (from, to, which, whether a picture comes in there)
    restarts    the receiver reboots
    """

    mains: list[Interval] = field(default_factory=list)
    box: list[Interval] = field(default_factory=list)
    screen: list[Interval] = field(default_factory=list)
    other: list[tuple[float, float, str, bool]] = field(default_factory=list)
    restarts: list[Interval] = field(default_factory=list)


Broken = Callable[[float], float | None]
"""For how long the room's chain has been broken, in seconds; None while it works."""


def day_plan(dice: Random, room: Room, day: date, calendar: Calendar, broken: Broken) -> DayPlan:
    habit, start = room.habit, midnight(day)
    lessons = habit.lessons[day.weekday()] if calendar.is_school_day(day) and not _idle(room, day) else ()
    if dice.random() < 0.03:
        lessons = ()
    blocks = [_jittered(dice, block) for block in _blocks(start, lessons)]
    plan = DayPlan()
    boxes = [_lesson(dice, room, block, broken, plan) for block in blocks]
    _mains_and_box(dice, habit.receiver, start, used=bool(blocks), boxes=[each for each in boxes if each], plan=plan)
    if blocks and habit.receiver != "wall" and dice.random() > habit.careful and plan.screen:
        plan.screen.append((plan.screen[-1][0], start + dice.choice((19, 21.5, 24 + 7.2)) * HOUR))
    plan.screen = union(plan.screen)
    return plan


def _idle(room: Room, day: date) -> bool:
    return any(first <= day <= last for first, last in room.habit.idle)


def _blocks(start: int, lessons: tuple[int, ...]) -> list[Interval]:
    """Periods that follow one another are one stretch."""
    return union((start + PERIODS[n] * HOUR, start + PERIODS[n] * HOUR + LENGTH) for n in lessons)


def _jittered(dice: Random, block: Interval) -> Interval:
    return block[0] + dice.gauss(0, 2.5) * MINUTE, block[1] + dice.gauss(-3, 4) * MINUTE


def _lesson(dice: Random, room: Room, block: Interval, broken: Broken, plan: DayPlan) -> Interval | None:
    """One stretch of lessons: what is switched on, and what goes otherwise than planned. Returns when the box is needed."""
    since = broken(block[0] + 5 * MINUTE)
    if since is not None:
        return _attempt(dice, room, block, since, plan)
    plan.screen.append(block)
    if dice.random() < 0.05:
        plan.other.append((block[0], block[0] + dice.uniform(4, 12) * MINUTE, TUNER, False))
    elif dice.random() < 0.14:
        length = min(dice.uniform(10, 40) * MINUTE, block[1] - block[0])
        begin = dice.uniform(block[0], block[1] - length)
        plan.other.append((begin, begin + length, LAPTOP, dice.random() < 0.85))
    if dice.random() < 0.02:
        begin = dice.uniform(block[0], block[1] - 30 * MINUTE)
        plan.restarts.append((begin, begin + dice.uniform(90, 200)))
    return block


def _attempt(dice: Random, room: Room, block: Interval, since: float, plan: DayPlan) -> Interval | None:
    """They try a broken set for a while, then use a laptop or give up; after some days fewer try at all."""
    if dice.random() > room.habit.persistence ** (since / DAY):
        return None
    end = min(block[1], block[0] + dice.uniform(10, 35) * MINUTE)
    if dice.random() < 0.4:
        plan.screen.append(block)
        plan.other.append((end, block[1], LAPTOP, True))
    else:
        plan.screen.append((block[0], end))
    return block[0], max(end, block[0] + (block[1] - block[0]) * dice.choice((0.5, 1.0)))


def _mains_and_box(
    dice: Random, receiver: str, start: int, *, used: bool, boxes: list[Interval], plan: DayPlan
) -> None:
    whole = (float(start), float(start + DAY))
    school = (start + dice.gauss(7.8, 0.2) * HOUR, start + dice.gauss(15.7, 0.3) * HOUR)
    plan.mains = [whole]
    if receiver == "always":
        plan.box = [whole]
    elif receiver == "class":
        plan.box = [school] if used or boxes else []
    elif receiver == "lesson":
        plan.box = union((a - 2 * MINUTE, b + dice.uniform(0, 4) * MINUTE) for a, b in boxes)
    else:
        needed = [(a - 3 * MINUTE, b + 2 * MINUTE) for a, b in boxes]
        plan.mains = union([school, *needed]) if boxes else []
        plan.box = list(plan.mains)
    if boxes and dice.random() < 0.02:
        begin = dice.uniform(boxes[0][0], boxes[0][1])
        plan.box = subtract(plan.box, [(begin, begin + dice.uniform(8, 40) * MINUTE)])

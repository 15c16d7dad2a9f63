"""Builds a district from its seed: where the schools lie and what stands in them. What happens there is decided elsewhere."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Protocol, TypeVar

from simulator.clock import days
from simulator.district import Dish, District, Habit, Node, Room, School
from simulator.models import HOSTS, RECEIVERS, SCREENS, OffHabit, ScreenModel
from simulator.randomness import stream

LAT, LON = 15.9, 101.9
"""The middle of the invented district."""
KM_PER_DEGREE = 111.2
ORBIT = 78.5
PERIODS = 7


class _Shared(Protocol):
    @property
    def share(self) -> float: ...


T = TypeVar("T", bound=_Shared)


def build(seed: int, schools: int, first: date, count: int) -> District:
    valleys = _valleys(stream(seed, "valleys"), max(2, round(schools / 14)))
    built = [_school(stream(seed, "school", number), number, valleys, first, count) for number in range(schools)]
    return District(ORBIT, tuple(built))


def pick(dice: Random, models: Sequence[T]) -> T:
    return dice.choices(models, [model.share for model in models])[0]


def _valleys(dice: Random, count: int) -> list[tuple[float, float]]:
    """Middles of valleys, at least 9 km apart where there is room."""
    found: list[tuple[float, float]] = []
    for _ in range(count * 40):
        at = (dice.uniform(-38, 38), dice.uniform(-32, 32))
        if len(found) < count and all(math.dist(at, other) > 9 for other in found):
            found.append(at)
    return found


def _school(dice: Random, number: int, valleys: list[tuple[float, float]], first: date, count: int) -> School:
    valley = dice.randrange(len(valleys))
    x, y = (middle + dice.gauss(0, 2.4) for middle in valleys[valley])
    pupils = int(min(400, 30 + dice.expovariate(1 / 70)))
    code = f"{36030001 + number}"
    nodes = _nodes(dice, code, pupils)
    dishes = _dishes(dice, pupils)
    rooms = _rooms(dice, pupils, dishes, nodes, first=first, count=count)
    ups = dice.choice((0, 0, 0, 0, 0, 0, 12, 25)) if not nodes[0].at_wall else 0
    lat, lon = LAT + y / KM_PER_DEGREE, LON + x / KM_PER_DEGREE / math.cos(math.radians(LAT))
    return School(code, str(number + 1), round(lat, 5), round(lon, 5), x, y, valley, pupils, ups, dishes, rooms, nodes)


def _nodes(dice: Random, code: str, pupils: int) -> tuple[Node, ...]:
    count = 1 if pupils < 140 else 2 if pupils < 260 else 3
    names = [code, *(f"{code}-{number}" for number in range(2, count + 1))]
    return tuple(Node(name, pick(dice, HOSTS), dice.random() < 0.25, dice.choice((15, 30, 30, 60))) for name in names)


def _dishes(dice: Random, pupils: int) -> tuple[Dish, ...]:
    count = 2 if pupils > 110 and dice.random() < 0.5 else 1
    return tuple(_dish(dice, f"d{number}") for number in range(1, count + 1))


def _dish(dice: Random, key: str) -> Dish:
    size = dice.choice((0.6, 0.75, 0.75, 0.75, 0.9))
    clear = min(16.8, max(11.8, 14.2 + 20 * math.log10(size / 0.75) + dice.gauss(0, 0.9)))
    return Dish(key, size, clear, dice.uniform(0.1, 0.5), dice.uniform(85, 115))


def _rooms(
    dice: Random, pupils: int, dishes: tuple[Dish, ...], nodes: tuple[Node, ...], *, first: date, count: int
) -> tuple[Room, ...]:
    number = max(1, min(8, round(pupils / 38 + dice.uniform(-0.5, 1.2))))
    habits = [_room_habit(dice, first, count) for _ in range(number)]
    return tuple(
        _room(
            dice,
            f"p{place + 1}",
            dishes[place % len(dishes)].key,
            nodes[place % len(nodes)].name,
            habit=habit,
            first=first,
        )
        for place, habit in enumerate(habits)
    )


def _room(dice: Random, key: str, dish: str, node: str, *, habit: Habit, first: date) -> Room:
    screen = pick(dice, SCREENS)
    installed = first - timedelta(days=dice.randrange(200, 2600))
    plug = dice.random() < (0.35 if screen.off is OffHabit.SILENT else 0.08)
    habit = _decidable(habit, screen, plug)
    return Room(key, dish, node, pick(dice, RECEIVERS), dice.gauss(0, 0.35), screen, plug, habit, installed)


def _decidable(habit: Habit, screen: ScreenModel, plug: bool) -> Habit:
    """Nobody could tell an idle silent screen behind an always-on box from a dead one: such a room is used, or has a plug."""
    if habit.receiver == "always" and screen.off is OffHabit.SILENT and not plug:
        return Habit(habit.lessons, "class", habit.careful, habit.persistence, habit.idle)
    return habit


def _room_habit(dice: Random, first: date, count: int) -> Habit:
    daily = dice.choices((5.5, 3.0, 1.0, 0.0), (0.4, 0.38, 0.16, 0.06))[0]
    lessons = tuple(_periods(dice, daily) for _ in range(7))
    receiver = dice.choices(("always", "class", "lesson", "wall"), (0.38, 0.27, 0.17, 0.18))[0]
    return Habit(lessons, receiver, dice.uniform(0.94, 1.0), dice.uniform(0.75, 0.97), _idle(dice, first, count))


def _periods(dice: Random, mean: float) -> tuple[int, ...]:
    return tuple(number for number in range(PERIODS) if dice.random() < mean / PERIODS)


def _idle(dice: Random, first: date, count: int) -> tuple[tuple[date, date], ...]:
    """Now and then a room stands empty for one to three weeks: a teacher on leave, works in the building."""
    if dice.random() > 0.08 or count < 10:
        return ()
    start = dice.choice(days(first, count)[3:])
    return ((start, start + timedelta(days=dice.randrange(6, 22))),)

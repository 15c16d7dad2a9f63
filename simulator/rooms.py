"""A room over time: in each stretch of an hour, what every set in it is, with habits, mains and faults taken together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from simulator.clock import day_of
from simulator.district import Room, School
from simulator.faults import Fault
from simulator.habits import BOX, DayPlan, day_plan
from simulator.intervals import Interval, inside
from simulator.randomness import stream
from simulator.schooldays import Calendar

CHAIN = ("lnb_failed", "receiver_failed", "tv_failed", "tv_no_signal")
RECOVERY = 600
"""After a cut a screen waits in standby until somebody switches it on again."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """[start, end) in which nothing is switched.

    box, screen   "on", "standby", "none" (no mains), "dead" (answers nothing), "booting"
    wanted        somebody has switched the screen on, whether it works or not
    source        the chosen input; picture: whether a picture comes in on it
    fault         the fault of this room's own sets, if any
    """

    start: float
    end: float
    mains: bool
    box: str
    screen: str
    wanted: bool
    source: str
    picture: bool
    error: bool
    no_lock: bool
    fault: Fault | None


class RoomLife:
    """Plans the days of one room as they come, and cuts them into stretches."""

    def __init__(self, seed: int, school: School, room: Room, faults: list[Fault], calendar: Calendar) -> None:
        self.room = room
        self._seed, self._school, self._calendar = seed, school.code, calendar
        self._own = [fault for fault in faults if fault.room == room.key and fault.cause in CHAIN]
        dish = [fault for fault in faults if fault.cause == "lnb_failed" and fault.dish == room.dish]
        self._chain = [*self._own, *dish]
        self._plans: dict[date, DayPlan] = {}

    def plan(self, day: date) -> DayPlan:
        if day not in self._plans:
            for old in [each for each in self._plans if each < day - timedelta(days=2)]:
                del self._plans[old]
            dice = stream(self._seed, "habits", self._school, self.room.key, day)
            self._plans[day] = day_plan(dice, self.room, day, self._calendar, self._broken)
        return self._plans[day]

    def stretches(self, start: float, end: float, dark: list[Interval]) -> list[Stretch]:
        today = day_of(start)
        plans = [self.plan(today - timedelta(days=1)), self.plan(today)]
        edges = {start, end}
        for each in self._edges(plans, dark):
            if start < each < end:
                edges.add(each)
        moments = sorted(edges)
        return [self._stretch(a, b, plans, dark) for a, b in pairwise(moments)]

    def _broken(self, t: float) -> float | None:
        return next((t - fault.onset for fault in self._chain if fault.lasts(t)), None)

    def _edges(self, plans: list[DayPlan], dark: list[Interval]) -> Iterator[float]:
        for plan in plans:
            for stretches in (plan.mains, plan.box, plan.screen, plan.restarts):
                for stretch in stretches:
                    yield from stretch
            for begin, finish, *_ in plan.other:
                yield from (begin, finish)
        for begin, finish in dark:
            yield from (begin, finish, finish + RECOVERY)
        for fault in self._own:
            yield from (fault.onset, fault.end)

    def _stretch(self, start: float, end: float, plans: list[DayPlan], dark: list[Interval]) -> Stretch:
        t = (start + end) / 2
        fault = next((each for each in self._own if each.lasts(t)), None)
        power = not inside(dark, t)
        mains = power and any(inside(plan.mains, t) for plan in plans)
        cause, variant = (fault.cause, fault.variant) if fault else ("", "")
        box = self._box(t, plans, mains)
        if cause == "receiver_failed" and variant == "dead":
            box = "dead" if mains else "none"
        screen = self._screen(t, plans, mains, dark)
        wanted = screen == "on"
        if cause == "tv_failed" and variant == "dead":
            screen = "dead" if mains else "none"
        source, picture = self._input(t, plans, box == "on" and cause != "tv_no_signal")
        error = cause == "tv_failed" and variant == "error"
        no_lock = cause == "receiver_failed" and variant == "no_lock"
        return Stretch(start, end, power, box, screen, wanted, source, picture, error, no_lock, fault)

    @staticmethod
    def _box(t: float, plans: list[DayPlan], mains: bool) -> str:
        if not mains:
            return "none"
        if any(inside(plan.restarts, t) for plan in plans):
            return "booting"
        return "on" if any(inside(plan.box, t) for plan in plans) else "standby"

    @staticmethod
    def _screen(t: float, plans: list[DayPlan], mains: bool, dark: list[Interval]) -> str:
        if not mains:
            return "none"
        if any(end <= t < end + RECOVERY for _, end in dark):
            return "standby"
        return "on" if any(inside(plan.screen, t) for plan in plans) else "standby"

    @staticmethod
    def _input(t: float, plans: list[DayPlan], box_shows: bool) -> tuple[str, bool]:
        for plan in plans:
            for begin, end, which, picture in plan.other:
                if begin <= t < end:
                    return which, picture
        return BOX, box_shows

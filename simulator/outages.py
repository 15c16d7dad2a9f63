"""Mains, links and the satellite: when they are gone. Single cuts, cuts of a valley, bad power that keeps coming back."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from simulator.clock import DAY, HOUR, MINUTE, day_of
from simulator.district import District, School
from simulator.faults import Fault
from simulator.intervals import EVER, Interval, union
from simulator.randomness import poisson, stream
from simulator.scenarios import Scenario
from simulator.schooldays import Calendar

LONG = 4 * HOUR
"""Class time after which a silence is somebody's work; nothing here comes near it that is not meant to pass it."""
SERIES = 14 * DAY


@dataclass
class Outages:
    """cuts, drops: per school; areas: (cause's medium, schools, interval) of whole valleys; silences: of the satellite."""

    cuts: dict[str, list[Interval]] = field(default_factory=dict)
    drops: dict[str, list[Interval]] = field(default_factory=dict)
    areas: list[tuple[str, list[str], Interval]] = field(default_factory=list)
    silences: list[Interval] = field(default_factory=list)

    def dark(self, school: School) -> list[Interval]:
        """When the school has no mains."""
        return union([*self.cuts.get(school.code, ()), *self._area("mains", school)])

    def cut_off(self, school: School) -> list[Interval]:
        """When it has no link."""
        return union([*self.drops.get(school.code, ()), *self._area("link", school)])

    def _area(self, medium: str, school: School) -> list[Interval]:
        return [when for kind, members, when in self.areas if kind == medium and school.code in members]


def plan_outages(
    seed: int, scenario: Scenario, district: District, *, span: Interval, calendar: Calendar, faults: Iterable[Fault]
) -> Outages:
    outages = Outages()
    weeks = (span[1] - span[0]) / (7 * DAY)
    for valley in sorted({school.valley for school in district.schools}):
        members = [school for school in district.schools if school.valley == valley]
        _valley(stream(seed, "valley", valley), scenario, members, span=span, calendar=calendar, outages=outages)
    meant = {(fault.cause, fault.school): fault for fault in faults if fault.cause.startswith("school_")}
    for school in district.schools:
        dice = stream(seed, "outages", school.code)
        area_cuts = [when for _, members, when in outages.areas if school.code in members]
        series = meant.get(("school_power_outage", school.code))
        outages.cuts[school.code] = _cuts(dice, scenario.cuts * weeks, span, calendar, series=series, others=area_cuts)
        outages.drops[school.code] = _drops(dice, scenario.drops * weeks, span, calendar)
        if (fault := meant.get(("school_link_outage", school.code))) is not None:
            outages.drops[school.code] = union([*outages.drops[school.code], (fault.onset, fault.end)])
    dice = stream(seed, "satellite")
    for _ in range(int(scenario.silences * weeks / 4 + dice.random())):
        outages.silences.append(_some_time(dice, span, calendar, dice.uniform(6, 150) * MINUTE))
    outages.silences = union(outages.silences)
    return outages


def _valley(
    dice: Random, scenario: Scenario, members: list[School], *, span: Interval, calendar: Calendar, outages: Outages
) -> None:
    weeks = (span[1] - span[0]) / (7 * DAY)
    last = -EVER
    for medium, rate in (("mains", scenario.valley_cuts), ("link", scenario.valley_drops)):
        for _ in range(poisson(dice, rate * weeks)):
            when = _some_time(dice, span, calendar, dice.uniform(12, 170) * MINUTE)
            hit = [school.code for school in members if dice.random() < 0.9]
            if len(hit) >= 4 and abs(when[0] - last) > 8 * DAY:
                outages.areas.append((medium, hit, when))
                last = when[0]


def _cuts(
    dice: Random, mean: float, span: Interval, calendar: Calendar, *, series: Fault | None, others: list[Interval]
) -> list[Interval]:
    """Single cuts, too rare to be bad power; where the power is bad, so many that nobody can miss it."""
    if series is not None:
        end = min(series.end, span[1], series.onset + 12 * DAY)
        moments = sorted({series.onset, *(dice.uniform(series.onset, end) for _ in range(int(series.size)))})
        return union((t, t + dice.uniform(4, 55) * MINUTE) for t in moments)
    found: list[Interval] = []
    for _ in range(poisson(dice, mean)):
        length = min(3.2 * HOUR, dice.lognormvariate(math.log(25 * MINUTE), 0.9))
        when = _some_time(dice, span, calendar, max(90.0, length))
        if sum(abs(when[0] - other[0]) < SERIES + DAY for other in [*found, *others]) < 2:
            found.append(when)
    return union(found)


def _drops(dice: Random, mean: float, span: Interval, calendar: Calendar) -> list[Interval]:
    """Short interruptions, and now and then one of some hours over a night or a weekend."""
    found: list[Interval] = []
    for _ in range(poisson(dice, mean)):
        long = dice.random() < 0.1
        length = dice.uniform(3, 30) * HOUR if long else min(2 * HOUR, dice.lognormvariate(math.log(12 * MINUTE), 0.8))
        when = _some_time(dice, span, calendar, max(150.0, length))
        if calendar.class_seconds(*when) < LONG * 0.8:
            found.append(when)
    return union(found)


def _some_time(dice: Random, span: Interval, calendar: Calendar, length: float) -> Interval:
    start = dice.uniform(span[0] + 0.3 * DAY, max(span[0] + 0.4 * DAY, span[1] - length - HOUR))
    hours = calendar.class_time(day_of(start))
    if hours is not None and dice.random() < 0.4:
        start = dice.uniform(*hours)
    return start, start + length

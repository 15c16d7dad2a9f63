"""When an agent runs, and why it stopped: mains, the wall switch, restarts, a dead computer."""

from dataclasses import dataclass
from random import Random

from simulator.clock import DAY, HOUR, day_of, days, midnight
from simulator.district import Node, School
from simulator.faults import Fault
from simulator.intervals import EVER, Interval
from simulator.randomness import poisson, stream
from simulator.schooldays import Calendar


@dataclass(frozen=True, slots=True)
class Run:
    """From start-up to stop. clean: it said goodbye; booted: when its computer started."""

    start: float
    end: float
    booted: float
    clean: bool


@dataclass(frozen=True, slots=True)
class _Hole:
    start: float
    end: float
    clean: bool = False
    reboots: bool = True


def runs(
    seed: int,
    school: School,
    node: Node,
    *,
    span: Interval,
    dark: list[Interval],
    calendar: Calendar,
    faults: list[Fault],
) -> list[Run]:
    dice = stream(seed, "uptime", node.name)
    holes = _power(dice, school, dark)
    holes += _evenings(dice, span, calendar) if node.at_wall else []
    holes += _restarts(dice, span)
    holes += [
        _Hole(fault.onset, fault.end, reboots=False)
        for fault in faults
        if fault.cause == "school_offline" and fault.node == node.name
    ]
    return _between(dice, span, sorted(holes, key=lambda hole: (hole.start, hole.end)))


def _power(dice: Random, school: School, dark: list[Interval]) -> list[_Hole]:
    """A UPS bridges the first minutes; after a cut the computer needs a while to start."""
    hold = school.ups_minutes * 60.0
    return [_Hole(start + hold, end + dice.uniform(35, 80)) for start, end in dark if end - start > hold]


def _evenings(dice: Random, span: Interval, calendar: Calendar) -> list[_Hole]:
    """Off at the wall when the last one leaves, on when the first one comes; not at all on days without school."""
    holes, off_since = [], span[0]
    for day in days(day_of(span[0]), int((span[1] - span[0]) // DAY) + 1):
        if not calendar.is_school_day(day):
            continue
        on = midnight(day) + min(dice.gauss(7.75, 0.25), 8.4) * HOUR
        holes.append(_Hole(off_since, on))
        off_since = midnight(day) + max(15.6, dice.gauss(16.2, 0.3)) * HOUR
    holes.append(_Hole(off_since, EVER))
    return holes


def _restarts(dice: Random, span: Interval) -> list[_Hole]:
    """Updates of the agent and reboots of its computer, mostly at night."""
    holes = []
    for _ in range(poisson(dice, 0.35 * (span[1] - span[0]) / (7 * DAY))):
        night = midnight(day_of(dice.uniform(*span))) + dice.gauss(2, 1.2) * HOUR
        reboots = dice.random() < 0.5
        holes.append(_Hole(night, night + (dice.uniform(45, 110) if reboots else dice.uniform(4, 15)), True, reboots))
    return holes


def _between(dice: Random, span: Interval, holes: list[_Hole]) -> list[Run]:
    found: list[Run] = []
    at, booted = span[0], span[0] - dice.uniform(0.3, 40) * DAY
    for hole in [*holes, _Hole(span[1], EVER)]:
        if hole.start > at:
            found.append(Run(at, min(hole.start, span[1]), booted, hole.clean))
        if hole.end > at:
            at = hole.end
            booted = at - dice.uniform(15, 40) if hole.reboots else booted
    return found

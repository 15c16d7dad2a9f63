"""What was really so, as labels.json. The schema stands in README.md."""

from collections.abc import Iterable
from typing import Any

from simulator.district import School
from simulator.evidence import need
from simulator.fades import Fade
from simulator.faults import HARD, Fault
from simulator.intervals import Interval
from simulator.outages import LONG, SERIES
from simulator.truth import Truth
from simulator.world import World

Told = dict[str, Any]


def labels(world: World, truth: Truth, fades: list[Fade]) -> Told:
    return {
        "faults": sorted((_fault(world, truth, fault) for fault in world.faults), key=lambda told: told["onset_at"]),
        "incidents": sorted(_incidents(world, fades), key=lambda told: (told["from"], told["cause"])),
        "lesson_minutes_lost": [
            {"school": school, "room": room, "date": day.isoformat(), "cause": cause, "minutes": round(minutes, 1)}
            for ((school, room, day), cause), minutes in sorted(truth.lost.items())
        ],
        "usage_minutes": [
            {"school": school, "room": room, "date": day.isoformat(), "minutes": round(minutes, 1)}
            for (school, room, day), minutes in sorted(truth.used.items())
        ],
    }


def _ms(t: float) -> int:
    return int(t * 1000)


def _fault(world: World, truth: Truth, fault: Fault) -> Told:
    ended = fault.end if fault.end < world.span[1] else None
    device = fault.device
    return {
        "school": fault.school,
        "device": device,
        "dish": fault.dish if device is None else None,
        "room": fault.room,
        "node": fault.node,
        "cause": fault.cause,
        "onset_at": _ms(fault.onset),
        "ended_at": _ms(ended) if ended is not None else None,
        "hard": fault.cause in HARD,
        "observable": _observable(world, truth, fault),
        "repaired": fault.repaired and ended is not None,
        "size": round(fault.size, 2),
    }


def _observable(world: World, truth: Truth, fault: Fault) -> bool:
    end = min(fault.end, world.span[1])
    if fault.cause in ("school_offline", "school_link_outage"):
        return world.calendar.class_seconds(fault.onset, end) > LONG
    school = world.school(fault.school)
    if fault.cause == "school_power_outage":
        return _keeps_coming(world, school)
    evidence, needed = truth.evidence[fault.number], need(fault, school)
    if fault.cause == "signal_degrading" and fault.grown(end - 1) < 2.0:
        return False
    return evidence.minutes >= needed.minutes and len(evidence.days) >= needed.days


def _keeps_coming(world: World, school: School) -> bool:
    """Three cuts in 14 days that an agent noticed."""
    seen = [cut[0] for cut in world.outages.cuts[school.code] if world.noticed(school, cut)]
    return any(third - first <= SERIES for first, third in zip(seen, seen[2:], strict=False))


def _incidents(world: World, fades: list[Fade]) -> Iterable[Told]:
    for cause, schools, (start, end), observable in _happenings(world, fades):
        # A link that nobody mends is away for ever, but nothing is told of the time after the recording.
        to = _ms(min(end, world.span[1]))
        yield {"cause": cause, "schools": schools, "from": _ms(start), "to": to, "observable": observable}


def _happenings(world: World, fades: list[Fade]) -> Iterable[tuple[str, list[str], Interval, bool]]:
    """Cause, schools, time, and whether anybody could notice."""
    for fade in fades:
        yield fade.cause, sorted(fade.schools), (fade.start, fade.end), fade.seen
    everybody = [school.code for school in world.district.schools]
    for silence in world.outages.silences:
        yield "satellite_outage", everybody, silence, silence[1] - silence[0] > 300
    for _, members, when in world.outages.areas:
        noticed = sum(world.noticed(world.school(code), when) for code in members)
        yield "area_outage", members, when, noticed > 2
    for school in world.district.schools:
        for cut in world.outages.cuts[school.code]:
            yield "school_power_outage", [school.code], cut, world.noticed(school, cut)
        for drop in world.outages.drops[school.code]:
            yield "school_link_outage", [school.code], drop, world.noticed(school, drop)

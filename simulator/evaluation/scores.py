"""Figures from a matching: recall, precision, right cause, delay, duplicates, false tickets, lesson time, incidents."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.clock import day_of
from simulator.evaluation.matching import SLOW, Matching, match, same_family
from simulator.evaluation.told import Incident, Label, Labels, Result, RoomDay
from simulator.schooldays import Calendar

NEAR_MS = 15 * 60_000
SHUFFLE = ("satellite_outage", "area_outage")
"""Incidents that have to name half of their schools to be found."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Hours of class time from onset to ticket."""

    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Lessons:
    """Minutes lost. error: difference of the sums; scatter: sum of the differences by room and day; both by the true sum.

    seen_true, seen_told, seen_error: the same without what faults took in a room of which nothing that is reported tells.
    """

    true: float
    told: float
    error: float | None
    scatter: float | None
    by_cause: dict[str, tuple[float, float]]
    seen_true: float
    seen_told: float
    seen_error: float | None


@dataclass(frozen=True, slots=True)
class Score:
    tickets: int
    recall: float | None
    recall_by_cause: dict[str, tuple[int, int]]
    missed: tuple[Label, ...]
    precision: float | None
    right_cause: float | None
    confusion: dict[tuple[str, str], int]
    delay: Delay
    hard_delay: Delay
    duplicates: int
    granted: int
    false_on: dict[str, int]
    false_causes: dict[str, int]
    lessons: Lessons | None
    use: tuple[float, float] | None
    incidents: dict[str, tuple[int, int]] | None


def score(labels: Labels, result: Result, calendar: Calendar) -> Score:
    matching = match(labels, result.tickets, calendar)
    found = matching.found
    due = [each for each in matching.matches if each.fault.observable]
    seen = [each for each in due if each.tickets]
    return Score(
        tickets=len(result.tickets),
        recall=_share(len(seen), len(due)),
        recall_by_cause=_by_cause(matching),
        missed=tuple(each.fault for each in due if not each.tickets),
        precision=_share(len(found), len(found) + len(matching.false)),
        right_cause=_share(sum(each.right for each in found), len(found)),
        confusion=dict(Counter((each.fault.cause, each.first.cause) for each in found)),
        delay=_delay(matching, calendar, hard_only=False),
        hard_delay=_delay(matching, calendar, hard_only=True),
        duplicates=sum(len(each.tickets) - 1 for each in found),
        granted=len(matching.granted),
        false_on=dict(Counter(what for _, what in matching.false)),
        false_causes=dict(Counter(ticket.cause for ticket, _ in matching.false)),
        lessons=_lessons(labels.lost, result.lost, unseen_days(labels)) if result.lost is not None else None,
        use=(labels.used, result.used) if result.used is not None else None,
        incidents=_incidents(labels, result) if result.lost is not None else None,
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _by_cause(matching: Matching) -> dict[str, tuple[int, int]]:
    due = Counter(each.fault.cause for each in matching.matches if each.fault.observable)
    seen = Counter(each.fault.cause for each in matching.matches if each.fault.observable and each.tickets)
    return {cause: (seen[cause], count) for cause, count in sorted(due.items())}


def _delay(matching: Matching, calendar: Calendar, *, hard_only: bool) -> Delay:
    hours = sorted(
        calendar.class_seconds(each.fault.onset_at / 1000, each.first.opened_at / 1000) / 3600
        for each in matching.found
        if (each.fault.hard or not hard_only) and each.fault.cause not in SLOW
    )
    return Delay(len(hours), quantile(hours, 0.5), quantile(hours, 0.9))


def quantile(ordered: list[float], share: float) -> float | None:
    """Of a sorted list, between neighbours by their distance."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def unseen_days(labels: Labels) -> frozenset[RoomDay]:
    """Days of rooms on which a fault took lessons that nothing shows."""
    hidden = [each for each in labels.faults if not each.observable and each.room is not None]
    return frozenset(
        key
        for key in labels.lost
        if any(
            (each.school, each.room, each.cause) == (key[0], key[1], key[3]) and _lasts(each, key[2]) for each in hidden
        )
    )


def _lasts(fault: Label, day: str) -> bool:
    start, end = (_day_of(ms) for ms in (fault.onset_at, fault.ended_at))
    return (start or "") <= day and (end is None or day <= end)


def _day_of(ms: int | None) -> str | None:
    return None if ms is None else day_of(ms / 1000).isoformat()


def _lessons(
    true: Mapping[RoomDay, float], told: Mapping[RoomDay, float], unseen: frozenset[RoomDay] = frozenset()
) -> Lessons:
    causes = sorted({key[3] for key in (*true, *told)})
    by_cause = {cause: (_sum(true, cause), _sum(told, cause)) for cause in causes}
    days_true, days_told = _by_day(true), _by_day(told)
    off = sum(abs(days_true[key] - days_told[key]) for key in {*days_true, *days_told})
    whole, said = sum(true.values()), sum(told.values())
    seen, counted = (sum(value for key, value in each.items() if key not in unseen) for each in (true, told))
    error, apart = _share(said - whole, whole), _share(off, whole)
    return Lessons(whole, said, error, apart, by_cause, seen, counted, _share(counted - seen, seen))


def _sum(minutes: Mapping[RoomDay, float], cause: str) -> float:
    return sum(value for key, value in minutes.items() if key[3] == cause)


def _by_day(minutes: Mapping[RoomDay, float]) -> Counter[tuple[str, str, str]]:
    days: Counter[tuple[str, str, str]] = Counter()
    for (school, room, day, _), value in minutes.items():
        days[(school, room, day)] += value  # type: ignore[assignment]  # a Counter adds floats as well
    return days


def _incidents(labels: Labels, result: Result) -> dict[str, tuple[int, int]]:
    due = Counter(each.cause for each in labels.incidents if each.observable)
    found = Counter(
        true.cause
        for true in labels.incidents
        if true.observable and any(is_told(true, told) for told in result.incidents)
    )
    return {cause: (found[cause], count) for cause, count in sorted(due.items())}


def is_told(true: Incident, told: Incident) -> bool:
    """Of the same family, at the same time with a quarter of an hour's grace, and with schools in common."""
    if not same_family(true.cause, told.cause):
        return False
    if told.start > true.end + NEAR_MS or told.end < true.start - NEAR_MS:
        return False
    common = len(true.schools & told.schools)
    return common * 2 >= len(true.schools) if true.cause in SHUFFLE else common > 0

"""Availability in class time: by school, by month, and the goal of the small schools."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from hub.reports.facts import Facts, RoomMonth, SchoolFact
from hub.reports.report import Headline, SchoolLine
from hub.reports.settings import ReportSettings

_Place = tuple[str, str]


def school_lines(facts: Facts, settings: ReportSettings) -> tuple[SchoolLine, ...]:
    """Every school of the register, and those that report without being in it; by code."""
    rooms: defaultdict[_Place, list[RoomMonth]] = defaultdict(list)
    for room in facts.rooms:
        rooms[room.group, room.school].append(room)
    repairs: defaultdict[_Place, int] = defaultdict(int)
    for each in facts.repairs:
        repairs[each.request.group, each.request.school] += 1
    known = {(each.group, each.code): each for each in facts.schools}
    strangers = {place: SchoolFact(*place, "", None) for place in rooms if place not in known}
    lines = [_line(each, rooms.get(place, []), repairs[place], settings) for place, each in (known | strangers).items()]
    return tuple(sorted(lines, key=lambda each: (each.group, each.code)))


def headline_of(schools: Iterable[SchoolLine]) -> Headline:
    small = [each for each in schools if each.small]
    return Headline(len(small), sum(each.available is not None for each in small), sum(each.works for each in small))


def month_shares(
    rooms: Sequence[RoomMonth], small: set[_Place], settings: ReportSettings
) -> tuple[float | None, float | None]:
    """How much of class could be shown, and the share of the small schools whose DLTV worked."""
    by_school: defaultdict[_Place, list[RoomMonth]] = defaultdict(list)
    for room in rooms:
        by_school[room.group, room.school].append(room)
    shares = [_available(of) for place, of in by_school.items() if place in small]
    measured = [share for share in shares if share is not None]
    working = sum(share >= settings.works_from_pct / 100 for share in measured)
    return _available(rooms), working / len(measured) if measured else None


def _line(school: SchoolFact, rooms: Sequence[RoomMonth], repairs: int, settings: ReportSettings) -> SchoolLine:
    available = _available(rooms)
    lost: defaultdict[str, float] = defaultdict(float)
    for room in rooms:
        for cause, minutes in room.lost.items():
            lost[cause] += minutes
    return SchoolLine(
        group=school.group,
        code=school.code,
        name=school.name,
        pupils=school.pupils,
        rooms=len({each.room for each in rooms}),
        class_min=sum(each.class_min for each in rooms),
        used_min=sum(each.used_min for each in rooms),
        lost_min=sum(each.lost_min for each in rooms),
        available=available,
        works=available is not None and available >= settings.works_from_pct / 100,
        small=school.pupils is not None and school.pupils <= settings.small_pupils,
        cause=max(lost, key=lambda cause: (lost[cause], cause)) if lost else "",
        repairs=repairs,
    )


def _available(rooms: Sequence[RoomMonth]) -> float | None:
    whole = sum(each.class_min for each in rooms)
    return 1 - sum(each.lost_min for each in rooms) / whole if whole else None

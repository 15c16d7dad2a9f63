"""From facts to a report. Everything is counted once here; nothing is rounded."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import fmean, median, pstdev

from hub.reports.facts import AssetFact, Facts, LineFact, NeedFact, RatingFact, RepairFact, RequestFact, RoomMonth
from hub.reports.lessons import headline_of, month_shares, school_lines
from hub.reports.period import Period, Span, quarter_of, read_period
from hub.reports.report import (
    AgeLine,
    AllocationLine,
    MonthLine,
    NeedLine,
    ProjectLine,
    PurchaseLine,
    RatingLine,
    RepairLine,
    Repairs,
    Report,
    ServiceLine,
    Shares,
)
from hub.reports.settings import ReportSettings

ROUTES = ("own", "vendor", "bought", "beyond")
_AGES = (2, 5, 8)
_YEAR_DAYS = 365.25


def make_report(
    period: Period,
    groups: Sequence[str],
    facts: Facts,
    settings: ReportSettings,
    made_at: int,
    *,
    today: date = date.max,
) -> Report:
    """facts: of the period, up to the moment at which it is made. today: months that begin later have no line."""
    schools = school_lines(facts, settings)
    lost, class_min = sum(each.lost_min for each in facts.rooms), sum(each.class_min for each in facts.rooms)
    bought = sorted(facts.purchases, key=lambda each: each.number)
    return Report(
        period=period,
        groups=tuple(groups),
        made_at=made_at,
        works_from=settings.works_from_pct / 100,
        headline=headline_of(schools),
        schools=schools,
        rooms=len({(each.group, each.school, each.room) for each in facts.rooms}),
        available=1 - lost / class_min if class_min else None,
        used_min=sum(each.used_min for each in facts.rooms),
        lost_min=lost,
        saved_min=sum(each.saved_min for each in facts.repairs),
        lost_by_cause=_causes(facts.rooms),
        months=_lines([each for each in period.months() if each.first <= today], facts, settings),
        quarters=_lines([each for each in _quarters(period) if each.first <= today], facts, settings),
        services=_services(facts.requests),
        repairs=_repairs(facts.repairs),
        ages=_ages(facts.assets, period.last),
        ratings=_ratings(facts.ratings),
        allocation=_allocation(facts.lines),
        projects=_projects(facts.lines),
        purchases=tuple(PurchaseLine(each.number, each.subject, each.cost_satang, each.counted) for each in bought),
        needs=_needs(facts.needs),
        budget_satang=facts.budget_satang,
        spent_satang=_cost(facts.repairs)
        + sum(_spent(each) for each in facts.lines)
        + sum(each.cost_satang for each in bought if not each.counted),
    )


def _causes(rooms: Iterable[RoomMonth]) -> Shares:
    lost: defaultdict[str, float] = defaultdict(float)
    for room in rooms:
        for cause, minutes in room.lost.items():
            lost[cause] += minutes
    return _most_first(lost)


def _most_first(found: Mapping[str, float]) -> Shares:
    return tuple(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _quarters(period: Period) -> list[Period]:
    """Of a fiscal year; else none."""
    return [quarter_of(period.fiscal_year, at) for at in (1, 2, 3, 4)] if period.span is Span.YEAR else []


def _lines(spans: Sequence[Period], facts: Facts, settings: ReportSettings) -> tuple[MonthLine, ...]:
    """Points of the curves; a span is made of months."""
    rooms: defaultdict[str, list[RoomMonth]] = defaultdict(list)
    for room in facts.rooms:
        rooms[room.month].append(room)
    small = {(each.group, each.code) for each in facts.schools if (each.pupils or 10**6) <= settings.small_pupils}
    return tuple(_line(span, rooms, facts.repairs, small, settings) for span in spans)


def _line(
    span: Period,
    rooms: Mapping[str, Sequence[RoomMonth]],
    repairs: Sequence[RepairFact],
    small: set[tuple[str, str]],
    settings: ReportSettings,
) -> MonthLine:
    months = {month.key for month in span.months()}
    here = [room for month in sorted(months) for room in rooms.get(month, ())]
    available, working = month_shares(here, small, settings)
    return MonthLine(
        span.key,
        available,
        working,
        sum(each.used_min for each in here),
        sum(each.lost_min for each in here),
        sum(each.saved_min for each in repairs if each.request.ended_in in months),
        sum(each.request.opened_in in months for each in repairs),
        sum(each.request.ended_in in months for each in repairs),
    )


def _services(requests: Iterable[RequestFact]) -> tuple[ServiceLine, ...]:
    by_type: defaultdict[str, list[RequestFact]] = defaultdict(list)
    for each in requests:
        by_type[each.type].append(each)
    return tuple(_service(name, by_type[name]) for name in sorted(by_type))


def _service(name: str, requests: Sequence[RequestFact]) -> ServiceLine:
    quarters = [0, 0, 0, 0]
    for each in requests:
        if each.opened_in is not None:
            quarters[read_period(each.opened_in).quarter - 1] += 1
    done = [each for each in requests if each.ended_in is not None]
    hours, _, in_time = _times(done)
    return ServiceLine(
        type=name,
        quarters=(quarters[0], quarters[1], quarters[2], quarters[3]),
        opened=sum(quarters),
        done=len(done),
        open=len(requests) - len(done),
        overdue=sum(each.overdue for each in requests),
        hours=hours,
        in_time=in_time,
    )


def _times(done: Sequence[RequestFact]) -> tuple[float | None, float | None, float | None]:
    """Mean and median of the hours, and the share in time."""
    hours = [each.hours for each in done]
    judged = [each.in_time for each in done if each.in_time is not None]
    return (
        fmean(hours) if hours else None,
        median(hours) if hours else None,
        sum(judged) / len(judged) if judged else None,
    )


def _repairs(repairs: Sequence[RepairFact]) -> Repairs:
    done = [each for each in repairs if each.request.ended_in is not None]
    hours, middle, in_time = _times([each.request for each in done])
    by_kind: defaultdict[str, list[RepairFact]] = defaultdict(list)
    for each in repairs:
        by_kind[each.kind].append(each)
    return Repairs(
        opened=sum(each.request.opened_in is not None for each in repairs),
        done=len(done),
        open=len(repairs) - len(done),
        overdue=sum(each.request.overdue for each in repairs),
        automatic=sum(each.automatic for each in repairs),
        by_state=_most_first(Counter(each.request.state for each in repairs)),
        by_cause=_most_first(Counter(each.cause for each in repairs if each.cause)),
        by_kind=tuple(
            _kind(kind, of) for kind, of in sorted(by_kind.items(), key=lambda each: (-len(each[1]), each[0]))
        ),
        hours=hours,
        median_hours=middle,
        in_time=in_time,
        cost_satang=_cost(repairs),
    )


def _kind(kind: str, repairs: Sequence[RepairFact]) -> RepairLine:
    causes = _most_first(Counter(each.cause for each in repairs if each.cause))
    routes = Counter(each.route for each in repairs)
    return RepairLine(
        kind,
        len(repairs),
        causes[0][0] if causes else "",
        {route: routes[route] for route in ROUTES},
        sum(each.automatic for each in repairs),
        _cost(repairs),
    )


def _cost(repairs: Iterable[RepairFact]) -> int:
    """Of those that ended in the period: a repair that takes two months is paid once."""
    return sum(each.cost_satang for each in repairs if each.request.ended_in is not None)


def _ages(assets: Iterable[AssetFact], on: date) -> tuple[AgeLine, ...]:
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * 6)
    for each in assets:
        line = counts[each.kind]
        if each.acquired_on is None:
            line[4] += 1
            continue
        age = (on - each.acquired_on).days / _YEAR_DAYS
        line[sum(age > most for most in _AGES)] += 1
        line[5] += age >= each.life_years
    lines = [AgeLine(kind, (a, b, c, d, e), outlived) for kind, (a, b, c, d, e, outlived) in counts.items()]
    return tuple(sorted(lines, key=lambda each: (-each.count, each.kind)))


def _ratings(ratings: Iterable[RatingFact]) -> tuple[RatingLine, ...]:
    by: defaultdict[str, list[int]] = defaultdict(list)
    for each in ratings:
        by[each.about].append(each.value)
    return tuple(RatingLine(about, fmean(by[about]), pstdev(by[about]), len(by[about])) for about in sorted(by))


def _spent(line: LineFact) -> int:
    return line.accepted * line.price_satang


def _allocation(lines: Iterable[LineFact]) -> tuple[AllocationLine, ...]:
    by: defaultdict[str, list[LineFact]] = defaultdict(list)
    for each in lines:
        by[each.kind].append(each)
    return tuple(_allocated(kind, by[kind]) for kind in sorted(by))


def _allocated(kind: str, lines: Sequence[LineFact]) -> AllocationLine:
    moved = sum(each.accepted for each in lines if each.source == "moved")
    repaired = sum(each.accepted for each in lines if each.work == "repair" and each.source != "moved")
    return AllocationLine(
        kind,
        sum(each.accepted for each in lines) - moved - repaired,
        repaired,
        moved,
        sum(each.quantity - each.before - each.accepted for each in lines),
        sum(_spent(each) for each in lines),
    )


def _projects(lines: Iterable[LineFact]) -> tuple[ProjectLine, ...]:
    by: defaultdict[tuple[str, str], list[LineFact]] = defaultdict(list)
    for each in lines:
        by[each.round, each.title].append(each)
    return tuple(
        ProjectLine(
            number,
            title,
            sum(each.quantity for each in of),
            sum(each.accepted for each in of),
            sum(each.quantity * each.price_satang for each in of),
            sum(_spent(each) for each in of),
        )
        for (number, title), of in sorted(by.items())
    )


def _needs(needs: Iterable[NeedFact]) -> tuple[NeedLine, ...]:
    by: defaultdict[str, list[NeedFact]] = defaultdict(list)
    for each in needs:
        by[each.kind].append(each)
    lines = []
    for kind, of in by.items():
        count = Counter(each.advice for each in of)
        price = sum(each.price_satang or 0 for each in of if each.advice == "replace")
        lines.append(NeedLine(kind, count["replace"], count["repair"], count["watch"], price))
    return tuple(sorted(lines, key=lambda each: (-each.replace, -each.repair, each.kind)))

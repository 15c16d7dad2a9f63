"""A report as the values of its papers: F07, F17, F18, F19, F28, the memorandum, and the work calendar. In Thai."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from hub.documents.catalogue import load_forms
from hub.documents.memoranda import MEMO
from hub.office.annual_paper import annual
from hub.office.report_cells import Values, Wording, baht, budget, hours, one, pct, ratings, said
from hub.office.report_memo import memorandum
from hub.reports.calendar import Duty
from hub.reports.period import Span
from hub.reports.report import Headline, MonthLine, Report, SchoolLine, ServiceLine
from hub.web.report_pages import ReportPaper
from hub.web.report_words import ReportWords

_YEARLY = "F28"
_IDS = ("F17", "F18", "F19", "F07", _YEARLY, MEMO)
_SPANS = {_YEARLY: (Span.YEAR,), MEMO: (Span.QUARTER, Span.YEAR)}
_GOAL_AVAILABLE, _GOAL_IN_TIME, _GOAL_RATING = 95.0, 90.0, 3.5
_MOST_SCHOOLS, _MOST_CAUSES = 15, 10


def report_papers() -> tuple[ReportPaper, ...]:
    """In the order in which they are offered."""
    forms = ((name, load_forms()[name].declaration) for name in _IDS)
    return tuple(ReportPaper(name, each.thai, each.english, _SPANS.get(name, tuple(Span))) for name, each in forms)


def paper_values(form: str, report: Report, wording: Wording) -> Values:
    """Without what is not known: a line for the pen then."""
    make: Mapping[str, Callable[[Report, Wording], Values]] = {
        "F07": _plan,
        "F17": _summary,
        "F18": _follow_up,
        "F19": _evaluation,
        "F28": annual,
        MEMO: memorandum,
    }
    return said(make[form](report, wording))


def calendar_values(year: int, duties: Iterable[Duty]) -> Values:
    """Of the paper T02, in which each month has its column."""
    rows = []
    for duty in duties:
        months = {month.month for month in duty.months}
        ticks = {f"m{month:02}": month in months for month in range(1, 13)}
        rows.append(said({"duty": duty.th, **ticks, "due": duty.due}))
    return {"year": str(year), "duties": rows}


def _summary(report: Report, wording: Wording) -> Values:
    head, repairs, words = report.headline, report.repairs, wording.words
    counts = {"small": head.small, "measured": head.measured, "working": head.working}
    return {
        "period": words.period(report.period),
        "small_working_pct": pct(head.share),
        "small_note": words.say("report.paper.small_note", **counts),
        "available_pct": pct(report.available),
        "used": hours(report.used_min),
        "lost": hours(report.lost_min),
        "saved": hours(report.saved_min),
        "repairs_done": repairs.done,
        "hours": one(repairs.hours),
        "in_time": pct(repairs.in_time),
        "spent": baht(report.spent_satang),
        "services": [_service(each, wording) for each in report.services],
        "months": [_month(each, words) for each in _begun(report)],
        "causes": _causes(report, words),
        "schools": [_school(each, words) for each in _worst(report.schools)],
    }


def _follow_up(report: Report, wording: Wording) -> Values:
    words = wording.words
    failing = ", ".join(each.name or each.code for each in report.failing[:3])
    cause = words.code("cause", report.lost_by_cause[0][0]) if report.lost_by_cause else ""
    measured, worked = words.say("report.paper.by_readings"), words.say("report.paper.by_requests")
    rows = [
        _indicator(words, "small", 100.0, report.headline.share, (measured, failing)),
        _indicator(words, "available", _GOAL_AVAILABLE, report.available, (measured, cause)),
        _indicator(words, "in_time", _GOAL_IN_TIME, report.repairs.in_time, (worked, "")),
    ]
    return {
        "period": words.period(report.period),
        "objective": words.say("report.paper.objective"),
        "indicators": [*rows, *_rated(report, wording)],
    }


def _evaluation(report: Report, wording: Wording) -> Values:
    words = wording.words
    return {
        "period": words.period(report.period),
        "summary": " ".join(filter(None, (_goal_in_words(report.headline, words), _lost_in_words(report, words)))),
        "months": [_month(each, words, ("small", "available")) for each in _begun(report)],
        "ratings": ratings(report, wording),
    }


def _goal_in_words(head: Headline, words: ReportWords) -> str:
    if head.share is None:
        return words.say("report.paper.goal_unmeasured", unmeasured=head.unmeasured) if head.unmeasured else ""
    counts = {"working": head.working, "measured": head.measured, "unmeasured": head.unmeasured}
    return words.say("report.paper.goal", **counts, share=f"{head.share * 100:.1f}")


def _lost_in_words(report: Report, words: ReportWords) -> str:
    worst = report.lost_by_cause[0][0] if report.lost_by_cause else None
    told = {
        "lost": f"{report.lost_min / 60:,.0f}",
        "saved": f"{report.saved_min / 60:,.0f}",
        "done": report.repairs.done,
    }
    cause = "" if worst is None else words.say("report.paper.cause", cause=words.code("cause", worst)) + " "
    return cause + words.say("report.paper.lost", **told)


def _begun(report: Report) -> Sequence[MonthLine]:
    """From the first month of which anything is known: a hub that came in the middle of a year has nothing to say of before."""
    first = next((at for at, each in enumerate(report.months) if _is_known(each)), 0)
    return report.months[first:]


def _is_known(month: MonthLine) -> bool:
    shares = (month.available, month.small_working)
    return any(each is not None for each in shares) or bool(month.opened or month.done or month.lost_min)


def _plan(report: Report, wording: Wording) -> Values:
    words = wording.words
    projects = [
        {
            "project": each.title,
            "planned": each.planned,
            "accepted": each.accepted,
            "percent": round(each.accepted / each.planned * 100, 1) if each.planned else None,
            "planned_baht": baht(each.planned_satang),
            "spent_baht": baht(each.spent_satang),
            "note": each.number,
        }
        for each in report.projects
    ]
    needs = [
        {
            "kind": words.code("kind", each.kind),
            "replace": each.replace,
            "repair": each.repair,
            "watch": each.watch,
            "price": baht(each.price_satang),
        }
        for each in report.needs
    ]
    return {"period": words.period(report.period), **budget(report), "projects": projects, "needs": needs}


def _service(each: ServiceLine, wording: Wording) -> Values:
    return {
        "service": wording.type(each.type),
        "opened": each.opened,
        "done": each.done,
        "open": each.open,
        "overdue": each.overdue,
        "hours": one(each.hours),
        "in_time": pct(each.in_time),
    }


def _month(
    each: MonthLine,
    words: ReportWords,
    wanted: Sequence[str] = ("available", "lost", "saved", "opened", "done"),
) -> Values:
    told = {
        "available": pct(each.available),
        "small": pct(each.small_working),
        "lost": hours(each.lost_min),
        "saved": hours(each.saved_min),
        "opened": each.opened,
        "done": each.done,
    }
    return {"month": words.month(each.key)} | {name: told[name] for name in wanted}


def _causes(report: Report, words: ReportWords) -> list[Values]:
    repairs = dict(report.repairs.by_cause)
    return [
        {"cause": words.code("cause", cause), "lost": hours(minutes), "repairs": round(repairs.get(cause, 0))}
        for cause, minutes in report.lost_by_cause[:_MOST_CAUSES]
    ]


def _school(each: SchoolLine, words: ReportWords) -> Values:
    return {
        "school": each.name or each.code,
        "available": pct(each.available),
        "lost": hours(each.lost_min),
        "cause": words.code("cause", each.cause),
        "repairs": each.repairs,
    }


def _worst(schools: Iterable[SchoolLine]) -> list[SchoolLine]:
    lost = sorted((each for each in schools if each.lost_min > 0), key=lambda each: (-each.lost_min, each.code))
    return lost[:_MOST_SCHOOLS]


def _indicator(words: ReportWords, name: str, goal: float, share: float | None, told: tuple[str, str]) -> Values:
    """told: how it was measured, and what stood against it."""
    result = None if share is None else f"{share * 100:.1f}"
    return {
        "indicator": words.say(f"report.indicator.{name}"),
        "goal": words.say("report.paper.percent", value=f"{goal:g}"),
        "result": "–" if result is None else words.say("report.paper.percent", value=result),
        "percent": None if share is None else round(share * 100 / goal * 100, 1),
        "method": told[0],
        "obstacle": told[1],
    }


def _rated(report: Report, wording: Wording) -> list[Values]:
    words = wording.words
    return [
        {
            "indicator": words.say("report.indicator.rating", about=wording.type(each.about)),
            "goal": f"{_GOAL_RATING:g}",
            "result": f"{each.mean:.2f}",
            "percent": round(each.mean / _GOAL_RATING * 100, 1),
            "method": words.say("report.paper.by_ratings", count=each.count),
        }
        for each in report.ratings
    ]

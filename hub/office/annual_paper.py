"""The annual report as the values of its paper, F28."""

from typing import Any

from hub.office.report_cells import Values, Wording, baht, budget, pct, ratings
from hub.reports.making import ROUTES
from hub.reports.period import read_period
from hub.reports.report import MonthLine, Report, ServiceLine
from hub.web.report_words import ReportWords

_MOST_FAILING = 40
_DAY_HOURS = 8


def annual(report: Report, wording: Wording) -> Values:
    words = wording.words
    causes = _first_causes(report, words)
    return {
        "year": str(report.period.fiscal_year),
        "background": words.say("report.paper.background"),
        "goals": words.say("report.paper.goals"),
        **budget(report),
        "schools": len(report.schools),
        "rooms": report.rooms,
        "small_working_pct": pct(report.headline.share),
        "services": [_yearly(each, wording) for each in report.services],
        "repairs": [_repair(each, words) for each in report.repairs.by_kind],
        "quarters": [_quarter(each, words) for each in report.quarters],
        "failing": [
            {
                "school": each.name or each.code,
                "available": pct(each.available),
                "cause": words.code("cause", each.cause),
            }
            for each in report.failing[:_MOST_FAILING]
        ],
        "allocation": [_allocated(each, words) for each in report.allocation],
        "ratings": ratings(report, wording),
        "obstacles": words.say("report.paper.obstacles", causes=", ".join(causes)) if causes else None,
    }


def _quarter(each: MonthLine, words: ReportWords) -> Values:
    return {
        "quarter": words.say("report.paper.quarter", quarter=read_period(each.key).quarter),
        "available": pct(each.available),
        "hours": round(each.used_min / 60),
        "small": pct(each.small_working),
        "lost": round(each.lost_min),
    }


def _yearly(each: ServiceLine, wording: Wording) -> Values:
    quarters = {f"q{at}": count for at, count in enumerate(each.quarters, 1)}
    days = None if each.hours is None else round(each.hours / _DAY_HOURS, 1)
    told = {"done": each.done, "open": each.open, "days": days, "in_time": pct(each.in_time)}
    return {"service": wording.type(each.type), **quarters, **told}


def _repair(each: Any, words: ReportWords) -> Values:
    routes = {route: each.routes[route] for route in ROUTES}
    named = {"kind": words.code("kind", each.kind), "cause": words.code("cause", each.cause)}
    return {**named, **routes, "auto": each.automatic, "cost": baht(each.cost_satang)}


def _allocated(each: Any, words: ReportWords) -> Values:
    return {
        "kind": words.code("kind", each.kind),
        "allocated": each.bought,
        "replaced": each.repaired,
        "moved": each.moved,
        "backlog": each.open,
        "value": baht(each.value_satang),
    }


def _first_causes(report: Report, words: ReportWords) -> list[str]:
    return [words.code("cause", cause) for cause, _ in report.lost_by_cause[:3]]

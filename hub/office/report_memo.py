"""The memorandum that puts a report before the director: of a quarter the repairs, of a fiscal year the whole work."""

from collections.abc import Callable, Mapping

from hub.documents.memoranda import begin
from hub.office.report_cells import Values, Wording, baht, pct
from hub.reports.period import Span
from hub.reports.report import Report

_UNKNOWN = "–"


def memorandum(report: Report, _: Wording) -> Values:
    """For quarters and fiscal years. Raises KeyError for a month: nobody puts one before the director."""
    occasion, known = _OCCASIONS[report.period.span]
    return {**begin(occasion, known(report))}


def _quarterly(report: Report) -> Mapping[str, str]:
    repairs = report.repairs
    return {
        "quarter": str(report.period.quarter),
        "year": str(report.period.fiscal_year),
        "reported": f"{repairs.opened:,}",
        "done": f"{repairs.done:,}",
        "open": f"{repairs.open:,}",
        "in_time": _percent(repairs.in_time),
        "cost": _amount(repairs.cost_satang),
    }


def _yearly(report: Report) -> Mapping[str, str]:
    return {
        "year": str(report.period.fiscal_year),
        "working": _percent(report.headline.share),
        "spent": _amount(report.spent_satang),
        "received": _amount(report.budget_satang),
    }


_OCCASIONS: Mapping[Span, tuple[str, Callable[[Report], Mapping[str, str]]]] = {
    Span.QUARTER: ("quarterly-repairs", _quarterly),
    Span.YEAR: ("annual-report", _yearly),
}


def _percent(share: float | None) -> str:
    told = pct(share)
    return _UNKNOWN if told is None else f"{told:g}"


def _amount(satang: int | None) -> str:
    if satang is None:
        return _UNKNOWN
    whole, _, cents = baht(satang).partition(".")
    return f"{int(whole):,}.{cents}"

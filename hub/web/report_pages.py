"""What the pages of reports ask of the hub."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from hub.core.people import Principal
from hub.reports.calendar import Duty
from hub.reports.period import Period, Span
from hub.reports.report import Report


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """A paper that a report is printed on. spans: the periods that it is for"""

    form: str
    th: str
    en: str
    spans: tuple[Span, ...] = tuple(Span)


class PeriodReportPages(Protocol):
    @property
    def papers(self) -> Sequence[ReportPaper]: ...

    def districts(self, who: Principal) -> Sequence[str]: ...

    def today(self) -> date: ...

    def report(self, period: Period, groups: Sequence[str]) -> Report:
        """Made anew each time; takes seconds for a fiscal year of a large district."""

    def recent(self, period: Period, groups: Sequence[str]) -> Report:
        """One that was made in the last ten minutes where there is one; `made_at` says when."""

    def print_report(self, form: str, report: Report, who: Principal) -> bytes | None:
        """A PDF; None where there is no such paper for this period."""

    def workbook(self, report: Report, language: str) -> bytes: ...

    def duties(self, year: int) -> Sequence[Duty]:
        """The work of a fiscal year, in order."""

    def print_calendar(self, year: int, who: Principal) -> bytes: ...

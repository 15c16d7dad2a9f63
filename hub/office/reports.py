"""Reports: facts gathered for a period, made into a report, and put on page, paper and workbook."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from hub.core.people import Principal
from hub.documents.memoranda import MEMO
from hub.office.class_time import Bells
from hub.office.needing import Needs
from hub.office.papers import Papers
from hub.office.report_books import report_book
from hub.office.report_cells import Wording
from hub.office.report_papers import calendar_values, paper_values, report_papers
from hub.reports.calendar import Duty, duties_of, load_calendar
from hub.reports.facts import Facts, NeedFact, RatingFact, RequestFact
from hub.reports.making import make_report
from hub.reports.period import Period
from hub.reports.report import Report
from hub.reports.settings import ReportSettings
from hub.store.repair_reports import REPAIR, repair_facts
from hub.store.reports import (
    Asked,
    districts,
    report_assets,
    report_schools,
    request_facts,
    room_months,
    survey_ratings,
)
from hub.store.spending import plan_lines, purchases
from hub.store.unit_of_work import Store
from hub.web.report_pages import ReportPaper
from hub.workflows.clock import HOUR_MS
from hub.workflows.engine import Engine

CALENDAR_PAPER = "T02"
_RECENT_MS = 600_000
_MOST_RECENT = 32


@dataclass(frozen=True, slots=True)
class ReportTools:
    """What reports are made with."""

    settings: ReportSettings
    clock: Callable[[], int]
    zone: ZoneInfo
    bells: Bells
    engine: Engine
    papers: Papers
    needs: Needs


class Reports:
    """Fills hub.web.report_pages.PeriodReportPages. Reads only; what it prints is numbered."""

    def __init__(self, store: Store, tools: ReportTools) -> None:
        self._store, self._tools = store, tools
        self._making = threading.Lock()
        self._recent: dict[tuple[str, tuple[str, ...]], Report] = {}
        self._wording = Wording({name: each.th for name, each in tools.engine.definitions.items()})

    @property
    def papers(self) -> Sequence[ReportPaper]:
        return report_papers()

    def today(self) -> date:
        return self._day(self._tools.clock())

    def districts(self, who: Principal) -> tuple[str, ...]:
        with self._store.reading() as connection:
            found = districts(connection)
        return tuple(each for each in found if who.groups is None or each in who.groups)

    def report(self, period: Period, groups: Sequence[str]) -> Report:
        now = self._tools.clock()
        facts = self._facts(self._asked(period, groups, now))
        return make_report(period, groups, facts, self._tools.settings, now, today=self._day(now))

    def recent(self, period: Period, groups: Sequence[str]) -> Report:
        """Of several who ask at once, one makes it and the others wait."""
        key, now = (period.key, tuple(groups)), self._tools.clock()
        with self._making:
            known = self._recent.get(key)
            if known is None or not 0 <= now - known.made_at < _RECENT_MS:
                known = self.report(period, groups)
                self._recent.pop(key, None)
                self._recent[key] = known
                if len(self._recent) > _MOST_RECENT:
                    del self._recent[next(iter(self._recent))]
            return known

    def print_report(self, form: str, report: Report, who: Principal) -> bytes | None:
        paper = next((each for each in self.papers if each.form == form), None)
        if paper is None or report.period.span not in paper.spans:
            return None
        papers, now = self._tools.papers.of_all(report.groups), self._tools.clock()
        subject = f"report:{form}:{report.period.key}:{'+'.join(report.groups)}"
        values = paper_values(form, report, self._wording)
        if form == MEMO:
            values |= papers.memo_head(subject=subject, who=who, now=now)
        return papers.print_paper(form, values, subject=subject, who=who, now=now)

    def workbook(self, report: Report, language: str) -> bytes:
        names = {name: each.of(language) for name, each in self._tools.engine.definitions.items()}
        return report_book(report, names, language)

    def duties(self, year: int) -> Sequence[Duty]:
        return duties_of(year, load_calendar())

    def print_calendar(self, year: int, who: Principal) -> bytes:
        values = calendar_values(year, self.duties(year))
        papers = self._tools.papers.of_all(who.groups or ())
        return papers.print_paper(CALENDAR_PAPER, values, subject=f"calendar:{year}", who=who, now=self._tools.clock())

    def _facts(self, asked: Asked) -> Facts:
        with self._store.reading() as connection:
            numbered = request_facts(connection, asked)
            lines, budget = plan_lines(connection, asked)
            told = survey_ratings(connection, asked)
            requests = [fact for _, fact in numbered]
            return Facts(
                schools=report_schools(connection, asked),
                rooms=room_months(connection, asked),
                requests=tuple(requests),
                repairs=repair_facts(connection, asked, numbered, self._deadline()),
                assets=report_assets(connection, asked),
                lines=lines,
                purchases=purchases(connection, asked),
                needs=self._needs(asked),
                ratings=(*_ratings(requests), *told),
                budget_satang=budget,
            )

    def _needs(self, asked: Asked) -> tuple[NeedFact, ...]:
        """As they are now, whatever the period."""
        found = self._tools.needs.all(asked.groups)
        return tuple(
            NeedFact(each.kind, each.advice.value, each.price_satang) for each in found if each.advice.value != "keep"
        )

    def _asked(self, period: Period, groups: Sequence[str], now: int) -> Asked:
        start, end = self._tools.bells.span(period.first, period.last)
        return Asked(
            period=period,
            groups=tuple(groups),
            start=start,
            end=min(end, now),
            now=now,
            bells=self._tools.bells,
            day=self._day,
            moment=self._moment,
            limits=self._limits(),
        )

    def _limits(self) -> Mapping[str, float]:
        limits = ((name, each.limit) for name, each in self._tools.engine.definitions.items())
        return {name: limit.hours for name, limit in limits if limit is not None and limit.hours is not None}

    def _deadline(self) -> Callable[[int], int]:
        """Of repairs."""
        limit = round(self._limits().get(REPAIR, 0.0) * HOUR_MS)
        return lambda opened_at: self._tools.engine.calendar.after(opened_at, limit)

    def _day(self, moment: int) -> date:
        return datetime.fromtimestamp(moment / 1000, self._tools.zone).date()

    def _moment(self, day: date) -> int:
        return round(datetime.combine(day, time.min, self._tools.zone).timestamp() * 1000)


def _ratings(requests: Sequence[RequestFact]) -> list[RatingFact]:
    """Of those that ended in the period."""
    return [
        RatingFact(each.type, each.rating) for each in requests if each.rating is not None and each.ended_in is not None
    ]

"""Reports of a month, a quarter or a fiscal year: on the page, as papers, as a workbook; and the work calendar."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.core.people import Permission
from hub.reports.period import NoSuchPeriod, Period, around, following, previous, read_period
from hub.reports.report import Report
from hub.web.failures import Problem, no_such
from hub.web.gate import gated, needs
from hub.web.principal import principal_of
from hub.web.report_words import ReportWords
from hub.web.site import Site

PAGE = "/reports"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIRST_YEAR, _LAST_YEAR = 2501, 2699
Group = Annotated[str, Query(max_length=200)]
Year = Annotated[int | None, Query(ge=_FIRST_YEAR, le=_LAST_YEAR)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS, cut=True), prefix=PAGE)
    pages = _Reports(site)
    routes.get("")(pages.page)
    routes.get("/calendar")(pages.calendar)
    routes.get("/calendar/{year}/calendar.pdf")(pages.calendar_paper)
    routes.get("/{period}/report.xlsx")(pages.workbook)
    routes.get("/{period}/{form}.pdf")(pages.paper)
    return routes


def asked_period(key: str) -> Period:
    """Raises Problem."""
    try:
        return read_period(key)
    except NoSuchPeriod as mistake:
        way_out = "write 2570-01 for a month, 2570-q1 for a quarter, 2570 for a fiscal year"
        raise Problem(404, "not-found", str(mistake).partition(";")[0] + ".", "period", way_out) from None


def asked_groups(site: Site, request: Request, group: str) -> tuple[str, ...]:
    """The district that is asked for, or all that they may see. Raises Problem."""
    found = tuple(site.office.reports.districts(principal_of(request)))
    if group and group not in found:
        raise no_such("district", "group")
    return (group,) if group else found


class _Reports:
    def __init__(self, site: Site) -> None:
        self._site, self._reports = site, site.office.reports

    def page(self, request: Request, period: Annotated[str, Query(max_length=20)] = "", group: Group = "") -> Response:
        today = self._reports.today()
        chosen = asked_period(period) if period else around(today)[1]
        report = self._reports.recent(chosen, asked_groups(self._site, request, group))
        definitions = self._site.requests.engine.definitions
        language = self._site.renderer.language(request)
        context = {
            "report": report,
            "period": chosen,
            "spans": around(min(max(chosen.first, today if chosen.holds(today) else chosen.first), chosen.last)),
            "before": previous(chosen),
            "after": following(chosen) if chosen.last < today else None,
            "running": chosen.holds(today),
            "group": group,
            "groups": self._reports.districts(principal_of(request)),
            "papers": [each for each in self._reports.papers if chosen.span in each.spans],
            "words": ReportWords(language),
            "types": {name: each.of(language.code) for name, each in definitions.items()},
            "states": {name: each.of(language.code) for name, each in definitions["repair"].states.items()},
            "due": self._due(today),
        }
        return self._site.renderer.page(request, "reports/reports.html", context)

    def calendar(self, request: Request, year: Year = None) -> Response:
        today = self._reports.today()
        chosen = year or around(today)[2].fiscal_year
        context = {
            "year": chosen,
            "today": today,
            "duties": self._reports.duties(chosen),
            "months": list(read_period(str(chosen)).months()),
            "words": ReportWords(self._site.renderer.language(request)),
        }
        return self._site.renderer.page(request, "reports/work_calendar.html", context)

    def calendar_paper(self, request: Request, year: int) -> Response:
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise no_such("year", "year")
        return _file(self._reports.print_calendar(year, principal_of(request)), f"calendar-{year}.pdf")

    def paper(self, request: Request, period: str, form: str, group: Group = "") -> Response:
        chosen = asked_period(period)
        if form not in {each.form for each in self._reports.papers}:
            raise no_such("paper", "form")
        made = self._reports.print_report(form, self._made(request, chosen, group), principal_of(request))
        if made is None:
            raise no_such("paper for this period", "form")
        return _file(made, f"{form}-{chosen.key}.pdf")

    def workbook(self, request: Request, period: str, group: Group = "") -> Response:
        chosen = asked_period(period)
        language = self._site.renderer.language(request).code
        return _file(
            self._reports.workbook(self._made(request, chosen, group), language), f"report-{chosen.key}.xlsx", _XLSX
        )

    def _made(self, request: Request, period: Period, group: str) -> Report:
        return self._reports.report(period, asked_groups(self._site, request, group))

    def _due(self, today: date) -> list[object]:
        """What has to be done this month besides what goes on all the year."""
        duties = self._reports.duties(around(today)[2].fiscal_year)
        return [each for each in duties if each.falls_in(today) and not each.all_year]


def _file(data: bytes, name: str, media_type: str = "application/pdf") -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)

"""The picture that somebody who decides looks at: what waits for them, how the fiscal year goes, what is needed and paid."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.core.fiscal import fiscal_year
from hub.core.overview import Pending
from hub.core.people import Permission, Principal
from hub.reports.period import Span, read_period
from hub.reports.report import MonthLine, Report
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.principal import principal_of
from hub.web.report_words import ReportWords
from hub.web.routes.reports import asked_groups
from hub.web.site import Site
from hub.workflows.request import Request as Paperwork
from hub.workflows.sight import Asked

PAGE = "/director"
_MOST = 20
_WORST = 5
_FIRST_YEAR, _LAST_YEAR = 2501, 2699
Year = Annotated[int | None, Query(ge=_FIRST_YEAR, le=_LAST_YEAR)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS, cut=True))

    @routes.get(PAGE)
    def director(request: Request, year: Year = None, group: Annotated[str, Query(max_length=200)] = "") -> Response:
        reports, who = site.office.reports, principal_of(request)
        today = reports.today()
        period = read_period(str(year or fiscal_year(today)))
        if period.first > today:
            raise no_such("year that has begun", "year")
        report = reports.recent(period, asked_groups(site, request, group))
        definitions = site.requests.engine.definitions
        context = {
            "report": report,
            "period": period,
            "before": period.fiscal_year - 1 if period.fiscal_year > _FIRST_YEAR else None,
            "after": period.fiscal_year + 1 if period.last < today else None,
            "running": period.holds(today),
            "group": group,
            "groups": reports.districts(who),
            "months": _told(report),
            "failing": report.failing[:_WORST],
            "needed_satang": sum(each.price_satang for each in report.needs),
            "waiting": _waiting(site, who),
            "papers": [each for each in reports.papers if Span.MONTH not in each.spans],
            "words": ReportWords(site.renderer.language(request)),
            "definitions": definitions,
            "school_names": site.requests.look.schools(who),
        }
        return site.renderer.page(request, "reports/director.html", context)

    return routes


def _told(report: Report) -> Sequence[MonthLine]:
    """The months of which anything is known."""
    return [each for each in report.months if each.available is not None or each.opened or each.done]


def _waiting(site: Site, who: Principal) -> list[Paperwork]:
    """The requests whose usual next step is theirs, those that are late and old first."""
    now = site.clock()
    found: list[Paperwork] = []
    for waits in site.office.overview.waiting(who, now):
        if waits.why is Pending.STEP and len(found) < _MOST:
            asked = Asked(type=waits.type, state=waits.state)
            found.extend(site.requests.look.some(who, asked, now, _MOST - len(found)))
    return found

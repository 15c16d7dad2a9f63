"""Lesson time lost: the figure that the district reports, by cause, by school and by day."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from hub.core.people import Permission
from hub.web.gate import gated, needs
from hub.web.routes.spans import DaySpan, day_span, fiscal_year, last_days
from hub.web.site import Site

Group = Annotated[str | None, Query(max_length=200)]
First = Annotated[date | None, Query(alias="from")]
Last = Annotated[date | None, Query(alias="to")]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS))

    @routes.get("/lessons")
    def lessons(request: Request, group: Group = None, first: First = None, last: Last = None) -> HTMLResponse:
        today = site.renderer.figures(request).today(site.clock())
        span = day_span(first, last, today)
        context = {
            "view": site.insights.lesson_time(group, span.first, span.last),
            "span": span,
            "spans": _offered(span, today, group),
            "groups": site.insights.groups(),
            "group": group,
            "today": today,
        }
        return site.renderer.page(request, "lessons.html", context)

    return routes


def _offered(shown: DaySpan, today: str, group: str | None) -> list[tuple[str, str, bool]]:
    """Spans that are asked for often: a code for the words, the query, and whether it is the one shown."""
    offered = (("week", last_days(today, 7)), ("month", last_days(today, 30)), ("fiscal", fiscal_year(today)))
    extra = {"group": group} if group else {}
    return [(code, urlencode({"from": each.first, "to": each.last} | extra), each == shown) for code, each in offered]

"""Lesson time lost: the figure that the district reports, by cause, by school and by day."""

from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from hub.core.insights import LessonTime, SchoolLessons
from hub.core.people import Permission
from hub.web.districts import asked_districts, theirs
from hub.web.gate import gated, needs
from hub.web.listed import Listed, listed_file
from hub.web.listing import Arranging, Asked, Listing, by_name
from hub.web.routes.spans import DaySpan, day_span, fiscal_year, last_days
from hub.web.site import Site

Group = Annotated[str | None, Query(max_length=200)]
First = Annotated[date | None, Query(alias="from")]
Last = Annotated[date | None, Query(alias="to")]
_COLUMNS = ("district", "code", "school", "cause", "lost_min")
_SHOWN = 100
"""Schools; the others are one click away."""
_SCHOOLS = Listing[SchoolLessons](
    "lessons",
    {"lost": lambda each: -each.lost_min, "school": lambda each: by_name(each.name or each.school)},
    lambda each: (each.name, each.school),
    {},
)
"""Its file has a row for each cause."""


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS, cut=True))

    @routes.get("/lessons")
    def lessons(
        request: Request,
        asked: Asked,
        *,
        group: Group = None,
        first: First = None,
        last: Last = None,
        every: bool = False,
    ) -> HTMLResponse:
        today = site.renderer.figures(request).today(site.clock())
        span = day_span(first, last, today)
        view = site.insights.lesson_time(asked_districts(request, group), span.first, span.last, shown=False)
        context = {
            **_listed(view, asked, every=every),
            "span": span,
            "spans": _offered(span, today, group),
            **_chosen(site, request, group, today),
        }
        return site.renderer.page(request, "reports/lessons.html", context)

    @routes.get("/lessons/export.{kind}")
    def export(
        request: Request, kind: str, asked: Asked, *, group: Group = None, first: First = None, last: Last = None
    ) -> Response:
        figures = site.renderer.figures(request)
        span = day_span(first, last, figures.today(site.clock()))
        view = site.insights.lesson_time(asked_districts(request, group), span.first, span.last, shown=False)
        rows = (
            (each.group, each.school, each.name, figures.cause(cause), round(minutes))
            for each in _SCHOOLS.found(view.schools, asked).lines
            for cause, minutes in each.lost.items()
        )
        return listed_file(site, request, kind, Listed("lessons", _COLUMNS, rows))

    return routes


def _chosen(site: Site, request: Request, group: str | None, today: str) -> dict[str, object]:
    return {"groups": theirs(request, site.insights.groups()), "group": group, "today": today}


def _listed(view: LessonTime, asked: Arranging, *, every: bool) -> dict[str, object]:
    """every: of the schools all, not only the first."""
    found = _SCHOOLS.found(view.schools, asked)
    schools = found.lines if every else found.lines[:_SHOWN]
    return {"view": view, "found": found, "schools": schools, "days": _every_day(view)}


def _every_day(view: LessonTime) -> list[tuple[str, float]]:
    """Also those that lost none, so that a bar stands where its day is."""
    first, last, lost = date.fromisoformat(view.first), date.fromisoformat(view.last), dict(view.days)
    every = ((first + timedelta(days=ahead)).isoformat() for ahead in range((last - first).days + 1))
    return [(day, lost.get(day, 0.0)) for day in every]


def _offered(shown: DaySpan, today: str, group: str | None) -> list[tuple[str, str, bool]]:
    """Spans that are asked for often: a code for the words, the query, and whether it is the one shown."""
    offered = (("week", last_days(today, 7)), ("month", last_days(today, 30)), ("fiscal", fiscal_year(today)))
    extra = {"group": group} if group else {}
    return [(code, urlencode({"from": each.first, "to": each.last} | extra), each == shown) for code, each in offered]

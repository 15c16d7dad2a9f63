"""The use of equipment: how often each room shows lessons, and which sets could be moved to a school in need."""

from collections.abc import Sequence
from math import ceil
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from hub.core.insights import RoomIdle, RoomUse
from hub.core.people import Permission
from hub.core.usage import UsageSettings
from hub.web.districts import asked_districts, theirs
from hub.web.gate import gated, needs
from hub.web.listed import Listed, listed_file
from hub.web.routes.spans import last_days
from hub.web.site import Site
from hub.web.table_pages import Cell

_ON_A_PAGE = 30
"""Rooms."""
_LAST_PAGE = 10_000
_COLUMNS = (
    "district",
    "code",
    "school",
    "room",
    "class_days",
    "used_days",
    "shown_min",
    "lost_min",
    "idle_days",
    "last_used",
)
Show = Literal["idle", "all"]
_Place = tuple[str, str, str]
"""District, school, room."""
Group = Annotated[str | None, Query(max_length=200)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS, cut=True))

    @routes.get("/usage")
    def usage(
        request: Request,
        show: Show = "idle",
        group: Group = None,
        page: Annotated[int, Query(ge=1, le=_LAST_PAGE)] = 1,
    ) -> HTMLResponse:
        settings = site.renderer.usage
        span = last_days(site.renderer.figures(request).today(site.clock()), settings.window_days)
        groups = asked_districts(request, group)
        rooms = site.insights.idle(groups, span.first, span.last)
        idle = [room for room in rooms if is_idle(room, settings)]
        shown = sorted(idle, key=lambda room: -room.idle_days) if show == "idle" else list(rooms)
        places, pages = _turned([room.place for room in shown], page)
        told = site.insights.rooms(groups, span.first, span.last, among=places) if places else ()
        by_place = {(room.group, room.school, room.room): room for room in told}
        context = {
            "rooms": [by_place[each] for each in places if each in by_place],
            **pages,
            "counts": {"idle": len(idle), "all": len(rooms)},
            "settings": settings,
            "span": span,
            "show": show,
            "groups": theirs(request, site.insights.groups()),
            "group": group,
        }
        return site.renderer.page(request, "reports/usage.html", context)

    @routes.get("/usage/export.{kind}")
    def export(request: Request, kind: str, show: Show = "idle", group: Group = None) -> Response:
        settings = site.renderer.usage
        span = last_days(site.renderer.figures(request).today(site.clock()), settings.window_days)
        found = site.insights.rooms(asked_districts(request, group), span.first, span.last)
        rows = (_told(room) for room in found if show == "all" or is_idle(room, settings))
        return listed_file(site, request, kind, Listed("usage", _COLUMNS, rows))

    return routes


def _told(room: RoomUse) -> Sequence[Cell]:
    place = (room.group, room.school, room.school_name, room.room)
    minutes = (round(room.used_min), round(room.lost_min))
    return (*place, room.days, room.used_days, *minutes, room.idle_days, room.last_used or "")


def _turned(places: list[_Place], page: int) -> tuple[list[_Place], dict[str, int]]:
    """A page of them, and which it is; the last one in place of one behind it."""
    last_page = max(1, ceil(len(places) / _ON_A_PAGE))
    page = min(page, last_page)
    return places[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE], {"page": page, "last_page": last_page}


def is_idle(room: RoomUse | RoomIdle, settings: UsageSettings) -> bool:
    """It could be used, and has not been for long."""
    return room.has_picture and room.idle_days >= settings.idle_class_days

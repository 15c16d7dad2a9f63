"""The use of equipment: how often each room shows lessons, and which sets could be moved to a school in need."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from hub.core.insights import RoomIdle, RoomUse
from hub.core.people import Permission
from hub.core.usage import UsageSettings
from hub.web.districts import asked_districts, theirs
from hub.web.gate import gated, needs
from hub.web.listed import Listed, listed_file
from hub.web.listing import Arranging, Asked, Found, Listing, by_name
from hub.web.routes.spans import DaySpan, last_days
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
_BY_USE = ("school", "least_used", "most_used", "lost")
_ROOMS = Listing[RoomUse](
    "usage",
    {
        "place": lambda _room: 0,
        "idle": lambda room: -room.idle_days,
        "school": lambda room: by_name(room.school_name or room.school),
        "least_used": lambda room: room.used_min,
        "most_used": lambda room: -room.used_min,
        "lost": lambda room: -room.lost_min,
    },
    lambda room: (room.school_name, room.school, room.room),
    {},
)
Group = Annotated[str | None, Query(max_length=200)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS, cut=True))

    @routes.get("/usage")
    def usage(
        request: Request,
        asked: Asked,
        show: Show = "idle",
        group: Group = None,
        page: Annotated[int, Query(ge=1, le=_LAST_PAGE)] = 1,
    ) -> HTMLResponse:
        settings = site.renderer.usage
        span = last_days(site.renderer.figures(request).today(site.clock()), settings.window_days)
        listed = _listed(site, asked_districts(request, group), span, show, asked)
        places, pages = _turned([_place(room) for room in listed.rooms], page)
        told = listed.whole if listed.whole is not None else _read(site, listed.groups, span, places)
        by_place = {_place(room): room for room in told}
        context = {
            "rooms": [by_place[each] for each in places if each in by_place],
            **pages,
            "found": listed.found,
            "counts": listed.counts,
            "settings": settings,
            "span": span,
            "show": show,
            "groups": theirs(request, site.insights.groups()),
            "group": group,
        }
        return site.renderer.page(request, "reports/usage.html", context)

    @routes.get("/usage/export.{kind}")
    def export(request: Request, kind: str, asked: Asked, show: Show = "idle", group: Group = None) -> Response:
        span = last_days(site.renderer.figures(request).today(site.clock()), site.renderer.usage.window_days)
        shown = _shown(site, asked_districts(request, group), span, show)
        order = asked.order if asked.order in _orders(show) else _orders(show)[0]
        found = _ROOMS.found(shown, Arranging(asked.q, order))
        return listed_file(site, request, kind, Listed("usage", _COLUMNS, map(_told, found.lines)))

    return routes


class _Listed(NamedTuple):
    """The rooms of all pages in their order. whole: what is told of each; None: to be read of those of a page"""

    rooms: Sequence[RoomUse | RoomIdle]
    whole: Sequence[RoomUse] | None
    found: Found[RoomUse]
    counts: Mapping[str, int]
    groups: frozenset[str] | None


def _listed(site: Site, groups: frozenset[str] | None, span: DaySpan, show: Show, asked: Arranging) -> _Listed:
    rooms = site.insights.idle(groups, span.first, span.last, site.renderer.usage.idle_class_days)
    idle = [room for room in rooms if is_idle(room, site.renderer.usage)]
    counts, orders = {"idle": len(idle), "all": len(rooms)}, _orders(show)
    order = asked.order if asked.order in orders else orders[0]
    found = Found[RoomUse]((), asked.q, order, orders)
    if asked.q or order in _BY_USE:
        # What is asked of names and minutes is known of whole rooms only.
        whole = _ROOMS.found(_shown(site, groups, span, show), Arranging(asked.q, order)).lines
        return _Listed(whole, whole, found, counts, groups)
    first: Sequence[RoomIdle] = idle if show == "idle" else rooms
    ordered = sorted(first, key=lambda room: -room.idle_days) if order == "idle" else first
    return _Listed(ordered, None, found, counts, groups)


def _read(site: Site, groups: frozenset[str] | None, span: DaySpan, places: Collection[_Place]) -> Sequence[RoomUse]:
    return site.insights.rooms(groups, span.first, span.last, among=places) if places else ()


def _shown(site: Site, groups: frozenset[str] | None, span: DaySpan, show: Show) -> Iterable[RoomUse]:
    rooms = site.insights.rooms(groups, span.first, span.last)
    return (room for room in rooms if show == "all" or is_idle(room, site.renderer.usage))


def _orders(show: Show) -> tuple[str, ...]:
    """The first is the usual one."""
    return ("idle", "place", *_BY_USE) if show == "idle" else ("place", "idle", *_BY_USE)


def _place(room: RoomUse | RoomIdle) -> _Place:
    return room.group, room.school, room.room


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

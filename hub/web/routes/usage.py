"""The use of equipment: how often each room shows lessons, and which sets could be moved to a school in need."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from hub.core.insights import RoomUse
from hub.core.people import Permission
from hub.core.usage import UsageSettings
from hub.web.gate import gated, needs
from hub.web.routes.spans import last_days
from hub.web.site import Site

_MOST = 500
Show = Literal["idle", "all"]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS))

    @routes.get("/usage")
    def usage(
        request: Request, show: Show = "idle", group: Annotated[str | None, Query(max_length=200)] = None
    ) -> HTMLResponse:
        settings = site.renderer.usage
        span = last_days(site.renderer.figures(request).today(site.clock()), settings.window_days)
        rooms = site.insights.rooms(group, span.first, span.last)
        idle = [room for room in rooms if is_idle(room, settings)]
        shown = sorted(idle, key=lambda room: -room.idle_days) if show == "idle" else list(rooms)
        context = {
            "rooms": shown[:_MOST],
            "left_out": max(0, len(shown) - _MOST),
            "counts": {"idle": len(idle), "all": len(rooms)},
            "settings": settings,
            "span": span,
            "show": show,
            "groups": site.insights.groups(),
            "group": group,
        }
        return site.renderer.page(request, "usage.html", context)

    return routes


def is_idle(room: RoomUse, settings: UsageSettings) -> bool:
    """It could be used, and has not been for long."""
    return room.has_picture and room.idle_days >= settings.idle_class_days

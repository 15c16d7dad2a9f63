"""The first page: what is wrong now, and every school with its state."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from hub.core.views import SchoolLine
from hub.web.live import FLEET
from hub.web.routes.schools import by_room
from hub.web.shared import SharedAnswers
from hub.web.site import Site

_PRESSING = 8
_PART = "overview"
Show = Literal["all", "silent", "trouble"]
_SHOWN: dict[str, Callable[[SchoolLine], bool]] = {
    "all": lambda _line: True,
    "silent": lambda line: not line.node.online,
    "trouble": lambda line: line.troubled > 0 or line.tickets > 0,
}


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    shared = SharedAnswers()

    def page(request: Request, show: Show) -> HTMLResponse:
        view = site.pages.overview(_PRESSING, site.clock())
        schools = sorted(filter(_SHOWN[show], view.schools), key=_urgency)
        # A hub that has one school, as every hub has at first, shows it at once.
        only = site.pages.school(view.schools[0].node.key) if len(view.schools) == 1 else None
        rooms = by_room(only.devices) if only else []
        context = {
            "view": view,
            "schools": schools,
            "show": show,
            "only": only,
            "rooms": rooms,
            "sun": site.sun.days(site.insights.sites(), site.clock()),
            "incidents": site.insights.incidents(running=True, limit=_PRESSING),
            "topics": (FLEET,),
        }
        return site.renderer.page(request, "overview.html", context)

    @routes.get("/")
    def overview(request: Request, show: Annotated[Show, Query()] = "all") -> Response:
        if request.headers.get("hx-target") != _PART or "gzip" not in request.headers.get("accept-encoding", ""):
            return page(request, show)
        version = site.live.version
        key = (site.renderer.language(request).code, show)
        return shared.answer(key, version, lambda: bytes(page(request, show).body))

    return routes


def _urgency(line: SchoolLine) -> tuple[bool, bool, str]:
    """Those in trouble first, then those that are silent."""
    return line.troubled == 0, line.node.online, str(line.node.key)

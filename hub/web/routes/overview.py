"""The first page: what is wrong now, and every school with its state."""

from collections.abc import Callable, Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.core.people import Permission, Principal
from hub.core.views import NodeView, SchoolLine
from hub.web.addresses import school_url
from hub.web.gate import SIGNED_IN, gated, require, require_all_districts
from hub.web.live import FLEET
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed
from hub.web.routes.schools import by_room
from hub.web.shared import SharedAnswers
from hub.web.site import Site

_PRESSING = 8
_AT_ONCE = 500
_PART = "overview"
Show = Literal["all", "silent", "trouble"]
_SHOWN: dict[str, Callable[[SchoolLine], bool]] = {
    "all": lambda _line: True,
    "silent": lambda line: not line.node.online,
    "trouble": lambda line: line.troubled > 0 or line.tickets > 0,
}


def router(site: Site) -> APIRouter:
    routes = gated(SIGNED_IN)
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
        principal = principal_of(request)
        if not principal.may(Permission.SEE_FLEET):
            return _own_school(site, request, principal)
        require_all_districts(request, Permission.SEE_FLEET)
        if request.headers.get("hx-target") != _PART or "gzip" not in request.headers.get("accept-encoding", ""):
            return page(request, show)
        version = site.live.version
        # What is shared carries no word of anybody's session; and who may adopt sees more of it.
        key = (site.renderer.language(request).code, show, principal.may(Permission.ADOPT))
        return shared.answer(key, version, lambda: bytes(page(request, show).body))

    return routes


def _own_school(site: Site, request: Request, principal: Principal) -> Response:
    """For those who only see their own: its page, once its computer has reported. Raises NotAllowed."""
    if principal.school is None:
        raise NotAllowed(Permission.SEE_FLEET)
    require(principal, Permission.SEE_OWN_SCHOOL)
    found = next((each for each in _nodes(site) if principal.may_see(each.key.group, each.key.school)), None)
    if found is not None:
        return RedirectResponse(school_url(found.key), status_code=303)
    return site.renderer.page(request, "no_school_yet.html", {"school": principal.school})


def _nodes(site: Site) -> Iterator[NodeView]:
    last = None
    while found := site.pages.nodes(last, _AT_ONCE):
        yield from found
        last = found[-1].key


def _urgency(line: SchoolLine) -> tuple[bool, bool, str]:
    """Those in trouble first, then those that are silent."""
    return line.troubled == 0, line.node.online, str(line.node.key)

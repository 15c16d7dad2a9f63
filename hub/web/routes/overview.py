"""The first page: what waits for whoever looks, the day's numbers, the map, what is wrong, and each school."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.core.insights import IncidentView
from hub.core.overview import AbsentSchool, SchoolPlace, SchoolState
from hub.core.people import Permission, Principal
from hub.core.views import NodeView, SchoolLine
from hub.web.addresses import school_url
from hub.web.districts import own_districts
from hub.web.gate import SIGNED_IN, gated, needs, require
from hub.web.language import Language
from hub.web.listed import Listed, listed_file
from hub.web.listing import Arranging, Listing, at, by_name, rising
from hub.web.live import FLEET
from hub.web.map_view import map_of
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed
from hub.web.routes.schools import by_room
from hub.web.shared import SharedAnswers
from hub.web.site import Site
from hub.web.spots import map_data, spots_of, without_place

_PRESSING = 8
_AT_ONCE = 500
_PART = "overview"
_SHOWN_SCHOOLS = 40
"""Those in trouble stand first; the others are one click away."""
Show = Literal["all", "silent", "trouble", "absent"]
Order = Literal["attention", "school", "silent", "tickets"]
_SHOWN: dict[str, Callable[[SchoolLine], bool]] = {
    "all": lambda _line: True,
    "silent": lambda line: not line.node.online,
    "trouble": lambda line: line.troubled > 0 or line.tickets > 0,
    "absent": lambda _line: False,
}
_SCHOOLS = Listing[SchoolLine](
    "schools",
    {
        # Those in trouble first, then those that are silent.
        "attention": lambda line: (line.troubled == 0, line.node.online, str(line.node.key)),
        "school": lambda line: by_name(line.node.school_name or line.node.key.name),
        "silent": lambda line: rising(line.node.heard_at),
        "tickets": lambda line: -line.tickets,
    },
    lambda _line: (),
    {},
)
"""Searched by /search, which knows all of them."""


def router(site: Site) -> APIRouter:
    routes = gated(SIGNED_IN)
    pages = _OverviewPages(site)
    routes.get("/")(pages.overview)
    routes.get("/schools/export.{kind}", dependencies=[needs(Permission.SEE_FLEET, cut=True)])(pages.export)
    routes.get("/mine", dependencies=[needs(Permission.SEE_FLEET, cut=True)])(pages.mine)
    return routes


class _OverviewPages:
    def __init__(self, site: Site) -> None:
        self._site, self._shared = site, SharedAnswers()

    def overview(
        self,
        request: Request,
        show: Annotated[Show, Query()] = "all",
        every: bool = False,
        order: Annotated[Order, Query()] = "attention",
    ) -> Response:
        principal = principal_of(request)
        if not principal.may(Permission.SEE_FLEET):
            return _own_school(self._site, request, principal)
        if request.headers.get("hx-target") != _PART or "gzip" not in request.headers.get("accept-encoding", ""):
            return self._page(request, show, every, order, principal)
        version = self._site.live.version
        # What is shared carries no word of anybody's session; who may adopt or enrol, or sees other districts, sees more of it.
        may = principal.may(Permission.ADOPT), principal.may(Permission.ENROL)
        key = (self._site.renderer.language(request).code, show, every, order, may, principal.groups)
        return self._shared.answer(key, version, lambda: bytes(self._page(request, show, every, order, None).body))

    def mine(self, request: Request, seen: Annotated[str, Query(max_length=40)] = "") -> Response:
        """What waits for whoever looks, alone: it is nobody else's, so that it is not part of what many share.

        Nothing where it is what they have seen.
        """
        waits = self._waits(principal_of(request))
        if seen and seen == waits["waits_seen"]:
            return Response(status_code=204)
        return self._site.renderer.page(request, "overview/mine.html", waits)

    def _page(self, request: Request, show: Show, every: bool, order: Order, who: Principal | None) -> HTMLResponse:
        """who: None where the answer is shared, which shows nothing of anybody's own."""
        site, now, groups = self._site, self._site.clock(), own_districts(request)
        view = site.pages.overview(_PRESSING, now, groups)
        incidents = site.insights.incidents(groups, running=True, limit=_PRESSING)
        places = site.office.overview.places(groups)
        context = {
            "view": view,
            "incidents": incidents,
            "sun": site.sun.days(((place.lat, place.lon) for place in places), now),
            "topics": (FLEET,),
            "day": site.office.overview.day(now, groups),
            **self._list(view.schools, show, every, order),
            **_absent(site.office.overview.absent(groups), show, every),
            **self._waits(who),
            **_map(site, request, places, (view.schools, incidents)),
        }
        return site.renderer.page(request, "overview/overview.html", context)

    def export(
        self, request: Request, kind: str, show: Annotated[Show, Query()] = "all", order: Order = "attention"
    ) -> Response:
        """The schools that the list shows, and those that have never reported."""
        site, groups, figures = self._site, own_districts(request), self._site.renderer.figures(request)
        language, view = site.renderer.language(request), site.pages.overview(0, site.clock(), groups)
        lines = _SCHOOLS.found(filter(_SHOWN[show], view.schools), Arranging("", order)).lines
        reporting = (
            (
                *(each.node.key.group, each.node.key.school, each.node.school_name, each.node.key.name),
                *(language.gettext("online" if each.node.online else "silent"), at(figures, each.node.heard_at)),
                *(each.devices, each.troubled, each.tickets),
            )
            for each in lines
        )
        never = site.office.overview.absent(groups) if show in ("all", "absent") else ()
        state = language.gettext("school_state.absent")
        absent = ((each.group, each.code, each.name, "", state, "", None, None, None) for each in never)
        columns = ("district", "code", "school", "computer", "state", "heard", "devices", "troubled", "tickets")
        return listed_file(site, request, kind, Listed("schools", columns, chain(reporting, absent)))

    def _list(self, lines: Sequence[SchoolLine], show: Show, every: bool, order: Order) -> Mapping[str, object]:
        found = _SCHOOLS.found(filter(_SHOWN[show], lines), Arranging("", order)).lines
        # A hub that has one school, as every hub has at first, shows it at once.
        only = self._site.pages.school(lines[0].node.key) if len(lines) == 1 else None
        return {
            "schools": found if every else found[:_SHOWN_SCHOOLS],
            "more_schools": 0 if every or len(found) <= _SHOWN_SCHOOLS else len(found),
            "show": show,
            "order": order,
            "orders": get_args(Order),
            "only": only,
            "rooms": by_room(only.devices) if only else [],
        }

    def _waits(self, who: Principal | None) -> Mapping[str, object]:
        waits = self._site.office.overview.waiting(who, self._site.clock()) if who is not None else ()
        seen = hashlib.sha256(repr(waits).encode()).hexdigest()[:16]
        return {"waits": waits, "waits_seen": seen, "definitions": self._site.requests.engine.definitions}


def _absent(found: Sequence[AbsentSchool], show: Show, every: bool) -> Mapping[str, object]:
    """They stand in a list of their own, and are counted in that of all."""
    listed = found if show == "absent" else ()
    return {
        "absent": listed if every else listed[:_SHOWN_SCHOOLS],
        "more_absent": 0 if every or len(listed) <= _SHOWN_SCHOOLS else len(listed),
        "absent_in_all": len(found),
    }


def _map(
    site: Site,
    request: Request,
    places: Sequence[SchoolPlace],
    seen: tuple[Sequence[SchoolLine], Sequence[IncidentView]],
) -> Mapping[str, object]:
    """What the map shows; nothing where no school has a place."""
    lines, incidents = seen
    spots = spots_of(places, lines, site.clock())
    figures, language = site.renderer.figures(request), site.renderer.language(request)
    return {
        "map_data": map_data(spots, incidents, figures) if spots else "",
        "map_words": _map_words(language),
        "ground": map_of(request),
        "states": [state.value for state in SchoolState],
        "placeless": without_place(places, lines) if spots else 0,
    }


def _map_words(language: Language) -> Mapping[str, str]:
    """What the map's script says."""
    words = {state.value: language.gettext(f"school_state.{state.value}") for state in SchoolState}
    own = {code: language.gettext(f"map.{code}") for code in ("schools", "open", "closer", "farther")}
    return {**words, **own, "heard": language.gettext("heard"), "never": language.gettext("never")}


def _own_school(site: Site, request: Request, principal: Principal) -> Response:
    """For those who only see their own: its page, once its computer has reported. Raises NotAllowed."""
    if principal.school is None:
        raise NotAllowed(Permission.SEE_FLEET)
    require(principal, Permission.SEE_OWN_SCHOOL)
    found = next((each for each in _nodes(site) if principal.may_see(each.key.group, each.key.school)), None)
    if found is not None:
        return RedirectResponse(school_url(found.key), status_code=303)
    return site.renderer.page(request, "overview/no_school_yet.html", {"school": principal.school})


def _nodes(site: Site) -> Iterator[NodeView]:
    last = None
    while found := site.pages.nodes(last, _AT_ONCE):
        yield from found
        last = found[-1].key

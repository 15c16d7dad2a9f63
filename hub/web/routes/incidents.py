"""Incidents: what befalls several schools, or what no technician can mend. The list, and one with its members."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from hub.core.insights import IncidentView
from hub.core.people import Permission
from hub.web.districts import own_districts, theirs
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import Asked, Listing, at, by_name
from hub.web.live import FLEET
from hub.web.principal import principal_of
from hub.web.site import Site

_PAGE = 50
BIGGEST = 1_000_000
MOST = 10_000
"""The newest, among which is searched and which stand in a file."""
Show = Literal["running", "all"]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS, cut=True), prefix="/incidents")

    @routes.get("")
    def incidents(
        request: Request, asked: Asked, show: Show = "all", skip: Annotated[int, Query(ge=0, le=BIGGEST)] = 0
    ) -> HTMLResponse:
        groups, listing, running = own_districts(request), incident_list(site, request), show == "running"
        if asked.q or asked.order not in ("", "newest"):
            everything = listing.found(site.insights.incidents(groups, running=running, limit=MOST), asked)
            found = everything.lines[skip : skip + _PAGE + 1]
        else:
            found = site.insights.incidents(groups, running=running, skip=skip, limit=_PAGE + 1)
            everything = listing.found((), asked)
        context = {
            "found": everything,
            "incidents": found[:_PAGE],
            "more": skip + _PAGE if len(found) > _PAGE else None,
            "show": show,
            "feed": f"/incidents.atom?{urlencode(_feed_query(site, request))}",
            "sun": site.sun.days(site.insights.sites(groups), site.clock()),
            "topics": (FLEET,),
        }
        return site.renderer.page(request, "incidents/incidents.html", context)

    @routes.get("/{group}/{key:path}")
    def incident(request: Request, group: str, key: str) -> HTMLResponse:
        view = site.insights.incident(group, key) if theirs(request, [group]) else None
        if view is None:
            raise no_such("incident", "key")
        return site.renderer.page(request, "incidents/incident.html", {"view": view, "topics": (FLEET,)})

    return routes


def incident_list(site: Site, request: Request) -> Listing[IncidentView]:
    figures = site.renderer.figures(request)

    def codes(view: IncidentView) -> str:
        return " ".join(each.code for each in view.schools)

    return Listing(
        "incidents",
        {
            "newest": lambda view: -view.start,
            "oldest": lambda view: view.start,
            "lost": lambda view: -view.lost_min,
            "schools": lambda view: -len(view.schools),
            "cause": lambda view: by_name(figures.incident(view.cause)),
        },
        lambda view: (figures.incident(view.cause), view.group, codes(view), *(each.name for each in view.schools)),
        {
            "cause": lambda view: figures.incident(view.cause),
            "district": lambda view: view.group,
            "schools": lambda view: len(view.schools),
            "codes": codes,
            "began": lambda view: at(figures, view.start),
            "over": lambda view: at(figures, view.end),
            "lost_min": lambda view: round(view.lost_min),
        },
    )


def _feed_query(site: Site, request: Request) -> dict[str, str]:
    """A feed reader has no session: the key of the person who subscribes opens the feed, and only that."""
    key = site.feed_keys.key_of(principal_of(request))
    return {"lang": site.renderer.language(request).code} | ({"key": key} if key else {})

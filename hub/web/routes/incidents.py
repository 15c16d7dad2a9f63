"""Incidents: what befalls several schools, or what no technician can mend. The list, and one with its members."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from hub.web.failures import no_such
from hub.web.live import FLEET
from hub.web.site import Site

_PAGE = 50
BIGGEST = 1_000_000
Show = Literal["running", "all"]


def router(site: Site) -> APIRouter:
    routes = APIRouter(prefix="/incidents", include_in_schema=False)

    @routes.get("")
    def incidents(
        request: Request, show: Show = "all", skip: Annotated[int, Query(ge=0, le=BIGGEST)] = 0
    ) -> HTMLResponse:
        found = site.insights.incidents(running=show == "running", skip=skip, limit=_PAGE + 1)
        context = {
            "incidents": found[:_PAGE],
            "more": skip + _PAGE if len(found) > _PAGE else None,
            "show": show,
            "sun": site.sun.days(site.insights.sites(), site.clock()),
            "topics": (FLEET,),
        }
        return site.renderer.page(request, "incidents.html", context)

    @routes.get("/{group}/{key:path}")
    def incident(request: Request, group: str, key: str) -> HTMLResponse:
        view = site.insights.incident(group, key)
        if view is None:
            raise no_such("incident", "key")
        return site.renderer.page(request, "incident.html", {"view": view, "topics": (FLEET,)})

    return routes

"""Places that stand together on one page, each for those who may go there."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.web.districts import districts
from hub.web.gate import SIGNED_IN, gated
from hub.web.navigation import MANAGED, OFFICE, Place
from hub.web.principal import principal_of
from hub.web.site import Site


def router(site: Site) -> APIRouter:
    routes = gated(SIGNED_IN)

    @routes.get("/manage")
    def manage(request: Request) -> Response:
        return _page(request, "manage", MANAGED)

    @routes.get("/office")
    def office(request: Request) -> Response:
        return _page(request, "office", OFFICE)

    def _page(request: Request, here: str, places: Sequence[Place]) -> Response:
        several = len(districts(request)) > 1
        own = [each for each in places if each.is_for(principal_of(request)) and (several or not each.several)]
        return site.renderer.page(request, "places.html", {"place": here, "held": own})

    return routes

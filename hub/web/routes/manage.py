"""What is looked after in the office, each for those who may."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.web.gate import SIGNED_IN, gated
from hub.web.navigation import MANAGED
from hub.web.principal import principal_of
from hub.web.site import Site


def router(site: Site) -> APIRouter:
    routes = gated(SIGNED_IN)

    @routes.get("/manage")
    def manage(request: Request) -> Response:
        managed = [place for place in MANAGED if place.is_for(principal_of(request))]
        return site.renderer.page(request, "manage.html", {"managed": managed})

    return routes

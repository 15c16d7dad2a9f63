"""For those who operate the hub: is it alive, is it ready, how is it doing."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from hub.core.people import Permission
from hub.web.gate import PUBLIC, gated, needs
from hub.web.identity import is_local
from hub.web.site import Site


def router(site: Site) -> APIRouter:
    routes = gated()

    @routes.get("/healthz", dependencies=[PUBLIC])
    async def alive() -> JSONResponse:
        return JSONResponse({"alive": True})

    @routes.get("/readyz", dependencies=[PUBLIC])
    def ready() -> JSONResponse:
        """503 while something that the hub needs is not there, and why."""
        reasons = dict(site.readiness())
        return JSONResponse({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)

    @routes.get("/metrics", dependencies=[needs(Permission.SEE_FLEET, passes=is_local)])
    def metrics() -> Response:
        return Response(site.metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return routes

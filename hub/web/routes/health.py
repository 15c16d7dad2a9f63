"""For those who operate the hub: is it alive, is it ready, how is it doing."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from hub.web.site import Site


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    def alive() -> JSONResponse:
        return JSONResponse({"alive": True})

    @routes.get("/readyz")
    def ready() -> JSONResponse:
        """503 while something that the hub needs is not there, and why."""
        reasons = dict(site.readiness())
        return JSONResponse({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(site.metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return routes

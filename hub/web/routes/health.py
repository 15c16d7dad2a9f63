"""For those who operate the hub: is it alive, is it ready, how is it doing."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from hub.core.people import Permission
from hub.web.gate import PUBLIC, gated, needs
from hub.web.settings import LOOPBACK_HOSTS
from hub.web.site import Site


def router(site: Site) -> APIRouter:
    routes = gated()

    @routes.get("/healthz", dependencies=[PUBLIC])
    def alive() -> JSONResponse:
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


def is_local(request: Request) -> bool:
    """Somebody on the hub's own machine who calls it by a name of loopback; not a proxy on behalf of somebody else."""
    here = request.client is not None and request.client.host in LOOPBACK_HOSTS
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-forwarded-host", "via"))
    return here and not forwarded and request.url.hostname in LOOPBACK_HOSTS

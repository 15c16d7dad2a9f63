"""The own boundaries of the map, as the browser loads them after the page."""

import gzip

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.core.people import Permission
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.map_view import BOUNDARIES, map_of
from hub.web.site import Site

_FOR_EVER = "private, max-age=31536000, immutable"


def router(_site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_OWN_SCHOOL))

    @routes.get(BOUNDARIES)
    def boundaries(request: Request) -> Response:
        own = map_of(request).own
        if own is None:
            raise no_such("file of boundaries", "map.boundaries")
        headers = {"Vary": "Accept-Encoding", "Cache-Control": _FOR_EVER if "v" in request.query_params else "no-cache"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(gzip.decompress(own.body), media_type="application/geo+json", headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(own.body, media_type="application/geo+json", headers=headers)

    return routes

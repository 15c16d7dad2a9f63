"""What the JSON API accepts and answers, for programs (OpenAPI)."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from hub.web.gate import PUBLIC, gated
from hub.web.site import Site


def router(_site: Site) -> APIRouter:
    routes = gated(PUBLIC)

    @routes.get("/openapi.json")
    def schema(request: Request) -> JSONResponse:
        """Tells nothing of any school: everybody may read it who writes a program."""
        found: dict[str, Any] = request.app.openapi()
        return JSONResponse(found)

    return routes

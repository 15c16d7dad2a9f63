"""The live stream of an open page."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from hub.web.failures import Problem
from hub.web.site import Site

_MOST_VIEWERS = 1000
Topic = Annotated[str, Query(max_length=500)]


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/live")
    async def live(topic: Annotated[list[Topic], Query(min_length=1, max_length=4)]) -> StreamingResponse:
        if site.live.viewers >= _MOST_VIEWERS:
            raise Problem(503, "too-many-viewers", "Too many pages are open.", way_out="reload the page now and then")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(site.live.stream(topic), media_type="text/event-stream", headers=headers)

    return routes

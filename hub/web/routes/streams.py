"""The live stream of an open page."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from hub.core.people import Permission
from hub.web.failures import Problem
from hub.web.gate import gated, needs
from hub.web.site import Site
from hub.web.whose import places_of_topics

_MOST_VIEWERS = 1000
Topic = Annotated[str, Query(max_length=500)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_FLEET, whose=places_of_topics(site)))

    @routes.get("/live")
    async def live(topic: Annotated[list[Topic], Query(min_length=1, max_length=4)]) -> StreamingResponse:
        if site.live.viewers >= _MOST_VIEWERS:
            raise Problem(503, "too-many-viewers", "Too many pages are open.", way_out="reload the page now and then")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(site.live.stream(topic), media_type="text/event-stream", headers=headers)

    return routes

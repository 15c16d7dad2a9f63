"""The live stream of an open page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from hub.core.people import Permission
from hub.web.failures import Problem
from hub.web.gate import gated, needs
from hub.web.principal import principal_of
from hub.web.site import Site
from hub.web.whose import places_of_topics

_MOST_VIEWERS = 1000
_MOST_OF_ONE = _MOST_VIEWERS // 4
"""Of one person or token, so that nobody can keep the others' pages from being live."""
Topic = Annotated[str, Query(max_length=500)]


def router(site: Site) -> APIRouter:
    # That something changed somewhere is no word of what, nor where: whoever hears it asks again for what they may see.
    routes = gated(needs(Permission.SEE_FLEET, whose=places_of_topics(site), cut=True))

    @routes.get("/live")
    async def live(
        request: Request, topic: Annotated[list[Topic], Query(min_length=1, max_length=4)]
    ) -> StreamingResponse:
        who = principal_of(request).label
        if site.live.viewers >= _MOST_VIEWERS or site.live.viewers_of(who) >= _MOST_OF_ONE:
            raise Problem(503, "too-many-viewers", "Too many pages are open.", way_out="reload the page now and then")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(site.live.stream(topic, who), media_type="text/event-stream", headers=headers)

    return routes

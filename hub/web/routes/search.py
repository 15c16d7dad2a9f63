"""One field for whatever somebody has in mind: a school, a ticket, a request, an asset."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from hub.web.gate import SIGNED_IN, gated
from hub.web.later import Later
from hub.web.principal import principal_of
from hub.web.routes.tickets import causes_by_words
from hub.web.site import Site

_MOST = 10
"""Of each kind; who does not see theirs among them types more."""


def router(site: Site) -> APIRouter:
    routes = gated(SIGNED_IN)

    @routes.get("/search")
    def search(request: Request, q: Annotated[str, Query(max_length=80)] = "") -> HTMLResponse:
        words = " ".join(q.split())
        return site.renderer.page(request, "search.html", {"q": words} | _found(request, words))

    def _found(request: Request, words: str) -> dict[str, object]:
        if not words:
            return dict.fromkeys(("schools", "tickets", "requests", "assets"), ())
        who, spoken = principal_of(request), site.renderer.spoken()
        return {
            "schools": site.search.schools(who, words, _MOST),
            "tickets": site.search.tickets(who, words, causes_by_words(words, spoken), _MOST),
            "requests": site.search.requests(who, words, _MOST),
            "assets": site.search.assets(who, words, _MOST),
            "definitions": site.requests.engine.definitions,
            "school_names": Later(lambda: site.requests.look.schools(who)),
            "today": date.fromisoformat(site.renderer.figures(request).today(site.clock())),
        }

    return routes

"""The incidents of the last two weeks as a feed, for those who want to be told by their feed reader."""

import hashlib

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.core.people import Permission
from hub.web.atom import MEDIA_TYPE, Feed
from hub.web.districts import own_districts
from hub.web.gate import gated, needs
from hub.web.site import Site

_DAY_MS = 86_400_000
_DAYS = 14
_MOST = 500


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS, passes=site.feed_keys.opens, cut=True))

    @routes.get("/incidents.atom")
    def incidents(request: Request) -> Response:
        since = (site.clock() // _DAY_MS - _DAYS) * _DAY_MS
        owner = site.feed_keys.owner(request)
        groups = own_districts(request) if owner is None else owner.groups
        found = site.insights.incidents(groups, since=since, limit=_MOST)
        feed = Feed(site.renderer.incident_words(request), str(request.base_url).rstrip("/"), since)
        return _unless_known(request, feed.document(found))

    return routes


def _unless_known(request: Request, body: bytes) -> Response:
    """304 for a reader that has this very document. Weak: it may be sent compressed."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": f"W/{tag}", "Cache-Control": "no-cache", "Vary": "Cookie"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)

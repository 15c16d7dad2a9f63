"""The JSON API of papers: which a request has made, and each as a file."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from hub.core.people import Permission
from hub.web.api_models import Page
from hub.web.failures import no_such
from hub.web.gate import gated_api, needs
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed
from hub.web.routes.papers import KINDS, FormId, Number, Papers
from hub.web.site import Site
from hub.workflows.sight import may_see


class PaperModel(BaseModel):
    form: str
    title: str | None
    files: dict[str, str]
    elsewhere: str | None


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.MAKE_REQUESTS), prefix="/requests")
    api = _ApiPapers(site)
    routes.get("/{number}/papers")(api.some)
    routes.get("/{number}/papers/{form}.{kind}", response_class=Response, responses={200: _FILES})(api.file)
    return routes


_FILES: dict[str, Any] = {"content": {media: {} for media in KINDS.values()}}


class _ApiPapers:
    def __init__(self, site: Site) -> None:
        self._site, self._papers = site, Papers(site)

    def some(self, request: Request, number: Number) -> Page[PaperModel]:
        """Forms that a request has made. `files`: their addresses by kind; `elsewhere`: where it is found that has none."""
        found = self._site.requests.look.one(number)
        if found is None:
            raise no_such("request", "number")
        if not may_see(principal_of(request), found[0]):
            raise NotAllowed(None)
        items = [
            PaperModel(
                form=each.form,
                title=each.words.th if each.words else None,
                files={kind: f"/api/v1/requests/{number}/papers/{each.form}.{kind}" for kind in each.kinds},
                elsewhere=each.where.th if each.where else None,
            )
            for each in self._site.office.papers.offered(*found)
        ]
        return Page(items=items, next=None)

    def file(self, request: Request, number: Number, form: FormId, kind: str) -> Response:
        """A paper as it is filled now: `pdf`, or `xlsx` where the form has a table."""
        return self._papers.file(request, number, form, kind)

"""Papers of requests, as files: a PDF, or the table that an office goes on working with."""

from typing import Annotated, TypeGuard
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from hub.core.people import Permission
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.paper_pages import PaperKind
from hub.web.principal import principal_of
from hub.web.site import Site

PAGE = "/requests"
KINDS = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Number = Annotated[str, Path(max_length=40)]
FormId = Annotated[str, Path(max_length=8)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.MAKE_REQUESTS), prefix=PAGE)
    papers = Papers(site)
    routes.get("/{number}/papers/{form}.{kind}")(papers.file)
    return routes


class Papers:
    def __init__(self, site: Site) -> None:
        self._site = site

    def file(self, request: Request, number: Number, form: FormId, kind: str) -> Response:
        """As it is filled now."""
        who, now = principal_of(request), self._site.clock()
        data = self._site.office.papers.of_request(number, form, kind, who, now) if _is_kind(kind) else None
        if data is None:
            raise no_such("paper", "form")
        headers = {
            "Content-Disposition": f"inline; filename*=UTF-8''{quote(f'{form}-{number}.{kind}')}",
            "Cache-Control": "no-store",
        }
        return Response(data, media_type=KINDS[kind], headers=headers)


def _is_kind(kind: str) -> TypeGuard[PaperKind]:
    return kind in KINDS

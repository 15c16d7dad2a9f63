"""Papers of requests, as files: a PDF, or the table that an office goes on working with."""

from typing import Annotated, TypeGuard
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from hub.core.people import Permission
from hub.web.failures import no_such
from hub.web.gate import gated, joined, needs
from hub.web.paper_pages import PaperKind
from hub.web.principal import principal_of
from hub.web.site import Site

PAGE, ROUNDS = "/requests", "/allocation"
KINDS = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Number = Annotated[str, Path(max_length=40)]
FormId = Annotated[str, Path(max_length=8)]
LineId = Annotated[int, Path(ge=1, lt=2**53)]


def router(site: Site) -> APIRouter:
    papers = Papers(site)
    of_requests = gated(needs(Permission.MAKE_REQUESTS), prefix=PAGE)
    of_requests.get("/{number}/papers/{form}.{kind}")(papers.file)
    of_rounds = gated(needs(Permission.SEE_ASSETS), prefix=ROUNDS)
    of_rounds.get("/{number}/lines/{line}/F35.pdf")(papers.slip)
    return joined(of_requests, of_rounds)


class Papers:
    def __init__(self, site: Site) -> None:
        self._site = site

    def file(self, request: Request, number: Number, form: FormId, kind: str) -> Response:
        """As it is filled now."""
        who, now = principal_of(request), self._site.clock()
        data = self._site.office.papers.of_request(number, form, kind, who, now) if _is_kind(kind) else None
        return _file(data, f"{form}-{number}", kind)

    def slip(self, request: Request, number: Number, line: LineId) -> Response:
        """F35 of a line of a round: what its school gets."""
        who, office = principal_of(request), self._site.office
        view = office.allocation.round(number, who)
        data = office.papers.of_line(view, line, who, self._site.clock()) if view else None
        return _file(data, f"F35-{number}-{line}", "pdf")


def _file(data: bytes | None, name: str, kind: str) -> Response:
    if data is None:
        raise no_such("paper", "form")
    shown = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(f'{name}.{kind}')}", "Cache-Control": "no-store"}
    return Response(data, media_type=KINDS[kind], headers=shown)


def _is_kind(kind: str) -> TypeGuard[PaperKind]:
    return kind in KINDS

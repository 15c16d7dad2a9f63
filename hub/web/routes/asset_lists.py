"""The register of assets as a file, a list that is sent and looked through, and sheets of stickers."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from hub.assets.changes import written_changes
from hub.assets.refusals import AssetWrong
from hub.assets.vocabulary import vocabulary
from hub.core.people import Permission
from hub.web.failures import Problem, no_such
from hub.web.gate import gated, needs
from hub.web.principal import principal_of
from hub.web.routes.assets import MAX_ID, PAGE, Asked
from hub.web.sent_lists import KINDS, SentLists, file_of
from hub.web.site import Site

IMPORT = f"{PAGE}/import"
_PICKED = 240
_KEEP = needs(Permission.KEEP_ASSETS)
Count = Annotated[int, Query(ge=0, le=10**6)]
Wished = Annotated[Asked, Query()]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_ASSETS), prefix=PAGE)
    pages = _AssetLists(site)
    pages.routed(routes, needs=(_KEEP,))
    routes.get("/template.xlsx")(pages.empty)
    routes.get("/export.{kind}")(pages.export)
    routes.get("/stickers")(pages.choose)
    routes.get("/stickers.pdf")(pages.stickers)
    papers = _AssetPapers(site)
    routes.get("/{asset_id}/handover.pdf")(papers.handover)
    routes.post("/{asset_id}/disposal.pdf", dependencies=[_KEEP])(papers.disposal)
    return routes


class _AssetLists(SentLists):
    address, template = IMPORT, "assets/asset_list.html"

    def __init__(self, site: Site) -> None:
        super().__init__(site, site.office.assets.lists)
        self._look, self._lists = site.office.assets.look, site.office.assets.lists

    def around(self, request: Request) -> Mapping[str, object]:
        language = self._language(request)
        own = {"words": vocabulary(), "differences": lambda each: written_changes(each, language)}
        return {**super().around(request), **own}

    def empty(self, request: Request) -> Response:
        return file_of(self._lists.template(self._language(request)), "assets.xlsx", KINDS["xlsx"])

    def export(self, request: Request, kind: str, asked: Wished) -> Response:
        if kind not in KINDS:
            raise no_such("kind of file", "kind")
        data = self._lists.export(principal_of(request), asked.wanted, kind, self._language(request))
        return file_of(data, f"assets.{kind}", KINDS[kind])

    def choose(self, request: Request, asked: Wished) -> Response:
        who = principal_of(request)
        lines, total = self._look.some(who, asked.wanted, _PICKED, 0)
        context = {
            "lines": lines,
            "total": total,
            "asked": asked,
            "schools": self._look.schools(who),
            "words": vocabulary(),
        }
        return self._site.renderer.page(request, "assets/asset_stickers.html", context)

    def stickers(
        self,
        request: Request,
        asked: Wished,
        id: Annotated[list[int] | None, Query(max_length=_PICKED)] = None,  # noqa: A002  the name in the address
        paper: Annotated[str, Query(max_length=8)] = "",
    ) -> Response:
        """Of those that are named, else of all that the address asks for."""
        language = paper if paper in self._site.renderer.spoken() else self._language(request)
        data = self._lists.stickers(principal_of(request), id or asked.wanted, language)
        return file_of(data, "stickers.pdf", "application/pdf")

    def _language(self, request: Request) -> str:
        return self._site.renderer.language(request).code


class _AssetPapers:
    def __init__(self, site: Site) -> None:
        self._site, self._papers = site, site.office.assets.papers

    def handover(self, request: Request, asset_id: int) -> Response:
        known = 0 < asset_id < MAX_ID
        data = self._papers.handover(asset_id, principal_of(request), self._site.clock()) if known else None
        if data is None:
            raise no_such("slip of hand-over", "asset_id")
        return file_of(data, f"F35-{asset_id}.pdf", "application/pdf")

    def disposal(
        self,
        request: Request,
        asset_id: int,
        disposal: Annotated[str, Form(max_length=40)] = "",
        note: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        """What is missing is asked for by the form itself: it is the one for writing off."""
        if not 0 < asset_id < MAX_ID:
            raise no_such("asset", "asset_id")
        try:
            data = self._papers.disposal(asset_id, disposal, note, principal_of(request), self._site.clock())
        except AssetWrong as wrong:
            if wrong.missing:
                raise no_such("asset", "asset_id") from None
            raise Problem(422, "fields", str(wrong), wrong.faults[0].field, "choose how, and say why") from None
        return file_of(data, f"M01-{asset_id}.pdf", "application/pdf")

"""The register of assets as a file, a list that is sent and looked through, and sheets of stickers."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from hub.assets.changes import written_changes
from hub.assets.refusals import AssetWrong
from hub.assets.vocabulary import vocabulary
from hub.core.people import Permission
from hub.web.districts import chosen_district, districts
from hub.web.failures import Problem, no_such
from hub.web.gate import gated, needs
from hub.web.principal import principal_of
from hub.web.routes.assets import MAX_ID, PAGE, Asked
from hub.web.routes.school_lists import KINDS, printable
from hub.web.school_lists import MOST_BYTES, Sent, Unreadable
from hub.web.site import Site

IMPORT = f"{PAGE}/import"
_PICKED = 240
_KEEP = needs(Permission.KEEP_ASSETS)
Count = Annotated[int, Query(ge=0, le=10**6)]
Wished = Annotated[Asked, Query()]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_ASSETS), prefix=PAGE)
    pages = _AssetLists(site)
    routes.get("/import", dependencies=[_KEEP])(pages.page)
    routes.post("/import", dependencies=[_KEEP])(pages.send)
    routes.post("/import/confirm", dependencies=[_KEEP])(pages.confirm)
    routes.post("/import/drop", dependencies=[_KEEP])(pages.drop)
    routes.get("/template.xlsx")(pages.template)
    routes.get("/export.{kind}")(pages.export)
    routes.get("/stickers")(pages.choose)
    routes.get("/stickers.pdf")(pages.stickers)
    papers = _AssetPapers(site)
    routes.get("/{asset_id}/handover.pdf")(papers.handover)
    routes.post("/{asset_id}/disposal.pdf", dependencies=[_KEEP])(papers.disposal)
    return routes


class _AssetLists:
    def __init__(self, site: Site) -> None:
        self._site, self._look, self._lists = site, site.office.assets.look, site.office.assets.lists

    def page(self, request: Request, new: Count = 0, changed: Count = 0, same: Count = 0) -> Response:
        """What waits for whoever asks; after it was taken over, what became of it."""
        done = {"new": new, "changed": changed, "same": same} if "done" in request.query_params else None
        return self._show(request, done=done, stale="stale" in request.query_params)

    def send(
        self,
        request: Request,
        file: Annotated[UploadFile, File()],
        group: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        sent = Sent(chosen_district(request, group), printable(file.filename or ""), file.file.read(MOST_BYTES + 1))
        unreadable = self._lists.keep(sent, principal_of(request), self._site.clock())
        if unreadable is not None:
            return self._show(request, unreadable=unreadable, name=sent.name)
        return RedirectResponse(IMPORT, status_code=303)

    def confirm(self, request: Request, seal: Annotated[str, Form(max_length=64)] = "") -> Response:
        """Takes over what was seen; where that has changed meanwhile, it is shown anew."""
        changes = self._lists.take_over(seal, principal_of(request), self._site.clock())
        if changes is None:
            return RedirectResponse(f"{IMPORT}?stale=1", status_code=303)
        counts = {"new": len(changes.new), "changed": len(changes.changed), "same": changes.same}
        return RedirectResponse(f"{IMPORT}?{urlencode({'done': 1, **counts})}", status_code=303)

    def drop(self, request: Request) -> Response:
        self._lists.drop(principal_of(request))
        return RedirectResponse(IMPORT, status_code=303)

    def template(self, request: Request) -> Response:
        return _file(self._lists.template(self._language(request)), "assets.xlsx", KINDS["xlsx"])

    def export(self, request: Request, kind: str, asked: Wished) -> Response:
        if kind not in KINDS:
            raise no_such("kind of file", "kind")
        data = self._lists.export(principal_of(request), asked.wanted, kind, self._language(request))
        return _file(data, f"assets.{kind}", KINDS[kind])

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
        return self._site.renderer.page(request, "asset_stickers.html", context)

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
        return _file(data, "stickers.pdf", "application/pdf")

    def _language(self, request: Request) -> str:
        return self._site.renderer.language(request).code

    def _show(
        self,
        request: Request,
        *,
        done: Mapping[str, int] | None = None,
        stale: bool = False,
        unreadable: Unreadable | None = None,
        name: str = "",
    ) -> Response:
        preview = self._lists.waiting(principal_of(request), self._site.clock())
        context = {
            "path": IMPORT,
            "preview": preview,
            "groups": districts(request),
            "done": done,
            "stale": stale and preview is not None,
            "unreadable": unreadable,
            "name": name,
            "most_mb": MOST_BYTES // 1024**2,
            "words": vocabulary(),
            "differences": lambda each: written_changes(each, self._language(request)),
        }
        return self._site.renderer.page(request, "asset_list.html", context, 422 if unreadable else 200)


class _AssetPapers:
    def __init__(self, site: Site) -> None:
        self._site, self._papers = site, site.office.assets.papers

    def handover(self, request: Request, asset_id: int) -> Response:
        known = 0 < asset_id < MAX_ID
        data = self._papers.handover(asset_id, principal_of(request), self._site.clock()) if known else None
        if data is None:
            raise no_such("slip of hand-over", "asset_id")
        return _file(data, f"F35-{asset_id}.pdf", "application/pdf")

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
        return _file(data, f"M01-{asset_id}.pdf", "application/pdf")


def _file(data: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)

"""The stock as a file, and a list of items that is sent, looked through and taken over."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from hub.core.people import Permission
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.principal import principal_of
from hub.web.routes.school_lists import KINDS, printable
from hub.web.routes.supply import PAGE
from hub.web.school_lists import MOST_BYTES, Sent, Unreadable
from hub.web.site import Site

IMPORT = f"{PAGE}/import"
_KEEP = needs(Permission.KEEP_STOCK)
Count = Annotated[int, Query(ge=0, le=10**6)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_ASSETS), prefix=PAGE)
    pages = _StockLists(site)
    routes.get("/import", dependencies=[_KEEP])(pages.page)
    routes.post("/import", dependencies=[_KEEP])(pages.send)
    routes.post("/import/confirm", dependencies=[_KEEP])(pages.confirm)
    routes.post("/import/drop", dependencies=[_KEEP])(pages.drop)
    routes.get("/template.xlsx")(pages.template)
    routes.get("/export.{kind}")(pages.export)
    return routes


class _StockLists:
    def __init__(self, site: Site) -> None:
        self._site, self._lists = site, site.office.supply.lists

    def page(self, request: Request, new: Count = 0, changed: Count = 0, same: Count = 0) -> Response:
        """What waits for whoever asks; after it was taken over, what became of it."""
        done = {"new": new, "changed": changed, "same": same} if "done" in request.query_params else None
        return self._show(request, done=done, stale="stale" in request.query_params)

    def send(self, request: Request, file: Annotated[UploadFile, File()]) -> Response:
        sent = Sent("", printable(file.filename or ""), file.file.read(MOST_BYTES + 1))
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
        return _file(self._lists.template(self._language(request)), "stock.xlsx", KINDS["xlsx"])

    def export(self, request: Request, kind: str) -> Response:
        if kind not in KINDS:
            raise no_such("kind of file", "kind")
        return _file(self._lists.export(kind, self._language(request)), f"stock.{kind}", KINDS[kind])

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
            "done": done,
            "stale": stale and preview is not None,
            "unreadable": unreadable,
            "name": name,
            "most_mb": MOST_BYTES // 1024**2,
        }
        return self._site.renderer.page(request, "stock_list.html", context, 422 if unreadable else 200)


def _file(data: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)

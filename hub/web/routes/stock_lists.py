"""The stock as a file, and a list of items that is sent, looked through and taken over."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.core.people import Permission
from hub.web.districts import chosen_district, own_districts
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.routes.supply import PAGE
from hub.web.sent_lists import KINDS, SentLists, file_of
from hub.web.site import Site

IMPORT = f"{PAGE}/import"


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_ASSETS), prefix=PAGE)
    pages = _StockLists(site)
    pages.routed(routes, needs=(needs(Permission.KEEP_STOCK),))
    routes.get("/template.xlsx")(pages.empty)
    routes.get("/export.{kind}")(pages.export)
    return routes


class _StockLists(SentLists):
    address, template = IMPORT, "supply/stock_list.html"

    def __init__(self, site: Site) -> None:
        super().__init__(site, site.office.supply.lists)
        self._lists = site.office.supply.lists

    def empty(self, request: Request) -> Response:
        return file_of(self._lists.template(self._language(request)), "stock.xlsx", KINDS["xlsx"])

    def export(self, request: Request, kind: str, group: Annotated[str, Query(max_length=200)] = "") -> Response:
        if kind not in KINDS:
            raise no_such("kind of file", "kind")
        # Who sees all districts and names none gets what lies at the hub's own office.
        of = chosen_district(request, group) if group or own_districts(request) is not None else ""
        counted = self._lists.export(kind, self._language(request), of)
        return file_of(counted, f"stock.{kind}", KINDS[kind])

    def _language(self, request: Request) -> str:
        return self._site.renderer.language(request).code

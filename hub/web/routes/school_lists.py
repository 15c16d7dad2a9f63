"""A list of schools: sent, looked through, taken over; and the register as a file."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.core.people import Permission
from hub.schools.records import FIELDS
from hub.web.districts import chosen_district
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.sent_lists import KINDS, SentLists, file_of
from hub.web.site import Site

SCHOOLS = "/admin/schools"
PAGE = f"{SCHOOLS}/import"


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.IMPORT_SCHOOLS), prefix=SCHOOLS)
    pages = _SchoolLists(site)
    pages.routed(routes)
    routes.get("/template.xlsx")(pages.empty)
    routes.get("/export.{kind}")(pages.export)
    return routes


class _SchoolLists(SentLists):
    address, template = PAGE, "admin/school_list.html"

    def __init__(self, site: Site) -> None:
        super().__init__(site, site.lists)
        self._lists = site.lists

    def empty(self, request: Request) -> Response:
        words = self._site.renderer.language(request)
        title = words.gettext("title.schools")
        return file_of(self._lists.template(title, self._headings(request)), f"{title}.xlsx", KINDS["xlsx"])

    def export(self, request: Request, kind: str, group: Annotated[str, Query(max_length=200)] = "") -> Response:
        if kind not in KINDS:
            raise no_such("kind of file", "kind")
        district = chosen_district(request, group)
        data = self._lists.export(district, kind, self._headings(request))
        return file_of(data, f"schools-{district}.{kind}", KINDS[kind])

    def _headings(self, request: Request) -> dict[str, str]:
        words = self._site.renderer.language(request)
        return {name: words.gettext(f"column.{name}") for name in FIELDS}

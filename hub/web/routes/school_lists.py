"""A list of schools: sent, looked through, taken over; and the register as a file."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from hub.core.people import Permission
from hub.schools.records import FIELDS
from hub.web.districts import chosen_district, districts
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.principal import principal_of
from hub.web.school_lists import MOST_BYTES, Sent, Unreadable
from hub.web.site import Site

SCHOOLS = "/admin/schools"
PAGE = f"{SCHOOLS}/import"
KINDS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LONGEST_NAME = 120
Count = Annotated[int, Query(ge=0, le=10**6)]
Group = Annotated[str, Form(max_length=200)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.IMPORT_SCHOOLS), prefix=SCHOOLS)
    pages = _SchoolLists(site)
    routes.get("/import")(pages.page)
    routes.post("/import")(pages.send)
    routes.post("/import/confirm")(pages.confirm)
    routes.post("/import/drop")(pages.drop)
    routes.get("/template.xlsx")(pages.template)
    routes.get("/export.{kind}")(pages.export)
    return routes


class _SchoolLists:
    def __init__(self, site: Site) -> None:
        self._site, self._lists = site, site.lists

    def page(self, request: Request, new: Count = 0, changed: Count = 0, same: Count = 0) -> Response:
        """What waits for whoever asks; after it was taken over, what became of it."""
        done = {"new": new, "changed": changed, "same": same} if "done" in request.query_params else None
        return self._show(request, done=done, stale="stale" in request.query_params)

    def send(self, request: Request, file: Annotated[UploadFile, File()], group: Group = "") -> Response:
        district = chosen_district(request, group)
        sent = Sent(district, printable(file.filename or ""), file.file.read(MOST_BYTES + 1))
        unreadable = self._lists.keep(sent, principal_of(request), self._site.clock())
        if unreadable is not None:
            return self._show(request, unreadable=unreadable, name=sent.name)
        return RedirectResponse(PAGE, status_code=303)

    def confirm(self, request: Request, seal: Annotated[str, Form(max_length=64)] = "") -> Response:
        """Takes over what was seen; where that has changed meanwhile, it is shown anew."""
        changes = self._lists.take_over(seal, principal_of(request), self._site.clock())
        if changes is None:
            return RedirectResponse(f"{PAGE}?stale=1", status_code=303)
        counts = {"new": len(changes.new), "changed": len(changes.changed), "same": changes.same}
        return RedirectResponse(f"{PAGE}?{urlencode({'done': 1, **counts})}", status_code=303)

    def drop(self, request: Request) -> Response:
        self._lists.drop(principal_of(request))
        return RedirectResponse(PAGE, status_code=303)

    def template(self, request: Request) -> Response:
        words = self._site.renderer.language(request)
        title = words.gettext("title.schools")
        return _file(self._lists.template(title, self._headings(request)), f"{title}.xlsx", "xlsx")

    def export(self, request: Request, kind: str, group: Annotated[str, Query(max_length=200)] = "") -> Response:
        if kind not in KINDS:
            raise no_such("kind of file", "kind")
        district = chosen_district(request, group)
        return _file(self._lists.export(district, kind, self._headings(request)), f"schools-{district}.{kind}", kind)

    def _headings(self, request: Request) -> dict[str, str]:
        words = self._site.renderer.language(request)
        return {name: words.gettext(f"column.{name}") for name in FIELDS}

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
            "path": PAGE,
            "preview": preview,
            "groups": districts(request),
            "done": done,
            "stale": stale and preview is not None,
            "unreadable": unreadable,
            "name": name,
            "most_mb": MOST_BYTES // 1024**2,
        }
        return self._site.renderer.page(request, "school_list.html", context, 422 if unreadable else 200)


def printable(name: str) -> str:
    return "".join(filter(str.isprintable, name.replace("\\", "/").rpartition("/")[2]))[:_LONGEST_NAME]


def _file(data: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(data, media_type=KINDS[kind], headers=headers)

"""Lists that people send: looked through, then taken over or thrown away. What stands in them, the pages of each part know."""

from collections.abc import Mapping, Sized
from typing import Annotated, Any, Protocol
from urllib.parse import quote, urlencode

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.params import Depends
from fastapi.responses import RedirectResponse, Response

from hub.core.people import Principal
from hub.web.districts import chosen_district, districts
from hub.web.principal import principal_of
from hub.web.school_lists import MOST_BYTES, Sent, Unreadable
from hub.web.site import Site

KINDS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LONGEST_NAME = 120
Count = Annotated[int, Query(ge=0, le=10**6)]
Group = Annotated[str, Form(max_length=200)]


class Counted(Protocol):
    """What became of a list."""

    @property
    def new(self) -> Sized: ...

    @property
    def changed(self) -> Sized: ...

    @property
    def same(self) -> int: ...


class Lists(Protocol):
    """What a person sent waits for them, and for nobody else."""

    def keep(self, sent: Sent, who: Principal, now: int) -> Unreadable | None: ...

    def waiting(self, who: Principal, now: int) -> Any | None: ...

    def take_over(self, seal: str, who: Principal, now: int) -> Counted | None: ...

    def drop(self, who: Principal) -> None: ...


class SentLists:
    """The pages. address: of the page; template: that shows it."""

    address: str
    template: str

    def __init__(self, site: Site, lists: Lists) -> None:
        self._site, self._sent = site, lists

    def routed(self, routes: APIRouter, *, needs: tuple[Depends, ...] = ()) -> None:
        """needs: besides what the routes need anyway."""
        more = list(needs)
        routes.get("/import", dependencies=more)(self.page)
        routes.post("/import", dependencies=more)(self.send)
        routes.post("/import/confirm", dependencies=more)(self.confirm)
        routes.post("/import/drop", dependencies=more)(self.drop)

    def around(self, request: Request) -> Mapping[str, object]:
        """What the template needs besides the list."""
        return {"groups": districts(request)}

    def page(self, request: Request, new: Count = 0, changed: Count = 0, same: Count = 0) -> Response:
        """What waits for whoever asks; after it was taken over, what became of it."""
        done = {"new": new, "changed": changed, "same": same} if "done" in request.query_params else None
        return self._shown(request, done=done, stale="stale" in request.query_params)

    def send(self, request: Request, file: Annotated[UploadFile, File()], group: Group = "") -> Response:
        sent = Sent(chosen_district(request, group), printable(file.filename or ""), file.file.read(MOST_BYTES + 1))
        unreadable = self._sent.keep(sent, principal_of(request), self._site.clock())
        if unreadable is not None:
            return self._shown(request, unreadable=unreadable, name=sent.name)
        return RedirectResponse(self.address, status_code=303)

    def confirm(self, request: Request, seal: Annotated[str, Form(max_length=64)] = "") -> Response:
        """Takes over what was seen; where that has changed meanwhile, it is shown anew."""
        changes = self._sent.take_over(seal, principal_of(request), self._site.clock())
        if changes is None:
            return RedirectResponse(f"{self.address}?stale=1", status_code=303)
        counts = {"new": len(changes.new), "changed": len(changes.changed), "same": changes.same}
        return RedirectResponse(f"{self.address}?{urlencode({'done': 1, **counts})}", status_code=303)

    def drop(self, request: Request) -> Response:
        self._sent.drop(principal_of(request))
        return RedirectResponse(self.address, status_code=303)

    def _shown(
        self,
        request: Request,
        *,
        done: Mapping[str, int] | None = None,
        stale: bool = False,
        unreadable: Unreadable | None = None,
        name: str = "",
    ) -> Response:
        preview = self._sent.waiting(principal_of(request), self._site.clock())
        context = {
            "path": self.address,
            "preview": preview,
            "done": done,
            "stale": stale and preview is not None,
            "unreadable": unreadable,
            "name": name,
            "most_mb": MOST_BYTES // 1024**2,
            **self.around(request),
        }
        return self._site.renderer.page(request, self.template, context, 422 if unreadable else 200)


def printable(name: str) -> str:
    """A file's name without what no page shows, nor the folders before it."""
    return "".join(filter(str.isprintable, name.replace("\\", "/").rpartition("/")[2]))[:_LONGEST_NAME]


def file_of(data: bytes, name: str, media_type: str) -> Response:
    """An answer that browsers keep as a file."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)

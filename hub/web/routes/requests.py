"""The office's requests: the list, opening one, one with its history, its steps and corrections, and files of them.

Forms are made from the definitions; whatever is refused comes back with all that was typed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, get_args
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from hub.core.people import Permission, Principal
from hub.core.pictures import cleaned
from hub.web.addresses import request_url
from hub.web.beginning import begins, of_one_school
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.later import named
from hub.web.listing import further
from hub.web.live import request_topic
from hub.web.photos import key_of
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed
from hub.web.repair_forms import beside_of, shown_beside, suggested, usable
from hub.web.request_forms import MOST_BYTES, Held, Typed, fault_text, form_of, shown_again, typed_in, wish_of
from hub.web.school_names import with_schools
from hub.web.site import Site
from hub.workflows.drawing import draw
from hub.workflows.engine import LONGEST_NOTE
from hub.workflows.refusals import Refused
from hub.workflows.request import Entry
from hub.workflows.request import Request as OfficeRequest
from hub.workflows.schema import Definition, Kind, Shelf
from hub.workflows.sight import Asked, RequestOrder, may_see

__all__ = ["MOST_BYTES", "PAGE", "router"]
PAGE = "/requests"
_LIST = 50
MAX_ID = 2**62
MAX_SKIP = 100_000
Show = Literal["open", "overdue", "mine", "done", "all"]
Name = Annotated[str, Query(max_length=48)]
Form = Annotated[FormData, Depends(form_of)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.MAKE_REQUESTS), prefix=PAGE)
    pages = _RequestPages(site)
    routes.get("")(pages.some)
    routes.get("/new")(pages.types)
    routes.get("/new/{request_type}")(pages.blank)
    routes.post("/new/{request_type}")(pages.open)
    routes.get("/files/{file_id}")(pages.file)
    routes.get("/files/{file_id}/picture")(pages.picture)
    routes.get("/{number}")(pages.one)
    routes.post("/{number}/steps/{transition}")(pages.move)
    routes.post("/{number}/corrections/{entry}")(pages.correct)
    return routes


class _RequestPages:
    def __init__(self, site: Site) -> None:
        self._site, self._requests, self._engine = site, site.requests, site.requests.engine

    def some(
        self,
        request: Request,
        *,
        show: Show = "open",
        type: Name = "",  # noqa: A002  the name in the address
        state: Name = "",
        order: RequestOrder = "newest",
        before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
        skip: Annotated[int, Query(ge=0, le=MAX_SKIP)] = 0,
    ) -> Response:
        who, now = principal_of(request), self._site.clock()
        asked = replace(asked_for(show, type, state, before), order=order, skip=skip)
        found = self._requests.look.some(who, asked, now, _LIST + 1)
        chips: tuple[Show, ...] = ("open", "overdue", "mine", "done")
        context = {
            "requests": found[:_LIST],
            "more": further(order, found[_LIST - 1].id, skip + _LIST) if len(found) > _LIST else None,
            "orders": get_args(RequestOrder),
            "counts": {each: self._requests.look.count(who, asked_for(each, type, state, None), now) for each in chips},
            "show": show,
            "type": type,
            "state": state,
            "order": order,
            "definitions": self._engine.definitions,
            "school_names": self._requests.look.schools(who),
        }
        return self._site.renderer.page(request, "requests/requests.html", context)

    def types(self, request: Request) -> Response:
        who = principal_of(request)
        offered = [each for each in self._engine.definitions.values() if self._engine.may_open(each, who)]
        return self._site.renderer.page(
            request, "requests/request_types.html", {"definitions": offered, "shelves": list(Shelf)}
        )

    def blank(self, request: Request, request_type: str, template: Name = "") -> Response:
        return self._opening(request, self._offered(request, request_type), Typed(), template)

    def open(self, request: Request, request_type: str, form: Form) -> Response:
        definition, who = self._offered(request, request_type), principal_of(request)
        if before := self._requests.phone.led_to(who, key_of(form)):
            return RedirectResponse(request_url(before), status_code=303)
        typed = typed_in(form, "", self._requests, who)
        if typed.more:
            return self._opening(request, definition, typed)
        try:
            opened = self._requests.open(request_type, wish_of(typed, form, self._meant(definition, typed, who)), who)
        except Refused as refused:
            return self._opening(request, definition, Typed("", typed.values, typed.note, refused))
        return RedirectResponse(request_url(opened.number), status_code=303)

    def one(self, request: Request, number: str, seen: Annotated[int | None, Query(ge=0, le=10**9)] = None) -> Response:
        """seen: the version that an open page shows, which asks whether there is a newer one."""
        return self._shown(request, *self._known(request, number), Typed(), seen)

    def move(self, request: Request, number: str, transition: str, form: Form) -> Response:
        found, _ = self._known(request, number)
        who, definition = principal_of(request), self._engine.definitions.get(found.type)
        if self._requests.phone.led_to(who, key_of(form)):
            return RedirectResponse(f"{request_url(number)}#main", status_code=303)
        typed = typed_in(form, transition, self._requests, who)
        if typed.more:
            return self._shown(request, *self._known(request, number), typed)
        try:
            values = self._meant(definition, typed, who) if definition else typed.values
            self._requests.move(number, transition, wish_of(typed, form, values), who)
        except Refused as refused:
            again = Typed(transition, typed.values, typed.note, refused)
            return self._shown(request, *self._known(request, number), again)
        return RedirectResponse(f"{request_url(number)}#main", status_code=303)

    def correct(self, request: Request, number: str, entry: int, form: Form) -> Response:
        self._known(request, number)
        who = principal_of(request)
        if self._requests.phone.led_to(who, key_of(form)):
            return RedirectResponse(f"{request_url(number)}#history", status_code=303)
        typed = typed_in(form, str(entry), self._requests, who)
        if typed.more:
            return self._shown(request, *self._known(request, number), typed)
        try:
            self._requests.correct(number, entry, wish_of(typed, form), who)
        except Refused as refused:
            again = Typed(str(entry), typed.values, typed.note, refused)
            return self._shown(request, *self._known(request, number), again)
        return RedirectResponse(f"{request_url(number)}#history", status_code=303)

    def file(self, request: Request, file_id: int) -> Response:
        name, data = self._kept(request, file_id)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
        return Response(data, media_type="application/octet-stream", headers=headers)

    def picture(self, request: Request, file_id: int) -> Response:
        """A file that is a picture, as a page shows it: nothing else of what people send is ever shown as what it says it is."""
        found = cleaned(self._kept(request, file_id)[1])
        if found is None:
            raise no_such("picture", "file_id")
        headers = {"Content-Disposition": "inline", "Cache-Control": "no-store"}
        return Response(found.data, media_type=found.type, headers=headers)

    def _kept(self, request: Request, file_id: int) -> tuple[str, bytes]:
        found = self._requests.look.file(file_id, principal_of(request)) if 0 < file_id < MAX_ID else None
        if found is None:
            raise no_such("file", "file_id")
        return found

    def _meant(self, definition: Definition, typed: Typed, who: Principal) -> Mapping[str, Held]:
        """With the schools that people called by their names."""
        asked = any(each.kind is Kind.SCHOOL and typed.values.get(name) for name, each in definition.fields.items())
        return with_schools(definition, typed.values, self._requests.look.schools(who)) if asked else typed.values

    def _offered(self, request: Request, request_type: str) -> Definition:
        definition = self._engine.definitions.get(request_type)
        if definition is None or not definition.offered:
            raise no_such("type of request", "request_type")
        if not self._engine.may_open(definition, principal_of(request)):
            raise NotAllowed(None)
        return definition

    def _known(self, request: Request, number: str) -> tuple[OfficeRequest, tuple[Entry, ...]]:
        found = self._requests.look.one(number) if len(number) <= 40 else None
        if found is None:
            raise no_such("request", "number")
        if not may_see(principal_of(request), found[0]):
            raise NotAllowed(None)
        return found[0], tuple(found[1])

    def _opening(self, request: Request, definition: Definition, typed: Typed, template: str = "") -> Response:
        chosen = definition.templates.get(template)
        values = shown_again(definition, chosen.values if chosen else {}, self._engine.calendar.zone)
        form = self._form(request, typed)
        context = {
            "path": f"{PAGE}/new/{definition.id}",
            "definition": definition,
            "template": template if chosen else "",
            "begins": {**of_one_school(definition, form["schools"]), **values},
            **form,
        }
        return self._site.renderer.page(request, "requests/request_new.html", context, typed.status)

    def _shown(
        self, request: Request, found: OfficeRequest, history: tuple[Entry, ...], typed: Typed, seen: int | None = None
    ) -> Response:
        who = principal_of(request)
        definition = self._engine.definitions.get(found.type)
        beside = beside_of(self._site, found)
        steps = usable(beside, self._engine.allowed(found, who)) if definition else ()
        zone = self._engine.calendar.zone
        context = {
            # Not the address of a step, which can only be posted to.
            "path": request_url(found.number),
            "request": found,
            "topics": [request_topic(found.number)],
            "meanwhile": seen is not None and seen != found.version,
            "history": history,
            "definition": definition,
            "steps": [(name, definition.transitions[name]) for name in steps] if definition else [],
            "holds": suggested(beside, shown_again(definition, begins(definition, found, history), zone))
            if definition
            else {},
            **shown_beside(self._site, beside),
            "correctable": {each.id for each in history if definition and self._engine.may_correct(each, who)},
            "held_by": {each.id: shown_again(definition, each.values, zone) for each in history} if definition else {},
            "photos": self._requests.phone.photos(found.number),
            "children": self._requests.look.children(found.number),
            "papers": {each.form: each for each in self._site.office.papers.offered(found, history)},
            **self._form(request, typed),
        }
        return self._site.renderer.page(request, "requests/request.html", context, typed.status)

    def _form(self, request: Request, typed: Typed) -> dict[str, Any]:
        """What every form of a definition needs."""
        return {
            "typed": typed,
            "fault_text": fault_text,
            "drawn": draw,
            **named(self._site, principal_of(request)),
            "max_note": LONGEST_NOTE,
        }


def asked_for(show: Show, request_type: str, state: str, before: int | None) -> Asked:
    is_open = {"done": False, "all": None, "mine": None}.get(show, True)
    return Asked(request_type or None, state or None, is_open, show == "mine", show == "overdue", before)

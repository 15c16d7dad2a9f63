"""The JSON API of requests: what can be asked for, the list, one with its history, opening, steps and corrections."""

import base64
from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from hub.core.people import Permission
from hub.web.api_models import Page
from hub.web.api_request_models import (
    CorrectionRequest,
    FileModel,
    NewFile,
    NewRequest,
    RequestDetailModel,
    RequestModel,
    StepModel,
    StepRequest,
    TypeModel,
)
from hub.web.failures import Problem, no_such
from hub.web.gate import gated_api, needs
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed
from hub.web.request_forms import MOST_BYTES, STATUS, kept_file
from hub.web.routes.requests import MAX_ID, Show, asked_for
from hub.web.site import Site
from hub.workflows.engine import Wish
from hub.workflows.refusals import Fault, Refusal, Refused
from hub.workflows.request import Request as OfficeRequest
from hub.workflows.sight import may_see

_SAID = {
    Refusal.NO_SUCH_TYPE: ("there is no such type of request", "type", "see /api/v1/requests/types"),
    Refusal.NO_SUCH_REQUEST: ("there is no such request", "number", "list them"),
    Refusal.NO_SUCH_STEP: ("there is no such transition", "transition", "see its allowed_steps"),
    Refusal.NO_SUCH_ENTRY: ("there is no such entry with fields", "entry", "see its history"),
    Refusal.NOT_ALLOWED: ("none of your roles may do this", "transition", "see its allowed_steps"),
    Refusal.NOT_FROM_HERE: ("that is not possible where the request stands", "transition", "see its allowed_steps"),
    Refusal.STALE: ("the request has changed since it was read", "version", "read it again, then decide"),
    Refusal.FIELDS: ("some fields are missing or not what they should be", "values", "see errors"),
    Refusal.GUARD: ("a rule of this workflow says no", "values", "see errors"),
}


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.MAKE_REQUESTS), prefix="/requests")
    api = _Requests(site)
    routes.get("")(api.some)
    routes.post("", status_code=201)(api.open)
    routes.get("/types")(api.types)
    routes.post("/files", status_code=201)(api.keep_file)
    routes.get("/{number}")(api.one)
    routes.post("/{number}/steps")(api.move)
    routes.post("/{number}/corrections")(api.correct)
    return routes


class Listed(BaseModel):
    """Which requests are asked for."""

    model_config = ConfigDict(extra="forbid")

    show: Show = "open"
    type: str = Field("", max_length=48)
    state: str = Field("", max_length=48)
    before: int | None = Field(None, ge=1, le=MAX_ID)
    limit: int = Field(100, ge=1, le=500)


class _Requests:
    def __init__(self, site: Site) -> None:
        self._site, self._requests, self._engine = site, site.requests, site.requests.engine

    def some(self, request: Request, wanted: Annotated[Listed, Query()]) -> Page[RequestModel]:
        """Requests that you may see, the newest first."""
        now = self._site.clock()
        asked = asked_for(wanted.show, wanted.type, wanted.state, wanted.before)
        found = self._requests.look.some(principal_of(request), asked, now, wanted.limit)
        following = None
        if len(found) == wanted.limit:
            query = wanted.model_dump(exclude_defaults=True) | {"before": found[-1].id}
            following = f"/api/v1/requests?{urlencode(query)}"
        return Page(items=[RequestModel.of(each, now) for each in found], next=following)

    def types(self, request: Request) -> Page[TypeModel]:
        """What you may ask for, and the fields of each: all of them at once."""
        who = principal_of(request)
        offered = [each for each in self._engine.definitions.values() if self._engine.may_open(each, who)]
        return Page(items=[TypeModel.of(each) for each in offered], next=None)

    def keep_file(self, request: Request, sent: NewFile) -> FileModel:
        """Send a file; its number is what a field of kind `file` is given then."""
        try:
            data = base64.b64decode(sent.data, validate=True)
        except ValueError:  # binascii.Error is one; letters beyond ASCII are another
            problem = Problem(422, "invalid-input", "The data is no base64.", "data", "encode it as RFC 4648 says")
            raise problem from None
        if len(data) > MOST_BYTES:
            raise Problem(413, "too-large", "The file is too large.", "data", f"send at most {MOST_BYTES} bytes")
        name = "".join(filter(str.isprintable, sent.name)).strip() or "file"
        return FileModel(file=kept_file(self._requests, principal_of(request), name, data), name=name)

    def open(self, request: Request, wish: NewRequest) -> RequestDetailModel:
        """Open a request, and answer with it."""
        who = principal_of(request)
        return self._after(request, lambda: self._requests.open(wish.type, Wish(wish.values, wish.note), who))

    def one(self, request: Request, number: str) -> RequestDetailModel:
        """One request with its history and the steps that you may take."""
        found = self._requests.look.one(number) if len(number) <= 40 else None
        if found is None:
            raise no_such("request", "number")
        one, history = found
        who = principal_of(request)
        if not may_see(who, one):
            raise NotAllowed(None)
        definition = self._engine.definitions.get(one.type)
        allowed = self._engine.allowed(one, who) if definition else ()
        steps = [StepModel.of(name, definition.transitions[name], definition) for name in allowed] if definition else []
        return RequestDetailModel.of_all(one, list(history), steps, self._site.clock())

    def move(self, request: Request, number: str, wish: StepRequest) -> RequestDetailModel:
        """Take a step, and answer with what the request is then."""
        who = principal_of(request)
        given = Wish(wish.values, wish.note, wish.version)
        return self._after(request, lambda: self._requests.move(number, wish.transition, given, who))

    def correct(self, request: Request, number: str, wish: CorrectionRequest) -> RequestDetailModel:
        """Put right what an entry says, by a further one."""
        who = principal_of(request)
        given = Wish(wish.values, wish.note, wish.version)
        return self._after(request, lambda: self._requests.correct(number, wish.entry, given, who))

    def _after(self, request: Request, act: Callable[[], OfficeRequest]) -> RequestDetailModel:
        try:
            done = act()
        except Refused as refused:
            raise problem_of(refused) from None
        return self.one(request, done.number)


def problem_of(refused: Refused) -> Problem:
    detail, field, way_out = _SAID[refused.refusal]
    errors = [{"field": _place_of(each), "problem": _told(each.code, each.params)} for each in refused.faults]
    code = refused.refusal.value.replace("_", "-")
    sentence = f"{detail[0].upper()}{detail[1:]}."
    extra = (("errors", errors),) if errors else ()
    return Problem(STATUS.get(refused.refusal, 409), code, sentence, field, way_out, extra)


def _place_of(fault: Fault) -> str:
    """values.items.2.quantity: of a field of rows, the row from 1 and its column."""
    return ".".join(str(each) for each in ("values", fault.field, fault.row, fault.column) if each is not None)


def _told(code: str, params: Mapping[str, object]) -> str:
    given = ", ".join(f"{name}={value}" for name, value in params.items())
    return f"{code} ({given})" if given else code

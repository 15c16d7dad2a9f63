"""The JSON API for an office's own help desk: what happened since, take a ticket or request, say how it stands there."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request

from hub.core.people import Permission
from hub.messages.refusals import MessageRefused
from hub.web.api_desk_models import AnswerRequest, CaseModel, EventModel, TakeRequest
from hub.web.api_models import Page
from hub.web.failures import Problem, no_such
from hub.web.gate import gated_api, needs
from hub.web.principal import principal_of
from hub.web.site import Site

Desk = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$", description="the help desk's own name for itself")]
Subject = Annotated[str, Path(max_length=300, description="as in the event: ticket:12, request:RP-2570-0001")]
Cursor = Annotated[int, Query(ge=0, le=2**62, description="only what came after this id")]
Limit = Annotated[int, Query(ge=1, le=500)]


def router(site: Site) -> APIRouter:
    routes = gated_api()
    api = _Desks(site)
    see, work = [needs(Permission.SEE_FLEET, cut=True)], [needs(Permission.WORK_ON_TICKETS)]
    routes.get("/events", dependencies=see)(api.events)
    routes.get("/desks/{desk}/cases", dependencies=see)(api.cases)
    routes.put("/desks/{desk}/cases/{subject}", dependencies=work)(api.take)
    routes.post("/desks/{desk}/cases/{subject}/answer", dependencies=work)(api.answer)
    return routes


class _Desks:
    def __init__(self, site: Site) -> None:
        self._desks = site.office.messages.desks

    def events(
        self,
        request: Request,
        after: Cursor = 0,
        about: Annotated[Literal["", "ticket", "request", "incident"], Query()] = "",
        limit: Limit = 100,
    ) -> Page[EventModel]:
        """What happened, the oldest first. Keep the `id` of the last event and ask for what came after it."""
        found = self._desks.events(principal_of(request), after, about, limit)
        following = None
        if found.more:
            query = {"after": found.last, "limit": limit} | ({"about": about} if about else {})
            following = f"/api/v1/events?{urlencode(query)}"
        return Page(items=[EventModel.of(each) for each in found.items], next=following)

    def cases(self, request: Request, desk: Desk, after: Cursor = 0, limit: Limit = 100) -> Page[CaseModel]:
        """What a help desk has of ours, in the order in which it was taken."""
        found = self._desks.cases(principal_of(request), desk, after, limit)
        following = None
        if found.more:
            following = f"/api/v1/desks/{desk}/cases?{urlencode({'after': found.last, 'limit': limit})}"
        return Page(items=[CaseModel.of(each) for each in found.items], next=following)

    def take(self, request: Request, desk: Desk, subject: Subject, wish: TakeRequest) -> CaseModel:
        """Take a ticket or request: it is known here by the help desk's own reference."""
        try:
            return CaseModel.of(self._desks.take(desk, subject, wish.reference, wish.url, principal_of(request)))
        except MessageRefused as refused:
            raise _problem(refused) from None

    def answer(self, request: Request, desk: Desk, subject: Subject, said: AnswerRequest) -> CaseModel:
        """Say how a case stands there. Those who work on it are told when it is done."""
        try:
            told = (said.state, said.done, said.solution)
            return CaseModel.of(self._desks.report(desk, subject, told, principal_of(request)))
        except MessageRefused as refused:
            raise _problem(refused) from None


def _problem(refused: MessageRefused) -> Problem:
    if refused.code == "taken_otherwise":
        return Problem(
            409, "taken", "This help desk has it by another reference.", "reference", "read its cases, and use that one"
        )
    if refused.code == "own_desk":
        return Problem(409, "own-desk", "The hub speaks to this help desk by itself.", "desk", "use another name")
    return no_such("case" if refused.code == "no_such_case" else "ticket or request", "subject")

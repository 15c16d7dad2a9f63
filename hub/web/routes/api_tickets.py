"""The JSON API of tickets: list them, read one, move one on."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request

from hub.core.people import Permission
from hub.web.api_models import MergeRequest, MoveRequest, Page, SnoozeRequest, TicketDetailModel, TicketModel
from hub.web.districts import own_districts
from hub.web.failures import Problem, no_such
from hub.web.gate import gated_api, needs
from hub.web.pages import MoveOutcome
from hub.web.principal import principal_of
from hub.web.routes.api_requests import problem_of
from hub.web.routes.tickets import MAX_ID, Show, causes_by_words, wanted_tickets
from hub.web.site import Site
from hub.web.whose import place_of_ticket
from hub.workflows.refusals import Refused

TicketId = Annotated[int, Path(ge=1, le=MAX_ID)]


def router(site: Site) -> APIRouter:
    routes = gated_api(prefix="/tickets")
    own = needs(Permission.SEE_FLEET, whose=place_of_ticket(site))
    work = [needs(Permission.WORK_ON_TICKETS), own]
    api = _Tickets(site)
    routes.get("", dependencies=[needs(Permission.SEE_FLEET, cut=True)])(api.tickets)
    routes.get("/{ticket_id}", dependencies=[own])(api.ticket)
    routes.post("/{ticket_id}/moves", dependencies=work)(api.move)
    routes.post("/{ticket_id}/snooze", dependencies=work)(api.snooze)
    routes.post("/{ticket_id}/merge", dependencies=work)(api.merge)
    return routes


class _Tickets:
    def __init__(self, site: Site) -> None:
        self._site = site

    def tickets(
        self,
        request: Request,
        state: Show = "open",
        q: Annotated[str, Query(max_length=80, description="number, school, device or cause in words")] = "",
        before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Page[TicketModel]:
        """Tickets, the newest first."""
        words = q.strip()
        causes = causes_by_words(words, self._site.renderer.spoken())
        wanted = wanted_tickets(state, words, causes, self._site.clock(), own_districts(request))
        found = self._site.pages.tickets(wanted, before, limit)
        following = None
        if len(found) == limit:
            query = {"state": state, "before": found[-1].id, "limit": limit} | ({"q": words} if words else {})
            following = f"/api/v1/tickets?{urlencode(query)}"
        return Page(items=[TicketModel.of(line) for line in found], next=following)

    def ticket(self, request: Request, ticket_id: TicketId) -> TicketDetailModel:
        """One ticket with its history and the moves that it allows."""
        view = self._site.pages.ticket(ticket_id)
        if view is None:
            raise no_such("ticket", "ticket_id")
        allowed = list(self._site.moves.allowed(ticket_id, principal_of(request)))
        return TicketDetailModel.of_view(view, allowed, self._site.office.repairs.number_of(ticket_id))

    def move(self, request: Request, ticket_id: TicketId, wish: MoveRequest) -> TicketDetailModel:
        """Take the step of its repair that leads there, and answer with what the ticket is then."""
        who, note = principal_of(request), wish.note.strip()
        try:
            outcome = self._site.moves.move(ticket_id, wish.to, wish.version, note, who=who, values=wish.values)
        except Refused as refused:
            raise problem_of(refused) from None
        return self._after(request, ticket_id, outcome)

    def snooze(self, request: Request, ticket_id: TicketId, wish: SnoozeRequest) -> TicketDetailModel:
        """Put a ticket off or take it up again, and answer with what it is then."""
        outcome = self._site.moves.snooze(
            ticket_id, wish.until, wish.version, wish.note.strip(), who=principal_of(request)
        )
        return self._after(request, ticket_id, outcome)

    def merge(self, request: Request, ticket_id: TicketId, wish: MergeRequest) -> TicketDetailModel:
        """Merge a ticket into another, and answer with what became of it."""
        who, note = principal_of(request), wish.note.strip()
        return self._after(
            request, ticket_id, self._site.moves.merge(ticket_id, wish.into, wish.version, note, who=who)
        )

    def _after(self, request: Request, ticket_id: int, outcome: MoveOutcome) -> TicketDetailModel:
        if outcome is not MoveOutcome.MOVED:
            raise _refusal(outcome)
        return self.ticket(request, ticket_id)


def _refusal(outcome: MoveOutcome) -> Problem:
    if outcome is MoveOutcome.STALE:
        return Problem(
            409, "stale", "The ticket has changed since it was read.", "version", "read it again, then decide"
        )
    if outcome is MoveOutcome.NOT_ALLOWED:
        return Problem(
            409, "not-allowed", "That is not possible with the ticket as it is.", "to", "see its allowed_moves"
        )
    return no_such("ticket", "ticket_id")

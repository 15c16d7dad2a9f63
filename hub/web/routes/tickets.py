"""Tickets: the list with its search, one ticket, and moving it on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from hub.core.people import Permission
from hub.core.views import TicketFilter, TicketOrder, TicketView
from hub.web.addresses import ticket_url
from hub.web.districts import own_districts
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.language import Language
from hub.web.later import named
from hub.web.listing import further
from hub.web.live import TICKETS, ticket_topic
from hub.web.pages import MoveOutcome
from hub.web.photos import key_of
from hub.web.principal import principal_of
from hub.web.repair_forms import beside_of, suggested
from hub.web.repair_pages import is_offered
from hub.web.request_forms import Typed, fault_text, form_of, shown_again, typed_in, wish_of
from hub.web.site import Site
from hub.web.speaking import speaking
from hub.web.whose import place_of_ticket
from hub.workflows.refusals import Refused

PAGE = "/tickets"
_PAGE = 50
MAX_NOTE = 2000
MAX_ID = 2**62
MAX_SKIP = 100_000
StepForm = Annotated[FormData, Depends(form_of)]
NOTHING_TYPED = Typed()
Show = Literal["open", "snoozed", "closed", "all"]
_SHOWN: Mapping[str, tuple[bool | None, bool | None]] = {
    "open": (True, False),
    "snoozed": (True, True),
    "closed": (False, None),
    "all": (None, None),
}
"""Whether open, and whether put off; None for both."""
_CAUSE = "cause."


def router(site: Site) -> APIRouter:
    routes = gated(prefix=PAGE)
    own = needs(Permission.SEE_FLEET, whose=place_of_ticket(site))
    work = [needs(Permission.WORK_ON_TICKETS), own]
    pages = _TicketPages(site)
    routes.get("", dependencies=[needs(Permission.SEE_FLEET, cut=True)])(pages.tickets)
    routes.get("/{ticket_id}", dependencies=[own])(pages.ticket)
    routes.post("/{ticket_id}/steps/{transition}", dependencies=work)(pages.step)
    routes.post("/{ticket_id}/snooze", dependencies=work)(pages.snooze)
    routes.post("/{ticket_id}/merge", dependencies=work)(pages.merge)
    return routes


class _TicketPages:
    def __init__(self, site: Site) -> None:
        self._site = site

    def tickets(
        self,
        request: Request,
        *,
        show: Show = "open",
        q: Annotated[str, Query(max_length=80)] = "",
        order: TicketOrder = "newest",
        before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
        skip: Annotated[int, Query(ge=0, le=MAX_SKIP)] = 0,
    ) -> HTMLResponse:
        words = q.strip()
        now, groups = self._site.clock(), own_districts(request)
        causes = causes_by_words(words, self._site.renderer.spoken())
        wanted = replace(wanted_tickets(show, words, causes, now, groups), order=order, skip=skip)
        found = self._site.pages.tickets(wanted, before, _PAGE + 1)
        context = {
            "lines": found[:_PAGE],
            "more": further(order, found[_PAGE - 1].id, skip + _PAGE) if len(found) > _PAGE else None,
            "orders": get_args(TicketOrder),
            "counts": self._site.pages.ticket_counts(now, groups),
            "show": show,
            "q": words,
            "order": order,
            "topics": (TICKETS,),
        }
        return self._site.renderer.page(request, "tickets/tickets.html", context)

    def ticket(self, request: Request, ticket_id: int) -> HTMLResponse:
        return self._page(request, self._known(ticket_id))

    def step(self, request: Request, ticket_id: int, transition: str, form: StepForm) -> Response:
        """A step of the ticket's repair."""
        self._known(ticket_id)
        who = principal_of(request)
        if self._site.requests.phone.led_to(who, key_of(form)):
            return RedirectResponse(f"{ticket_url(ticket_id)}#main", status_code=303)
        typed = typed_in(form, transition, self._site.requests, who)
        if typed.more:
            return self._page(request, self._known(ticket_id), typed=typed)
        try:
            self._site.moves.step(ticket_id, transition, wish_of(typed, form), who)
        except Refused as refused:
            # What was typed is kept: the reader decides again on what the ticket is now.
            again = Typed(transition, typed.values, typed.note, refused)
            return self._page(request, self._known(ticket_id), typed=again)
        return RedirectResponse(f"{ticket_url(ticket_id)}#main", status_code=303)

    def snooze(
        self,
        request: Request,
        ticket_id: int,
        form: StepForm,
        *,
        version: Annotated[int, Form()],
        until: Annotated[date | None, Form()] = None,
        note: Annotated[str, Form(max_length=MAX_NOTE)] = "",
    ) -> Response:
        """Put off until the morning of a day; without one, take it up again."""
        self._known(ticket_id)
        wakes = None if until is None else self._site.renderer.morning(until)
        who, key = principal_of(request), key_of(form)
        outcome = self._site.moves.snooze(ticket_id, wakes, version, note.strip(), who=who, key=key)
        return self._after(request, ticket_id, outcome, note)

    def merge(
        self,
        request: Request,
        ticket_id: int,
        form: StepForm,
        *,
        into: Annotated[int, Form(ge=1, le=MAX_ID)],
        version: Annotated[int, Form()],
        note: Annotated[str, Form(max_length=MAX_NOTE)] = "",
    ) -> Response:
        self._known(ticket_id)
        who = principal_of(request)
        outcome = self._site.moves.merge(ticket_id, into, version, note.strip(), who=who, key=key_of(form))
        return self._after(request, ticket_id, outcome, note)

    def _after(self, request: Request, ticket_id: int, outcome: MoveOutcome, note: str) -> Response:
        if outcome is MoveOutcome.MOVED:
            return RedirectResponse(f"{ticket_url(ticket_id)}#main", status_code=303)
        # What was typed is kept: the reader decides again on what the ticket is now.
        return self._page(request, self._known(ticket_id), refused=outcome, note=note)

    def _known(self, ticket_id: int) -> TicketView:
        view = self._site.pages.ticket(ticket_id) if 0 < ticket_id < MAX_ID else None
        if view is None:
            raise no_such("ticket", "ticket_id")
        return view

    def _page(
        self,
        request: Request,
        view: TicketView,
        refused: MoveOutcome | None = None,
        note: str = "",
        typed: Typed = NOTHING_TYPED,
    ) -> HTMLResponse:
        context = {
            # Not the address of the move, which can only be posted to.
            "path": ticket_url(view.line.id),
            "view": view,
            **self._repair(request, view, typed),
            "speaks": speaking(view, self._site.clock()),
            "way": self._site.office.trips.way_to(f"{view.line.device.node.group}/{view.line.device.node.school}"),
            "bring": self._site.renderer.to_bring(view.line.cause, [device.profile for device in view.concerned]),
            "refused": None if refused is None else refused.value,
            "note": note,
            "max_note": MAX_NOTE,
            "topics": (ticket_topic(view.line.id),),
        }
        return self._site.renderer.page(
            request, "tickets/ticket.html", context, typed.status if refused is None else 409
        )

    def _repair(self, request: Request, view: TicketView, typed: Typed) -> dict[str, object]:
        """The steps of its repair, each with its form."""
        number = self._site.office.repairs.number_of(view.line.id)
        found = None if number is None else self._site.requests.look.one(number)
        who, engine = principal_of(request), self._site.requests.engine
        repair, definition = None if found is None else found[0], engine.definitions["repair"]
        well = view.line.recovered_at is not None
        names = [] if repair is None else [each for each in engine.allowed(repair, who) if is_offered(each, well)]
        beside = None if repair is None else beside_of(self._site, repair)
        return {
            "repair": repair,
            "photos": {} if repair is None else self._site.requests.phone.photos(repair.number),
            "definition": definition,
            "steps": [(each, definition.transitions[each]) for each in names],
            "beside": beside,
            "holds": suggested(beside, shown_again(definition, repair.values, engine.calendar.zone)) if repair else {},
            "typed": typed,
            "fault_text": fault_text,
            **named(self._site, who),
        }


def wanted_tickets(
    show: Show, words: str, causes: Sequence[str], now: int, groups: frozenset[str] | None
) -> TicketFilter:
    is_open, snoozed = _SHOWN[show]
    return TicketFilter(is_open, snoozed, words, causes, now, groups)


def causes_by_words(words: str, languages: Mapping[str, Language]) -> list[str]:
    """The codes of the causes that a reader calls so, in whichever language."""
    wanted = words.casefold()
    if not wanted:
        return []
    named = ((code, name) for language in languages.values() for code, name in language.starting_with(_CAUSE))
    return sorted({code.removeprefix(_CAUSE) for code, name in named if wanted in name.casefold()})

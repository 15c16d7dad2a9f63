"""Tickets: the list with its search, one ticket, and moving it on."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.core.views import TicketView
from hub.web.addresses import ticket_url
from hub.web.failures import no_such
from hub.web.language import Language
from hub.web.live import TICKETS, ticket_topic
from hub.web.pages import MoveOutcome
from hub.web.site import Site

_PAGE = 50
MAX_NOTE = 2000
MAX_ID = 2**62
Show = Literal["open", "closed", "all"]
IS_OPEN: Mapping[str, bool | None] = {"open": True, "closed": False, "all": None}
_CAUSE = "cause."


def router(site: Site) -> APIRouter:
    routes = APIRouter(prefix="/tickets", include_in_schema=False)
    pages = _TicketPages(site)
    routes.get("")(pages.tickets)
    routes.get("/{ticket_id}")(pages.ticket)
    routes.post("/{ticket_id}/moves")(pages.move)
    return routes


class _TicketPages:
    def __init__(self, site: Site) -> None:
        self._site = site

    def tickets(
        self,
        request: Request,
        show: Show = "open",
        q: Annotated[str, Query(max_length=80)] = "",
        before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    ) -> HTMLResponse:
        words = q.strip()
        found = self._site.pages.tickets(
            is_open=IS_OPEN[show],
            words=words,
            causes=causes_by_words(words, self._site.renderer.spoken()),
            before=before,
            limit=_PAGE + 1,
        )
        context = {
            "lines": found[:_PAGE],
            "more": found[_PAGE - 1].id if len(found) > _PAGE else None,
            "counts": self._site.pages.ticket_counts(),
            "show": show,
            "q": words,
            "topics": (TICKETS,),
        }
        return self._site.renderer.page(request, "tickets.html", context)

    def ticket(self, request: Request, ticket_id: int) -> HTMLResponse:
        return self._page(request, self._known(ticket_id))

    def move(
        self,
        request: Request,
        ticket_id: int,
        to: Annotated[str, Form(max_length=32)],
        version: Annotated[int, Form()],
        note: Annotated[str, Form(max_length=MAX_NOTE)] = "",
    ) -> Response:
        view = self._known(ticket_id)
        outcome = self._site.moves.move(ticket_id, to, version, note.strip())
        if outcome is MoveOutcome.MOVED:
            return RedirectResponse(f"{ticket_url(ticket_id)}#main", status_code=303)
        # What was typed is kept: the reader decides again on what the ticket is now.
        return self._page(request, self._known(view.line.id), refused=outcome, note=note)

    def _known(self, ticket_id: int) -> TicketView:
        view = self._site.pages.ticket(ticket_id) if 0 < ticket_id < MAX_ID else None
        if view is None:
            raise no_such("ticket", "ticket_id")
        return view

    def _page(
        self, request: Request, view: TicketView, refused: MoveOutcome | None = None, note: str = ""
    ) -> HTMLResponse:
        context = {
            # Not the address of the move, which can only be posted to.
            "path": ticket_url(view.line.id),
            "view": view,
            "steps": self._site.moves.allowed(view.line.state),
            "refused": None if refused is None else refused.value,
            "note": note,
            "max_note": MAX_NOTE,
            "topics": (ticket_topic(view.line.id),),
        }
        return self._site.renderer.page(request, "ticket.html", context, 200 if refused is None else 409)


def causes_by_words(words: str, languages: Mapping[str, Language]) -> list[str]:
    """The codes of the causes that a reader calls so, in whichever language."""
    wanted = words.casefold()
    if not wanted:
        return []
    named = ((code, name) for language in languages.values() for code, name in language.starting_with(_CAUSE))
    return sorted({code.removeprefix(_CAUSE) for code, name in named if wanted in name.casefold()})

"""The lists of tickets, requests and incidents as files, with what was searched and chosen on their pages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.core.people import Permission
from hub.core.views import TicketLine, TicketOrder
from hub.web.districts import own_districts
from hub.web.gate import gated, needs
from hub.web.listed import Listed, listed_file
from hub.web.listing import Asked, at
from hub.web.principal import principal_of
from hub.web.routes import incidents, requests, tickets
from hub.web.site import Site
from hub.web.table_pages import Cell
from hub.workflows.request import Request as Paperwork
from hub.workflows.sight import RequestOrder

MOST = 10_000
"""Rows of a file; the newest."""
Words = Annotated[str, Query(max_length=80)]


def router(site: Site) -> APIRouter:
    """Stands before the routes of single tickets and requests: no number of one is `export.csv`."""
    routes, exports = gated(), _Exports(site)
    routes.get("/tickets/export.{kind}", dependencies=[needs(Permission.SEE_FLEET, cut=True)])(exports.tickets)
    routes.get("/requests/export.{kind}", dependencies=[needs(Permission.MAKE_REQUESTS)])(exports.requests)
    routes.get("/incidents/export.{kind}", dependencies=[needs(Permission.SEE_REPORTS, cut=True)])(exports.incidents)
    return routes


class _Exports:
    def __init__(self, site: Site) -> None:
        self._site = site

    def tickets(
        self,
        request: Request,
        kind: str,
        *,
        show: tickets.Show = "open",
        q: Words = "",
        order: TicketOrder = "newest",
    ) -> Response:
        words, now = q.strip(), self._site.clock()
        causes = tickets.causes_by_words(words, self._site.renderer.spoken())
        wanted = tickets.wanted_tickets(show, words, causes, now, own_districts(request))
        wanted = replace(wanted, order=order)
        found = self._site.pages.tickets(wanted, None, MOST)
        columns = (
            "number",
            "district",
            "code",
            "school",
            "room",
            "device",
            "cause",
            "state",
            "began",
            "opened",
            "over",
        )
        return listed_file(
            self._site, request, kind, Listed("tickets", columns, (self._ticket(request, each) for each in found))
        )

    def requests(
        self,
        request: Request,
        kind: str,
        *,
        show: requests.Show = "open",
        type: requests.Name = "",  # noqa: A002  the name in the address
        state: requests.Name = "",
        order: RequestOrder = "newest",
    ) -> Response:
        asked = replace(requests.asked_for(show, type, state, None), order=order)
        found = self._site.requests.look.some(principal_of(request), asked, self._site.clock(), MOST)
        columns = ("number", "type", "subject", "state", "district", "code", "who", "opened", "since", "due")
        return listed_file(
            self._site, request, kind, Listed("requests", columns, (self._request(request, each) for each in found))
        )

    def incidents(self, request: Request, kind: str, asked: Asked, *, show: incidents.Show = "all") -> Response:
        found = self._site.insights.incidents(own_districts(request), running=show == "running", limit=incidents.MOST)
        listing = incidents.incident_list(self._site, request)
        return listing.file(self._site, request, kind, listing.found(found, asked))

    def _ticket(self, request: Request, line: TicketLine) -> Sequence[Cell]:
        language, figures = self._site.renderer.language(request), self._site.renderer.figures(request)
        node = line.device.node
        return (
            *(line.id, node.group, node.school, line.school_name, line.room, line.dish or line.device.device),
            language.lookup(f"cause.{line.cause}") or line.cause,
            language.lookup(f"state.{line.state}") or line.state,
            *(at(figures, each) for each in (line.onset_at, line.opened_at, line.closed_at or line.recovered_at)),
        )

    def _request(self, request: Request, paper: Paperwork) -> Sequence[Cell]:
        code = self._site.renderer.language(request).code
        definition = self._site.requests.engine.definitions.get(paper.type)
        state = definition.states.get(paper.state) if definition else None
        return (
            *(paper.number, definition.of(code) if definition else paper.type),
            self._subject(request, paper),
            *(state.of(code) if state else paper.state, paper.group, paper.school, paper.opened_name),
            *(
                at(self._site.renderer.figures(request), each)
                for each in (paper.opened_at, paper.entered_at, paper.due_at)
            ),
        )

    def _subject(self, request: Request, paper: Paperwork) -> str:
        """Codes by their words: a cause, a symptom, a choice."""
        language = self._site.renderer.language(request)
        definition = self._site.requests.engine.definitions.get(paper.type)
        held = str(paper.values.get(definition.subject, "")) if definition else ""
        choices = definition.fields[definition.subject].choices if definition else {}
        return choices[held].of(language.code) if held in choices else language.lookup(held) or held

"""The open repairs by urgency, each with the reasons: what a technician looks at in the morning."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.core.people import Permission, Principal
from hub.repairs.priority import Priority
from hub.web.gate import gated, needs
from hub.web.listing import Asked, Listing, at, by_name, rising
from hub.web.principal import principal_of
from hub.web.repair_forms import REPAIR
from hub.web.site import Site
from hub.workflows import sight
from hub.workflows.request import Request as OfficeRequest

PAGE = "/repairs"
MOST = 500
Whose = Literal["all", "mine", "nobodys"]
_AT_ONCE = 100
_Line = tuple[OfficeRequest, Priority]
Skip = Annotated[int, Query(ge=0, le=MOST)]
_NOT_BEGUN = frozenset({"reported"})


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REQUESTS))

    @routes.get(PAGE)
    def repairs(request: Request, asked: Asked, whose: Whose = "all", skip: Skip = 0) -> Response:
        who = principal_of(request)
        found = _listing(site, request).found(by_urgency(site, who), asked)
        everything = found.lines
        shown = [each for each in everything if is_of(each[0], whose, who)]
        counts = {one: sum(is_of(each, one, who) for each, _ in everything) for one in ("all", "mine", "nobodys")}
        context = {
            "found": found,
            "repairs": shown[skip : skip + _AT_ONCE],
            "more": skip + _AT_ONCE if len(shown) > skip + _AT_ONCE else None,
            "counts": counts,
            "whose": whose,
            "definition": site.requests.engine.definitions[REPAIR],
            "people": site.requests.look.people(who),
            "schools": site.requests.look.schools(who),
        }
        return site.renderer.page(request, "repairs/repairs.html", context)

    @routes.get(f"{PAGE}/export.{{kind}}")
    def export(request: Request, kind: str, asked: Asked, whose: Whose = "all") -> Response:
        who, listing = principal_of(request), _listing(site, request)
        shown = (each for each in by_urgency(site, who) if is_of(each[0], whose, who))
        return listing.file(site, request, kind, listing.found(shown, asked))

    return routes


def _listing(site: Site, request: Request) -> Listing[_Line]:
    who, definition = principal_of(request), site.requests.engine.definitions[REPAIR]
    schools, people = site.requests.look.schools(who), site.requests.look.people(who)
    language, figures = site.renderer.language(request), site.renderer.figures(request)

    def held(line: _Line, name: str) -> str:
        return str(line[0].values.get(name) or "")

    def school(line: _Line) -> str:
        return schools.get(held(line, "school"), held(line, "school"))

    def subject(line: _Line) -> str:
        told = held(line, definition.subject)
        return language.lookup(told) or told

    def technician(line: _Line) -> str:
        return people.get(held(line, "technician"), held(line, "technician"))

    def state(line: _Line) -> str:
        known = definition.states.get(line[0].state)
        return known.of(language.code) if known else line[0].state

    return Listing(
        "repairs",
        {
            "urgent": lambda _line: 0,
            "oldest": lambda line: line[0].opened_at,
            "newest": lambda line: -line[0].opened_at,
            "due": lambda line: rising(line[0].due_at),
            "school": lambda line: by_name(school(line)),
            "technician": lambda line: by_name(technician(line)),
        },
        lambda line: (line[0].number, held(line, "school"), school(line), subject(line), technician(line), state(line)),
        {
            "number": lambda line: line[0].number,
            "urgency": lambda line: language.gettext(f"urgency.{line[1].urgency.value}"),
            "subject": subject,
            "state": state,
            "district": lambda line: line[0].group,
            "code": lambda line: line[0].school,
            "school": school,
            "technician": technician,
            "opened": lambda line: at(figures, line[0].opened_at),
            "due": lambda line: at(figures, line[0].due_at),
        },
    )


def by_urgency(site: Site, who: Principal) -> Sequence[tuple[OfficeRequest, Priority]]:
    """The open repairs that somebody may see, the most urgent first."""
    now = site.clock()
    found = site.requests.look.some(who, sight.Asked(REPAIR), now, MOST)
    urgencies = site.office.repair_look.urgencies([each.number for each in found], now)
    known = [(each, urgencies[each.number]) for each in found if each.number in urgencies]
    return sorted(known, key=lambda each: (*each[1].order, each[0].opened_at))


def is_of(request: OfficeRequest, whose: Whose, who: Principal) -> bool:
    """Whether it is everybody's, one's own, or waits for somebody to take it."""
    technician = request.values.get("technician")
    if whose == "mine":
        return technician == who.label
    return whose == "all" or (technician is None and request.state in _NOT_BEGUN)

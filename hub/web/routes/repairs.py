"""The open repairs by urgency, each with the reasons: what a technician looks at in the morning."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.core.people import Permission, Principal
from hub.repairs.priority import Priority
from hub.web.gate import gated, needs
from hub.web.listing import Asked
from hub.web.principal import principal_of
from hub.web.repair_forms import REPAIR
from hub.web.repair_list import repair_list
from hub.web.site import Site
from hub.workflows import sight
from hub.workflows.request import Request as OfficeRequest

PAGE = "/repairs"
MOST = 500
Whose = Literal["all", "mine", "nobodys"]
_AT_ONCE = 50
Skip = Annotated[int, Query(ge=0, le=MOST)]
_NOT_BEGUN = frozenset({"reported"})


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REQUESTS))

    @routes.get(PAGE)
    def repairs(request: Request, asked: Asked, whose: Whose = "all", skip: Skip = 0) -> Response:
        who = principal_of(request)
        schools, people = site.requests.look.schools(who), site.requests.look.people(who)
        found = repair_list(site, request, schools, people).found(by_urgency(site, who), asked)
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
            "people": people,
            "schools": schools,
        }
        return site.renderer.page(request, "repairs/repairs.html", context)

    @routes.get(f"{PAGE}/export.{{kind}}")
    def export(request: Request, kind: str, asked: Asked, whose: Whose = "all") -> Response:
        who, look = principal_of(request), site.requests.look
        listing = repair_list(site, request, look.schools(who), look.people(who))
        shown = (each for each in by_urgency(site, who) if is_of(each[0], whose, who))
        return listing.file(site, request, kind, listing.found(shown, asked))

    return routes


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

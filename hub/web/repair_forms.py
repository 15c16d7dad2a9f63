"""What a page of a repair shows beside its request: readings, urgency, what the hub would choose, and which steps it offers."""

from collections.abc import Iterable, Mapping

from hub.repairs.beside import Beside
from hub.web.repair_pages import is_offered
from hub.web.site import Site
from hub.workflows.request import Request

REPAIR = "repair"
Held = str | list[dict[str, str]]
"""What a form begins with in a field; of rows, their cells."""


def beside_of(site: Site, request: Request) -> Beside | None:
    return site.office.repair_look.beside(request, site.clock()) if request.type == REPAIR else None


def shown_beside(site: Site, beside: Beside | None) -> dict[str, object]:
    """For the template: the ticket's evidence stands with it."""
    view = None if beside is None or beside.ticket is None else site.pages.ticket(beside.ticket)
    return {"beside": beside, "evidence": view}


def suggested(beside: Beside | None, holds: Mapping[str, Held]) -> dict[str, Held]:
    """What a form begins with: what the request holds, else what the hub would choose."""
    return {**(beside.suggests if beside else {}), **holds}


def usable(beside: Beside | None, steps: Iterable[str]) -> tuple[str, ...]:
    """Without the step that only what is well again may take."""
    if beside is None:
        return tuple(steps)
    return tuple(each for each in steps if each == "merge" or is_offered(each, beside.is_well))

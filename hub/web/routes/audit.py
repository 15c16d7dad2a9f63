"""The record of sign-ins and changes, the newest first; and whether it is as it was written."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.accounts.audit import Entry
from hub.core.people import Permission
from hub.web.gate import gated, needs
from hub.web.pages import AuditFilter
from hub.web.site import Site

_PAGE = 50
_PERSON = "person:"
Text = Annotated[str, Query(max_length=300)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_AUDIT))

    @routes.get("/audit")
    def audit(
        request: Request,
        what: Text = "",
        who: Text = "",
        subject: Text = "",
        before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    ) -> Response:
        wanted = AuditFilter(what.strip() or None, who.strip() or None, subject.strip() or None, before)
        found = site.audit.entries(wanted, _PAGE + 1)
        names = {f"{_PERSON}{person.id}": person.place.name for person in site.accounts.people.all()}
        context = {
            "lines": [(entry, _details(entry)) for entry in found[:_PAGE]],
            "more": found[_PAGE - 1].number if len(found) > _PAGE else None,
            "chain": site.audit.chain(),
            "names": names,
            "asked": {"what": what, "who": who, "subject": subject},
            "families": _families(site, request),
        }
        return site.renderer.page(request, "audit.html", context)

    return routes


def _details(entry: Entry) -> list[tuple[str, list[str]]]:
    """The details of a deed, each as a list of codes or figures."""
    found = json.loads(entry.details)
    told = ((key, value if isinstance(value, list) else [value]) for key, value in found.items() if value is not None)
    return [(key, list(map(str, values))) for key, values in told]


def _families(site: Site, request: Request) -> list[tuple[str, str]]:
    """What can be filtered by: the first word of a deed's code, and what it means."""
    language = site.renderer.language(request)
    return [(code.removeprefix("deeds."), words) for code, words in language.starting_with("deeds.")]

"""The record of sign-ins and changes, the newest first; and whether it is as it was written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.accounts.audit import Entry
from hub.core.people import Permission
from hub.surveys.schema import Definition as SurveyDefinition
from hub.web.deeds import about, deed, party
from hub.web.detail_words import details
from hub.web.figures import Figures
from hub.web.gate import gated, needs
from hub.web.language import Language
from hub.web.pages import AuditFilter
from hub.web.site import Site
from hub.workflows.schema import Definition

_PAGE = 50
_PERSON = "person:"
Text = Annotated[str, Query(max_length=300)]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the page shows it, in words."""

    entry: Entry
    deed: str
    who: str
    about: str
    details: list[tuple[str, str]]

    @classmethod
    def of(cls, entry: Entry, words: "Words", names: Mapping[str, str]) -> "Line":
        told, language = json.loads(entry.details), words.language
        done = deed(language, entry, told, words.types)
        family = entry.what.partition(".")[0]
        if family == "request" and told.get("type") in words.types:
            # What else there is, the request tells in the words of its workflow.
            told = {"type": words.types[told["type"]].of(language.code)}
        if family == "survey" and told.get("type") in words.surveys:
            told["type"] = words.surveys[told["type"]].of(language.code)
        subject = entry.subject if entry.subject != entry.who else ""
        said = details(told, language, words.figures, names)
        return cls(entry, done, party(language, entry.who, names), about(language, subject, names), said)


@dataclass(frozen=True, slots=True)
class Words:
    """In which entries are told."""

    language: Language
    figures: Figures
    types: Mapping[str, Definition]
    surveys: Mapping[str, SurveyDefinition]


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
        language, types = site.renderer.language(request), site.requests.engine.definitions
        words = Words(language, site.renderer.figures(request), types, site.office.surveys.definitions)
        context = {
            "lines": [Line.of(entry, words, names) for entry in found[:_PAGE]],
            "more": found[_PAGE - 1].number if len(found) > _PAGE else None,
            "chain": site.audit.chain(),
            "asked_who": party(language, who, names) if who else "",
            "asked_about": about(language, subject, names) if subject else "",
            "asked": {"what": what, "who": who, "subject": subject},
            "families": _families(site, request),
        }
        return site.renderer.page(request, "admin/audit.html", context)

    return routes


def _families(site: Site, request: Request) -> list[tuple[str, str]]:
    """What can be filtered by: the first word of a deed's code, and what it means."""
    language = site.renderer.language(request)
    return [(code.removeprefix("deeds."), words) for code, words in language.starting_with("deeds.")]

"""The record of sign-ins and changes; and whether it is as it was written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from hub.accounts.audit import Entry
from hub.core.people import Permission
from hub.surveys.schema import Definition as SurveyDefinition
from hub.web.deeds import about, deed, party
from hub.web.detail_words import details
from hub.web.figures import Figures
from hub.web.gate import gated, needs
from hub.web.language import Language
from hub.web.listed import Listed, listed_file
from hub.web.listing import at
from hub.web.pages import AuditFilter
from hub.web.site import Site
from hub.workflows.schema import Definition

PAGE = "/audit"
_PAGE = 50
_MOST = 10_000
"""Entries of a file."""
_PERSON = "person:"
Order = Literal["newest", "oldest"]


class Wanted(BaseModel):
    """Which entries are asked for; without a value: all."""

    what: str = Field("", max_length=300)
    who: str = Field("", max_length=300)
    subject: str = Field("", max_length=300)
    order: Order = "newest"
    lang: str = ""

    def filter(self, before: int | None) -> AuditFilter:
        what, who, subject = (each.strip() or None for each in (self.what, self.who, self.subject))
        return AuditFilter(what, who, subject, before, self.order == "oldest")


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
    routes, pages = gated(needs(Permission.SEE_AUDIT), prefix=PAGE), _Audit(site)
    routes.get("")(pages.page)
    routes.get("/export.{kind}")(pages.export)
    return routes


class _Audit:
    def __init__(self, site: Site) -> None:
        self._site = site

    def page(
        self,
        request: Request,
        asked: Annotated[Wanted, Query()],
        before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    ) -> Response:
        found = self._site.audit.entries(asked.filter(before), _PAGE + 1)
        words, names = self._words(request), self._names()
        context = {
            "lines": [Line.of(entry, words, names) for entry in found[:_PAGE]],
            "more": found[_PAGE - 1].number if len(found) > _PAGE else None,
            "chain": self._site.audit.chain(),
            "asked_who": party(words.language, asked.who, names) if asked.who else "",
            "asked_about": about(words.language, asked.subject, names) if asked.subject else "",
            "asked": asked.model_dump(exclude={"lang"}),
            "orders": get_args(Order),
            "families": _families(self._site, request),
        }
        return self._site.renderer.page(request, "admin/audit.html", context)

    def export(self, request: Request, kind: str, asked: Annotated[Wanted, Query()]) -> Response:
        words, names = self._words(request), self._names()
        lines = (Line.of(entry, words, names) for entry in self._site.audit.entries(asked.filter(None), _MOST))
        columns = ("number", "at", "deed", "about", "who", "details")
        rows = (
            (
                *(each.entry.number, at(words.figures, each.entry.at), each.deed, each.about, each.who),
                "; ".join(f"{name}: {value}" for name, value in each.details),
            )
            for each in lines
        )
        return listed_file(self._site, request, kind, Listed("audit", columns, rows))

    def _words(self, request: Request) -> Words:
        language, types = self._site.renderer.language(request), self._site.requests.engine.definitions
        return Words(language, self._site.renderer.figures(request), types, self._site.office.surveys.definitions)

    def _names(self) -> Mapping[str, str]:
        return {f"{_PERSON}{person.id}": person.place.name for person in self._site.accounts.people.all()}


def _families(site: Site, request: Request) -> list[tuple[str, str]]:
    """What can be filtered by: the first word of a deed's code, and what it means."""
    language = site.renderer.language(request)
    return [(code.removeprefix("deeds."), words) for code, words in language.starting_with("deeds.")]

"""Pages from templates, in the reader's language. One template serves the page and its parts.

A part is a block of the page's template: when htmx asks for the page again on behalf of an element, the block with that
element's id is sent alone. So a page and its live parts cannot drift apart.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import BytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.requests import Request

from firmware_profiles.loader import load_catalog
from firmware_profiles.schema import Label
from hub.core.districts import District
from hub.core.people import Permission, Principal, PrincipalKind
from hub.core.usage import UsageSettings
from hub.tickets.parts import to_bring
from hub.web import addresses, highlights
from hub.web.district_names import read_names
from hub.web.figures import AGE_WORDS, Figures
from hub.web.incident_words import IncidentWords
from hub.web.language import COOKIE, PARAMETER, Language, Marking, choose, load_languages
from hub.web.navigation import NAVIGATION
from hub.web.pages import Clock
from hub.web.principal import principal_of
from hub.web.settings import WebSettings
from hub.web.writing import MODULES, Modules, Templates

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_YEAR_S = 365 * 86400
PERSON = "X-Person"
"""Whom a page was made for: a worker of the browser shows what it keeps to nobody else."""
_PAGE = {"Cache-Control": "no-cache", "Vary": "Cookie, HX-Request"}
_ON_PHONES = "phone."
_WHOLE_PAGE, _ONE_PART = "page.html", "part.html"
_PART = re.compile(r"[a-z]{1,20}")


class _Compiled(BytecodeCache):
    """What templates have been compiled to, in this process: the same for all languages."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class Renderer:
    """Turns a template and what it shows into a response."""

    def __init__(self, settings: WebSettings, clock: Clock) -> None:
        """Raises DistrictsMistake."""
        self._settings = settings
        self._clock = clock
        self.districts = read_names(settings.districts)
        self._languages = load_languages()
        zone = ZoneInfo(settings.time_zone)
        self._catalogue = load_catalog()
        self.version = _version(STATIC)
        self._figures = {code: Figures(language, zone) for code, language in self._languages.items()}
        self._environments = {
            code: _environment(language, self._figures[code], self.static) for code, language in self._languages.items()
        }
        for code, environment in self._environments.items():
            environment.globals["district_name"] = partial(self._district_name, code)
            environment.globals["several_districts"] = len(settings.groups) > 1

    def _district_name(self, language: str, code: str) -> str:
        return (self.districts.get(code) or District(code)).name(language)

    @property
    def usage(self) -> UsageSettings:
        return self._settings.usage

    def static(self, name: str) -> str:
        """The address of a static file, of this version."""
        return f"/static/{name}?v={self.version}"

    def language(self, request: Request) -> Language:
        return choose(request, self._languages, self._settings.default_language)

    def spoken(self) -> Mapping[str, Language]:
        """All languages, e.g. to search stored codes by their words."""
        return self._languages

    def figures(self, request: Request) -> Figures:
        return self._figures[self.language(request).code]

    def incident_words(self, request: Request) -> IncidentWords:
        return IncidentWords(self.language(request), self.figures(request))

    def morning(self, day: date) -> int:
        """When a day begins for those who work, in ms."""
        return next(iter(self._figures.values())).morning(day.isoformat())

    def to_bring(self, cause: str, profiles: Iterable[str | None]) -> tuple[Label, ...]:
        """What a technician takes along, in all languages."""
        return to_bring(self._catalogue, cause, profiles)

    def templates(self) -> Iterator[Callable[[], object]]:
        """What makes each template ready for each language: compiled on the way."""
        for environment in self._environments.values():
            for name in environment.list_templates():
                yield partial(environment.get_template, name)

    def fragment(self, request: Request, template: str, context: Mapping[str, Any]) -> Markup:
        """A piece of a page that shows nothing of whoever reads it, so that it may be kept for others of the language."""
        found = self._environments[self.language(request).code].get_template(template)
        with Modules() as modules:
            return Markup(found.render({**context, MODULES: modules}))  # noqa: S704  a template escapes

    def page(self, request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
        """The page; or one part of it, when htmx asks for that."""
        language = self.language(request)
        found = self._environments[language.code].get_template(template)
        part = request.headers.get("hx-target", "") if "hx-request" in request.headers else ""
        layout = _ONE_PART if _PART.fullmatch(part) and part in found.blocks else _WHOLE_PAGE
        known = {**self._surroundings(request, language), **context, "layout": layout, "part": part}
        with Modules() as modules:
            html = found.render({**known, MODULES: modules})
        response = HTMLResponse(html, status, headers={**_PAGE, PERSON: person_of(principal_of(request))})
        if PARAMETER in request.query_params:
            response.set_cookie(COOKIE, language.code, max_age=_YEAR_S, samesite="lax", httponly=True)
        return response

    def _surroundings(self, request: Request, language: Language) -> dict[str, Any]:
        others = [each for each in self._languages.values() if each.code != language.code]
        principal = principal_of(request)
        return {
            "lang": language,
            "now": self._clock(),
            "path": request.url.path,
            "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            "other_languages": [
                (each, str(request.url.include_query_params(**{PARAMETER: each.code}).query)) for each in others
            ],
            "notes": self._settings.notes,
            "me": principal,
            "reader": person_of(principal),
            "my_name": _name(principal, language),
            "may": lambda permission: principal.may(Permission(permission)),
            "csrf": getattr(request.state, "csrf", ""),
            "seen": getattr(request.state, "seen", ""),
            # Whether they are limited to no district: some places are the same for all.
            "whole": principal.groups is None,
            "places": [each for each in NAVIGATION if each.is_for(principal)],
            "time_zone": self._settings.time_zone,
        }


def person_of(principal: Principal) -> str:
    """Whose pages and forms a phone keeps apart from those of others; empty for who has not signed in."""
    return principal.label if principal.kind in (PrincipalKind.PERSON, PrincipalKind.DEMO) else ""


def _name(principal: Principal, language: Language) -> str:
    """Who only shows the hub in a role is called by it."""
    role = language.lookup(f"role.{principal.name}") if principal.kind is PrincipalKind.DEMO else None
    return role or principal.name


def _environment(language: Language, figures: Figures, static: Callable[[str], str]) -> Templates:
    environment = Templates(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
        # They come with the program: none changes while it runs.
        auto_reload=False,
    )
    marking = Marking(language)
    environment.globals.update(
        _=marking.gettext,
        gettext=marking.gettext,
        ngettext=marking.ngettext,
        static=static,
        # Of this one a page of a list asks hundreds of times.
        icons=static("icons.svg"),
        figures=figures,
        highlights=highlights,
        addresses=addresses,
        age_words={name: language.gettext(words) for name, words in AGE_WORDS.items()},
        phone_words={code.removeprefix(_ON_PHONES): words for code, words in language.starting_with(_ON_PHONES)}
        | {"clock": language.gettext("format.clock")},
    )
    return environment


def _version(root: Path) -> str:
    """Changes when any static file does, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]

"""The page of many districts: the whole, its provinces, and each district, from what was counted a moment ago."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from hub.core.districts import District, DistrictCount, together
from hub.core.people import Permission
from hub.core.spelling import likeness
from hub.web.district_names import district_of
from hub.web.districts import own_districts
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.sent_lists import KINDS, file_of
from hub.web.site import Site
from hub.web.table_pages import Cell

PAGE = "/country"
OLD_MS = 15 * 60_000
"""Older than this, the counts are said to be old."""
_MOST_KEPT = 64
By = Literal["province", "district"]
Sort = Literal["name", "schools", "silent", "available", "lost", "month", "open", "old", "overdue"]
Words = Annotated[str, Query(max_length=80)]
Name = Annotated[str, Query(max_length=120)]
_WORST_FIRST: Mapping[str, Callable[[DistrictCount], float]] = {
    "schools": lambda count: -count.schools,
    "silent": lambda count: -count.silent,
    # What had no class yet comes last.
    "available": lambda count: 2.0 if count.available is None else count.available,
    "lost": lambda count: -count.lost_min,
    "month": lambda count: -count.lost_month_min,
    "open": lambda count: -count.open,
    "old": lambda count: -count.ages[-1],
    "overdue": lambda count: -count.overdue,
}
_COLUMNS = (
    *("code", "district", "province", "counted", "schools", "agents", "silent", "available", "lost_today"),
    *("lost_month", "open", "days_1", "days_3", "days_7", "days_more", "overdue"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A district, or a province: then with how many districts it has. provinces: its names in every language"""

    name: str
    province: str
    count: DistrictCount
    code: str = ""
    districts: int = 0
    provinces: frozenset[str] = frozenset()


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_REPORTS, cut=True))
    pages = _Country(site)
    routes.get(f"{PAGE}/export.{{kind}}")(pages.file)
    routes.get(PAGE)(pages.page)
    return routes


def lines_of(site: Site, request: Request) -> list[Line]:
    """The districts of whoever asks, by their names."""
    language = site.renderer.language(request).code
    found = site.office.country.districts(own_districts(request))
    return sorted((_line(district_of(request, code), each, language) for code, each in found.items()), key=_named)


class _Country:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._made: dict[Hashable, Markup] = {}
        self._made_at = 0

    def page(
        self, request: Request, by: By = "province", sort: Sort = "silent", q: Words = "", province: Name = ""
    ) -> HTMLResponse:
        everything, now = lines_of(self._site, request), self._site.clock()
        provinces = _provinces(everything)
        # Where nobody has said which province a district is of, there is nothing to fold.
        by = by if len(provinces) > 1 and not (q or province) else "district"
        shown = provinces if by == "province" else _asked(everything, q.strip(), province)
        whole = together(each.count for each in everything)
        context = {
            "whole": together(each.count for each in shown) if q or province else whole,
            "lines": _sorted(shown, sort),
            "by": by,
            "sort": sort,
            "q": q.strip(),
            "province": next((each.province for each in shown), "") if province else "",
            "districts": len(everything),
            "provinces": len(provinces),
            "uncounted": sum(each.count.at is None for each in everything),
            "old": whole.at is not None and now - whole.at > OLD_MS,
            "asked": {"by": by, "sort": sort, "q": q.strip(), "province": province},
        }
        context["rows"] = self._rows(request, context, shown=(by, sort, q.strip(), province))
        return self._site.renderer.page(request, "overview/country.html", context)

    def _rows(self, request: Request, context: Mapping[str, Any], shown: Hashable) -> Markup:
        """The lines, made once for each count: they are the same for everybody of the same districts and language."""
        at = max((each.count.at or 0 for each in context["lines"]), default=0)
        if at != self._made_at:
            self._made, self._made_at = {}, at
        key = (shown, own_districts(request), self._site.renderer.language(request).code)
        if key not in self._made and len(self._made) < _MOST_KEPT:
            self._made[key] = self._site.renderer.fragment(request, "overview/_country_rows.html", context)
        return self._made.get(key) or self._site.renderer.fragment(request, "overview/_country_rows.html", context)

    def file(self, request: Request, kind: str, q: Words = "", province: Name = "", sort: Sort = "silent") -> Response:
        """Of each district, with what was searched."""
        if kind not in KINDS:
            raise no_such("kind of file", "kind")
        language, figures = self._site.renderer.language(request), self._site.renderer.figures(request)
        found = _sorted(_asked(lines_of(self._site, request), q.strip(), province), sort)
        heading = [language.gettext(f"country.{each}") for each in _COLUMNS]
        rows = (_cells(each, "" if each.count.at is None else figures.sortable(each.count.at)) for each in found)
        written = self._site.office.tables.written(kind, language.gettext("place.country"), heading, rows)
        return file_of(written, f"districts.{kind}", KINDS[kind])


def _line(district: District, count: DistrictCount, language: str) -> Line:
    provinces = frozenset({district.province_th, district.province_en})
    return Line(district.name(language), district.province(language), count, district.code, provinces=provinces)


def _named(line: Line) -> tuple[str, str, str]:
    return line.province, line.name, line.code


def _provinces(lines: Iterable[Line]) -> list[Line]:
    found = []
    for province, each in groupby(lines, key=lambda line: line.province):
        own = list(each)
        found.append(Line(province, province, together(line.count for line in own), districts=len(own)))
    return found


def _asked(lines: Iterable[Line], words: str, province: str) -> list[Line]:
    here = [each for each in lines if not province or province in each.provinces]
    return [each for each in here if not words or _is_like(words, each)]


def _is_like(words: str, line: Line) -> bool:
    return any(likeness(words, each) is not None for each in (line.name, line.code, *line.provinces))


def _sorted(lines: Sequence[Line], sort: Sort) -> list[Line]:
    """The worst first; what was not counted yet at the end."""
    worst = _WORST_FIRST.get(sort)
    if worst is None:
        return sorted(lines, key=_named)
    return sorted(lines, key=lambda line: (line.count.at is None, worst(line.count), _named(line)))


def _cells(line: Line, counted: str) -> Sequence[Cell]:
    count = line.count
    if count.at is None:
        return (line.code, line.name, line.province, *[""] * (len(_COLUMNS) - 3))
    share = "" if count.available is None else round(count.available, 4)
    minutes = (round(count.lost_min), round(count.lost_month_min))
    return (
        *(line.code, line.name, line.province, counted, count.schools, count.agents, count.silent, share, *minutes),
        *(count.open, *count.ages, count.overdue),
    )

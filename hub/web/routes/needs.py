"""What must be replaced, repaired or watched, with the reasons; and the reference prices that it is counted by."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData

from hub.core.assets import ASSET_KINDS
from hub.core.fiscal import fiscal_year
from hub.core.needs import Advice, Need
from hub.core.people import Permission
from hub.needs.prices import FIELDS, PriceFlaw, PriceSheet
from hub.needs.totals import totals
from hub.web.districts import districts
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import LONGEST, Arranging
from hub.web.need_list import need_list
from hub.web.plan_table import SUMMARY, needs_by_school
from hub.web.principal import principal_of
from hub.web.request_forms import form_of
from hub.web.site import Site

PAGE, PRICES = "/needs", "/prices"
MOST_BYTES = 2 * 1024 * 1024
FIRST_YEAR, LAST_YEAR = 2540, 2650
_AT_ONCE = 50
_LONGEST = 400
_KINDS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Short = Annotated[str, Form(max_length=400)]
Year = Annotated[int, Form(ge=FIRST_YEAR, le=LAST_YEAR)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_ASSETS))
    plans = [needs(Permission.PLAN)]
    found, prices = _Needs(site), _Prices(site)
    routes.get(PAGE)(found.page)
    routes.get(f"{PAGE}/export.{{kind}}")(found.export)
    routes.get(f"{PAGE}/summary.xlsx")(found.summary)
    routes.get(f"{PAGE}/maintenance.pdf", dependencies=plans)(found.maintenance)
    routes.get(PRICES)(prices.page)
    routes.post(PRICES, dependencies=plans)(prices.put)
    routes.post(f"{PRICES}/removal", dependencies=plans)(prices.remove)
    routes.post(f"{PRICES}/import", dependencies=plans)(prices.take_over)
    routes.post(f"{PRICES}/import/confirm", dependencies=plans)(prices.confirm)
    routes.post(f"{PRICES}/import/drop", dependencies=plans)(prices.drop)
    routes.get(f"{PRICES}/export.{{kind}}")(prices.export)
    return routes


class Wanted(BaseModel):
    """Which needs are asked for; without a value: all. advice: all also shows what is kept."""

    model_config = ConfigDict(extra="forbid")

    advice: Literal["", "all", "replace", "repair", "watch", "keep"] = ""
    kind: str = Field("", max_length=32)
    group: str = Field("", max_length=200)
    school: str = Field("", max_length=200)
    year: str = Field("", pattern=r"^\d{0,4}$")
    q: str = Field("", max_length=LONGEST)
    order: str = Field("", max_length=20)
    skip: int = Field(0, ge=0, le=1_000_000)
    lang: str = ""

    @property
    def arranging(self) -> Arranging:
        return Arranging(self.q.strip(), self.order)

    def of(self, needs: Iterable[Need]) -> list[Need]:
        """Those that are of what is asked for, whatever is to be done with them."""
        wanted = {name: value for name in ("kind", "group", "school") if (value := getattr(self, name))}
        found = [need for need in needs if all(getattr(need, name) == value for name, value in wanted.items())]
        return [need for need in found if str(need.fiscal_year) == self.year] if self.year else found

    def is_shown(self, need: Need) -> bool:
        if self.advice == "all":
            return True
        return need.advice == self.advice if self.advice else need.advice is not Advice.KEEP


class _Needs:
    def __init__(self, site: Site) -> None:
        self._site = site

    def page(self, request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
        """Those that ask for something; with advice=all also what is kept."""
        seen = self._site.office.needs.all(principal_of(request).groups)
        asked = wanted.of(seen)
        counts = Counter(each.advice.value for each in asked)
        shown = [each for each in asked if wanted.is_shown(each)]
        found, skip = need_list(self._site, request).found(shown, wanted.arranging), wanted.skip
        shown = list(found.lines)
        context = {
            "path": PAGE,
            "found": found,
            "needs": shown[skip : skip + _AT_ONCE],
            "more": skip + _AT_ONCE if len(shown) > skip + _AT_ONCE else None,
            "counts": counts,
            "all": len(asked),
            "totals": totals(each for each in shown if each.advice is not Advice.KEEP),
            "advice": wanted.advice,
            "kept": {name: getattr(wanted, name) for name in ("kind", "group", "school", "year")},
            "kinds": sorted({each.kind for each in seen}),
            "years": sorted({each.fiscal_year for each in seen}),
            "groups": districts(request),
            "advices": list(Advice),
            "prices": bool(self._site.office.needs.years()),
        }
        return self._site.renderer.page(request, "allocation/needs.html", context)

    def export(self, request: Request, kind: str, wanted: Annotated[Wanted, Query()]) -> Response:
        """Those that the page shows, one by one."""
        seen, listing = self._site.office.needs.all(principal_of(request).groups), need_list(self._site, request)
        shown = (each for each in wanted.of(seen) if wanted.is_shown(each))
        return listing.file(self._site, request, kind, listing.found(shown, wanted.arranging))

    def summary(self, request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
        """A row for each school: the summary of the survey of needs."""
        words = self._site.renderer.language(request)
        seen = self._site.office.needs.all(principal_of(request).groups)
        rows = needs_by_school(wanted.of(seen), words)
        heading = [words.gettext(f"need_column.{name}") for name in SUMMARY]
        data = self._site.office.allocation.workbook("needs", heading, rows)
        headers = {"Content-Disposition": 'attachment; filename="needs.xlsx"', "Cache-Control": "no-store"}
        return Response(data, media_type=_KINDS["xlsx"], headers=headers)

    def maintenance(self, request: Request, group: Annotated[str, Query(max_length=200)] = "") -> Response:
        """The yearly plan, as a memorandum."""
        mine = principal_of(request).groups
        if group and group not in districts(request):
            raise no_such("district", "group")
        data = self._site.office.upkeep.plan((group,) if group else mine, principal_of(request))
        if data is None:
            raise no_such("need", "group")
        headers = {"Content-Disposition": 'inline; filename="M01-maintenance.pdf"', "Cache-Control": "no-store"}
        return Response(data, media_type="application/pdf", headers=headers)


class _Prices:
    def __init__(self, site: Site) -> None:
        self._site, self._desk = site, site.office.needs

    def page(self, request: Request, year: int | None = None, done: Skip | None = None) -> Response:
        return self._shown(request, self._year(request, year), done=done)

    def put(self, request: Request, year: Year, form: Annotated[FormData, Depends(form_of)]) -> Response:
        told = {name: str(form.get(name, ""))[:_LONGEST] for name in FIELDS}
        try:
            seen = form.get("seen")
            self._desk.put_price(year, told, principal_of(request), None if seen is None else str(seen))
        except PriceFlaw as flaw:
            return self._shown(request, year, typed=told, flaw=flaw)
        return RedirectResponse(f"{PRICES}?year={year}#{quote(told['kind'])}", status_code=303)

    def remove(self, request: Request, year: Year, kind: Short = "") -> Response:
        self._desk.remove_price(year, kind, principal_of(request))
        return RedirectResponse(f"{PRICES}?year={year}", status_code=303)

    def take_over(self, request: Request, year: Year, file: Annotated[UploadFile, File()]) -> Response:
        """A whole list, to be looked through; with any mistake nothing of it."""
        data, name = file.file.read(MOST_BYTES), "".join(filter(str.isprintable, file.filename or ""))[:_LONGEST]
        found = self._desk.price_lists.keep(year, name, data, self._spoken(), principal_of(request))
        if found is None:
            return RedirectResponse(f"{PRICES}?year={year}#list", status_code=303)
        if isinstance(found, str):
            return self._shown(request, year, unreadable=found)
        return self._shown(request, year, sheet=found)

    def confirm(self, request: Request, year: Year, seal: Short = "") -> Response:
        changed = self._desk.price_lists.take_over(seal, self._spoken(), principal_of(request))
        if changed is None:
            return self._shown(request, year, stale=True)
        return RedirectResponse(f"{PRICES}?year={year}&done={changed}", status_code=303)

    def drop(self, request: Request, year: Year) -> Response:
        self._desk.price_lists.drop(principal_of(request))
        return RedirectResponse(f"{PRICES}?year={year}", status_code=303)

    def export(self, request: Request, kind: str, year: int | None = None) -> Response:
        """As it can be taken over again."""
        if kind not in _KINDS:
            raise no_such("kind of file", "kind")
        words, wanted = self._site.renderer.language(request), self._year(request, year)
        heading = [words.gettext(f"price_column.{name}") for name in FIELDS]
        kinds = {each: words.gettext(f"kind.{each}") for each in ASSET_KINDS}
        data = self._desk.export_prices(wanted, kind, str(wanted), heading, kinds)
        headers = {"Content-Disposition": f'attachment; filename="prices-{wanted}.{kind}"', "Cache-Control": "no-store"}
        return Response(data, media_type=_KINDS[kind], headers=headers)

    def _spoken(self) -> dict[str, str]:
        """What a cell may say in any language, to its code."""
        languages = self._site.renderer.spoken().values()
        return {each.gettext(f"kind.{kind}"): kind for each in languages for kind in ASSET_KINDS}

    def _year(self, request: Request, wanted: int | None) -> int:
        this = fiscal_year(date.fromisoformat(self._site.renderer.figures(request).today(self._site.clock())))
        return wanted if wanted is not None and FIRST_YEAR <= wanted <= LAST_YEAR else this

    def _shown(
        self,
        request: Request,
        year: int,
        *,
        typed: Mapping[str, str] | None = None,
        flaw: PriceFlaw | None = None,
        sheet: PriceSheet | None = None,
        unreadable: str | None = None,
        done: int | None = None,
        stale: bool = False,
    ) -> Response:
        this = self._year(request, None)
        waiting = self._desk.price_lists.waiting(self._spoken(), principal_of(request))
        offered: Sequence[int] = sorted({this, this + 1, year, *self._desk.years()}, reverse=True)
        context = {
            "path": PRICES,
            "year": year,
            "years": offered,
            "prices": self._desk.prices(year),
            "kinds": ASSET_KINDS,
            "typed": typed or {},
            "flaw": flaw,
            "sheet": sheet,
            "unreadable": unreadable,
            "done": done,
            "stale": stale,
            "preview": waiting if waiting is not None and waiting.year == year else None,
        }
        late = stale or (flaw is not None and flaw.code == "stale")
        status = 409 if late else 422 if flaw or sheet or unreadable else 200
        return self._site.renderer.page(request, "allocation/prices.html", context, status)

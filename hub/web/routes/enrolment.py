"""Codes by which computers of schools join: for whom, their slips, and what became of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from hub.core.equipment import NodeKey
from hub.core.people import Permission
from hub.enrolment.choices import Coverage, SchoolChoice, Show, shown
from hub.enrolment.codes import Standing
from hub.enrolment.nodes import Purpose, Skipped
from hub.web.districts import chosen_district, districts, node_there
from hub.web.enrolling import MOST_SCHOOLS, Made, OneBatch, Wanted
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import Arranging, Listing, by_name
from hub.web.principal import principal_of
from hub.web.site import Site
from provisioning.core.contract import show_code

PAGE = "/admin/enrolment"
_MOST_LINES = 200
_MOST_TOLD = 30
_BATCHES = 20
Short = Annotated[str, Form(max_length=200)]
Asked = Annotated[str, Query(max_length=200)]


class Order(BaseModel):
    """The form. which: `chosen` schools, or all that are `listed`."""

    group: Annotated[str, Field(max_length=200)] = ""
    show: Show = Show.NEED_CODE
    q: Annotated[str, Field(max_length=200)] = ""
    which: Literal["chosen", "listed"] = "chosen"
    schools: Annotated[list[str], Field(max_length=MOST_SCHOOLS)] = []
    purpose: Purpose = Purpose.FIRST
    days: Annotated[float | None, Field(gt=0, le=365)] = None
    note: Annotated[str, Field(max_length=200)] = ""


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.ENROL), prefix=PAGE)
    pages = _Enrolment(site)
    routes.get("")(pages.page)
    routes.post("")(pages.make)
    routes.post("/codes/again")(pages.again)
    routes.post("/codes/withdraw")(pages.withdraw)
    routes.get("/export.{kind}")(pages.export)
    routes.get("/{batch_id}")(pages.batch)
    routes.get("/{batch_id}/slips.pdf")(pages.slips)
    routes.post("/{batch_id}/again")(pages.again_all)
    routes.post("/{batch_id}/withdraw")(pages.withdraw_all)
    return routes


class _Enrolment:
    def __init__(self, site: Site) -> None:
        self._site, self._enrolling = site, site.enrolling

    def page(
        self, request: Request, group: Asked = "", show: Show = Show.NEED_CODE, q: Asked = "", order: Asked = ""
    ) -> Response:
        return self._choose(request, chosen_district(request, group), show, q, order=order)

    def export(
        self,
        request: Request,
        kind: str,
        *,
        group: Asked = "",
        show: Show = Show.NEED_CODE,
        q: Asked = "",
        order: Asked = "",
    ) -> Response:
        """The schools and whether each has a computer or a code: never a code."""
        district, listing = chosen_district(request, group), self._listing(request)
        schools = shown(self._enrolling.schools(district, self._site.clock()), show, "") if district else ()
        return listing.file(self._site, request, kind, listing.found(schools, Arranging(q, order)))

    def make(self, request: Request, order: Annotated[Order, Form()]) -> Response:
        """For the schools that are chosen, or for all that are listed."""
        district, now = chosen_district(request, order.group), self._site.clock()
        schools: Sequence[str] = order.schools
        if order.which == "listed":
            listed = shown(self._enrolling.schools(district, now), order.show, order.q)
            schools = [each.code for each in _all_at_once(listed)]
        if not schools:
            return self._choose(request, district, order.show, order.q, mistake=True)
        days = order.days or self._enrolling.usual_days
        wanted = Wanted(district, schools, order.purpose, days, order.note.strip())
        made = self._enrolling.make(wanted, principal_of(request), now)
        if made.batch is None:
            return self._choose(request, district, order.show, order.q, skipped=made.skipped)
        return _to_batch(made)

    def batch(self, request: Request, batch_id: int, s: Annotated[tuple[str, ...], Query()] = ()) -> Response:
        found = self._known(request, batch_id)
        context = {
            "path": f"{PAGE}/{batch_id}",
            "batch": found.view,
            "codes": {node: show_code(code) for node, code in found.codes.items()},
            "open": len(_open(found)),
            "skipped": _skipped(s),
            "address": self._enrolling.address(),
            "has_bundle": self._enrolling.has_bundle(),
            "who": self._names().get(found.view.who, ""),
        }
        response = self._site.renderer.page(request, "admin/batch.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def slips(self, request: Request, batch_id: int, paper: Annotated[str, Query(max_length=8)] = "th") -> Response:
        self._known(request, batch_id)
        pdf = self._enrolling.slips(batch_id, paper, principal_of(request), self._site.clock())
        if pdf is None:
            return RedirectResponse(f"{PAGE}/{batch_id}", status_code=303)
        headers = {
            "Content-Disposition": f'attachment; filename="slips-{batch_id}-{paper}.pdf"',
            "Cache-Control": "no-store",
        }
        return Response(pdf, media_type="application/pdf", headers=headers)

    def again(self, request: Request, group: Short = "", node: Short = "") -> Response:
        return self._anew(request, [node_there(request, group, node)])

    def again_all(self, request: Request, batch_id: int) -> Response:
        """New codes in place of all that are open: the way to print slips once more."""
        return self._anew(request, _open(self._known(request, batch_id)))

    def withdraw(
        self, request: Request, group: Short = "", node: Short = "", batch: int | None = Form(None)
    ) -> Response:
        taken = [node_there(request, group, node)]
        self._enrolling.take_back(taken, principal_of(request), self._site.clock())
        return RedirectResponse(PAGE if batch is None else f"{PAGE}/{batch}", status_code=303)

    def withdraw_all(self, request: Request, batch_id: int) -> Response:
        taken = _open(self._known(request, batch_id))
        self._enrolling.take_back(taken, principal_of(request), self._site.clock())
        return RedirectResponse(f"{PAGE}/{batch_id}", status_code=303)

    def _anew(self, request: Request, nodes: Sequence[NodeKey]) -> Response:
        made = self._enrolling.again(nodes, principal_of(request), self._site.clock())
        if made.batch is None:
            raise no_such("computer", "node")
        return _to_batch(made)

    def _known(self, request: Request, number: int) -> OneBatch:
        possible = 0 < number < 2**62
        found = self._enrolling.batch(number, principal_of(request), self._site.clock()) if possible else None
        if found is None or found.view.group not in districts(request):
            raise no_such("batch", "batch_id")
        return found

    def _names(self) -> Mapping[str, str]:
        return {each.principal.label: each.place.name for each in self._site.accounts.people.all()}

    def _listing(self, request: Request) -> Listing[SchoolChoice]:
        language = self._site.renderer.language(request)

        def coverage(each: SchoolChoice) -> str:
            return language.gettext(f"coverage.{each.coverage.value}")

        return Listing(
            "enrolment",
            {
                "school": lambda each: by_name(each.name),
                "code": lambda each: each.code,
                "state": lambda each: list(Coverage).index(each.coverage),
            },
            lambda each: (each.name, each.code),
            {
                "code": lambda each: each.code,
                "school": lambda each: each.name,
                "state": coverage,
                "computers": lambda each: " ".join(each.computers),
            },
        )

    def _choose(
        self,
        request: Request,
        district: str,
        show: Show,
        wanted: str,
        *,
        order: str = "",
        mistake: bool = False,
        skipped: Sequence[tuple[str, Skipped]] = (),
    ) -> Response:
        now = self._site.clock()
        schools = self._enrolling.schools(district, now)
        listed = self._listing(request).found(shown(schools, show, ""), Arranging(wanted, order))
        found = listed.lines
        context = {
            "listed": listed,
            "path": PAGE,
            "groups": districts(request),
            "group": district,
            "asked": {"show": show.value, **listed.asked},
            "counts": _counts(schools, wanted),
            "schools": found[:_MOST_LINES],
            "found": len(found),
            "at_once": len(_all_at_once(found)),
            "known": len(schools),
            "purposes": list(Purpose),
            "days": self._enrolling.usual_days,
            "mistake": mistake,
            "skipped": skipped[:_MOST_TOLD],
            "address": self._enrolling.address(),
            "has_bundle": self._enrolling.has_bundle(),
            "batches": self._enrolling.batches([district], now)[:_BATCHES],
            "names": self._names(),
        }
        return self._site.renderer.page(request, "admin/enrolment.html", context, 422 if mistake or skipped else 200)


def _all_at_once(listed: Sequence[SchoolChoice]) -> Sequence[SchoolChoice]:
    """Slips that are under way do not become worthless by one touch: whose code waits is to be chosen by itself."""
    return [each for each in listed if each.coverage is not Coverage.WAITING][:MOST_SCHOOLS]


def _counts(schools: Sequence[SchoolChoice], wanted: str) -> list[tuple[str, int]]:
    return [(show.value, len(shown(schools, show, wanted))) for show in Show]


def _open(batch: OneBatch) -> list[NodeKey]:
    return [each.node for each in batch.view.codes if each.standing is Standing.OPEN]


def _to_batch(made: Made) -> Response:
    told = [("s", f"{name}~{why.value}") for name, why in made.skipped[:_MOST_TOLD]]
    query = f"?{urlencode(told)}" if told else ""
    return RedirectResponse(f"{PAGE}/{made.batch}{query}", status_code=303)


def _skipped(told: Sequence[str]) -> list[tuple[str, Skipped]]:
    """As `_to_batch` wrote it into the address; what somebody else wrote there is left out."""
    possible = {each.value: each for each in Skipped}
    pairs = [each.partition("~")[::2] for each in told[:_MOST_TOLD]]
    return [(name, possible[why]) for name, why in pairs if why in possible]

"""The JSON API of needs, reference prices and rounds of allocation."""

from collections.abc import Callable
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import RoundView
from hub.core.needs import Advice, Need
from hub.core.people import Permission
from hub.needs.prices import PriceFlaw
from hub.needs.totals import totals
from hub.web.api_allocation_models import (
    LineModel,
    LineWish,
    NeedModel,
    PriceModel,
    PriceWish,
    PurchaseModel,
    PurchaseWish,
    RemovalWish,
    RoundDetailModel,
    RoundModel,
    StepWish,
    TicksWish,
    TotalModel,
)
from hub.web.api_models import Page
from hub.web.failures import Problem, no_such
from hub.web.gate import gated_api, needs
from hub.web.principal import principal_of
from hub.web.round_forms import status_of
from hub.web.routes.needs import FIRST_YEAR, LAST_YEAR
from hub.web.site import Site

_SAID = {
    PlanFlaw.NO_SUCH_ROUND: ("there is no such round", "list them"),
    PlanFlaw.NO_SUCH_LINE: ("there is no such line in the plan", "read the round again"),
    PlanFlaw.NOT_NOW: ("that is not possible where the round stands", "see its state and the steps of its request"),
    PlanFlaw.STALE: ("the line has changed since it was read", "read the round again, then decide"),
    PlanFlaw.MISSING: ("this must be filled", "give it"),
    PlanFlaw.BAD_VALUE: ("this value cannot be", "see /api/v1/openapi.json for what is accepted"),
    PlanFlaw.TOO_MANY: ("not so many pieces can take this step", "see done and next_stages of the line"),
    PlanFlaw.TAKEN: ("another asset has it already", "see the register of assets"),
    PlanFlaw.NO_SUCH_ASSET: ("this asset is not there", "see the register of assets"),
    PlanFlaw.PURCHASE_GOES_ON: ("its purchase goes on", "cancel the purchase request, and the line is free"),
    PlanFlaw.ANSWERED: ("somebody else answered these rules meanwhile", "read the round again, then decide"),
    PlanFlaw.PROMISED: ("another round moves this asset already", "choose another one, or remove it from that plan"),
    PlanFlaw.STOCK_PROMISED: (
        "another round counts on these pieces",
        "change the source, or remove them from that plan",
    ),
    PlanFlaw.NOT_IN_STOCK: ("the stock has none free of this kind", "change the source of the line"),
}
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
LineId = Annotated[int, Path(ge=1, le=2**53)]


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.SEE_ASSETS))
    plans, carries = [needs(Permission.PLAN)], [needs(Permission.KEEP_ASSETS)]
    api, rounds = _Needs(site), _Rounds(site)
    routes.get("/needs")(api.some)
    routes.get("/needs/totals")(api.totals)
    routes.get("/prices/{year}")(api.prices)
    routes.post("/prices/{year}", dependencies=plans)(api.put)
    routes.get("/allocation")(rounds.all)
    routes.get("/allocation/{number}")(rounds.one)
    routes.post("/allocation/{number}/proposal", dependencies=plans)(rounds.propose)
    routes.post("/allocation/{number}/lines", status_code=201, dependencies=plans)(rounds.add)
    routes.post("/allocation/{number}/lines/{line}", dependencies=plans)(rounds.change)
    routes.post("/allocation/{number}/lines/{line}/removal", dependencies=plans)(rounds.remove)
    routes.post("/allocation/{number}/rules", dependencies=plans)(rounds.tick)
    routes.post("/allocation/{number}/lines/{line}/steps", dependencies=carries)(rounds.step)
    routes.post("/allocation/{number}/lines/{line}/purchase", status_code=201, dependencies=carries)(rounds.order)
    routes.post("/allocation/{number}/lines/{line}/taking-back", dependencies=carries)(rounds.take_back)
    return routes


class Listed(BaseModel):
    """Which needs are asked for; without a value: all that ask for something."""

    model_config = ConfigDict(extra="forbid")

    advice: Literal["all", "replace", "repair", "watch", "keep"] | None = None
    kind: str = Field("", max_length=32)
    group: str = Field("", max_length=200)
    school: str = Field("", max_length=200)
    year: int | None = Field(None, ge=FIRST_YEAR, le=LAST_YEAR)
    skip: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(100, ge=1, le=1000)

    def has(self, need: Need) -> bool:
        wanted = (self.kind, need.kind), (self.group, need.group), (self.school, need.school)
        if not all(asked in ("", known) for asked, known in wanted) or self.year not in (None, need.fiscal_year):
            return False
        if self.advice in (None, "all"):
            return self.advice == "all" or need.advice is not Advice.KEEP
        return need.advice == self.advice


class _Needs:
    def __init__(self, site: Site) -> None:
        self._desk = site.office.needs

    def some(self, request: Request, wanted: Annotated[Listed, Query()]) -> Page[NeedModel]:
        """What is to become of the assets, the most urgent first."""
        found = self._found(request, wanted)
        after = wanted.skip + wanted.limit
        query = urlencode(wanted.model_dump(exclude_defaults=True) | {"skip": after})
        return Page(
            items=[NeedModel.of(each) for each in found[wanted.skip : after]],
            next=f"/api/v1/needs?{query}" if len(found) > after else None,
        )

    def totals(self, request: Request, wanted: Annotated[Listed, Query()]) -> Page[TotalModel]:
        """Counted by district, kind, advice and fiscal year: all at once."""
        return Page(items=[TotalModel.of(each) for each in totals(self._found(request, wanted))], next=None)

    def prices(self, year: Year) -> Page[PriceModel]:
        """The price list of a fiscal year (of the Buddhist era): all of it."""
        return Page(items=[PriceModel.of(each) for each in self._desk.prices(year)], next=None)

    def put(self, request: Request, year: Year, wish: PriceWish) -> Page[PriceModel]:
        """Set the price of a kind, and answer with the list."""
        try:
            self._desk.put_price(year, wish.model_dump(), principal_of(request))
        except PriceFlaw as flaw:
            detail = f"{flaw.field}: {flaw.code.replace('-', ' ')}."
            raise Problem(422, "invalid-price", detail, flaw.field, "give kind, price in baht, and source") from None
        return self.prices(year)

    def _found(self, request: Request, wanted: Listed) -> list[Need]:
        return [each for each in self._desk.all(principal_of(request).groups) if wanted.has(each)]


class _Rounds:
    def __init__(self, site: Site) -> None:
        self._desk = site.office.allocation

    def all(self, request: Request) -> Page[RoundModel]:
        """Rounds of allocation, the newest first: all at once."""
        return Page(items=[RoundModel.of(each) for each in self._desk.rounds(principal_of(request))], next=None)

    def one(self, request: Request, number: str) -> RoundDetailModel:
        """A round with its plan."""
        return RoundDetailModel.of_all(self._view(request, number))

    def propose(self, request: Request, number: str) -> RoundDetailModel:
        """Propose the plan anew; lines that people changed or added stay."""
        return self._after(request, number, lambda: self._desk.propose_anew(number, principal_of(request)))

    def add(self, request: Request, number: str, wish: LineWish) -> LineModel:
        """Add a line, and answer with it."""
        return self._line(request, number, lambda: self._desk.add_line(number, wish.draft(), principal_of(request)).id)

    def change(self, request: Request, number: str, line: LineId, wish: LineWish) -> LineModel:
        """Change a line whose version is still the one that was read."""
        return self._line(request, number, lambda: self._desk.change_line(line, wish.draft(), principal_of(request)).id)

    def remove(self, request: Request, number: str, line: LineId, wish: RemovalWish) -> RoundDetailModel:
        """Take a line out of the plan; its history stays."""

        def act() -> object:
            return self._desk.remove_line(line, wish.version, wish.reason, principal_of(request))

        return self._after(request, number, act)

    def tick(self, request: Request, number: str, wish: TicksWish) -> RoundDetailModel:
        """Answer the rules that the hub does not know, for one school."""

        def act() -> None:
            self._desk.tick_rules(number, (wish.group, wish.school), wish.rules, principal_of(request), wish.seen)

        return self._after(request, number, act)

    def step(self, request: Request, number: str, line: LineId, wish: StepWish) -> LineModel:
        """Take pieces of a line a stage further."""
        return self._line(request, number, lambda: self._desk.step(line, wish.wish(), principal_of(request)).id)

    def order(self, request: Request, number: str, line: LineId, wish: PurchaseWish) -> PurchaseModel:
        """Open the request for the purchase of a line."""
        self._view(request, number)
        made = self._try(lambda: self._desk.order(line, wish.version, wish.subject, principal_of(request)))
        return PurchaseModel(number=str(made))

    def take_back(self, request: Request, number: str, line: LineId, wish: RemovalWish) -> LineModel:
        """Plan again what is reserved and was not sent."""

        def act() -> int:
            return self._desk.take_back(line, wish.version, wish.reason, principal_of(request)).id

        return self._line(request, number, act)

    def _view(self, request: Request, number: str) -> RoundView:
        found = self._desk.round(number, principal_of(request)) if len(number) <= 40 else None
        if found is None:
            raise no_such("round", "number")
        return found

    def _after(self, request: Request, number: str, act: Callable[[], object]) -> RoundDetailModel:
        self._view(request, number)
        self._try(act)
        return self.one(request, number)

    def _line(self, request: Request, number: str, act: Callable[[], int]) -> LineModel:
        self._view(request, number)
        line_id = self._try(act)
        # As it stands now: telemetry may have confirmed it in the same moment.
        return next(LineModel.of(each) for each in self._view(request, number).lines if each.id == line_id)

    def _try(self, act: Callable[[], object]) -> object:
        try:
            return act()
        except PlanRefused as refused:
            raise _problem(refused) from None


def _problem(refused: PlanRefused) -> Problem:
    detail, way_out = _SAID.get(refused.flaw, (refused.flaw.value.replace("_", " "), "read the round again"))
    told = ", ".join(f"{name}={value}" for name, value in refused.params.items())
    sentence = f"{detail[0].upper()}{detail[1:]}{f' ({told})' if told else ''}."
    code = refused.flaw.value.replace("_", "-")
    return Problem(status_of(refused), code, sentence, refused.field or "line", way_out)

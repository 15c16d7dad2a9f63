"""Rounds of allocation: all of them; and one with its plan, edited line by line, carried out piece by piece."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from hub.allocation.lines import Fate, Line, Source, Work
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import RoundView
from hub.core.assets import ASSET_KINDS, Disposal
from hub.core.people import Permission, Principal
from hub.web.addresses import round_url
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.plan_leaf import AT_ONCE, Leaf, asked_of, leaf_of
from hub.web.plan_table import HEADING, plan_table
from hub.web.principal import principal_of
from hub.web.request_forms import form_of
from hub.web.round_forms import Typed, draft_of, reason_of, refused_text, stage_wish_of, texts_of, version_of
from hub.web.site import Site

PAGE = "/allocation"
REQUEST_TYPE = "allocation"
MAX_ID = 2**53
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Form = Annotated[FormData, Depends(form_of)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_ASSETS), prefix=PAGE)
    plans, carries = [needs(Permission.PLAN)], [needs(Permission.KEEP_ASSETS)]
    pages = _Allocation(site)
    routes.get("")(pages.rounds)
    routes.get("/{number}")(pages.round)
    routes.get("/{number}/plan.xlsx")(pages.sheet)
    routes.post("/{number}/proposal", dependencies=plans)(pages.propose)
    routes.post("/{number}/lines", dependencies=plans)(pages.add)
    routes.post("/{number}/lines/{line}", dependencies=plans)(pages.change)
    routes.post("/{number}/lines/{line}/removal", dependencies=plans)(pages.remove)
    routes.post("/{number}/rules", dependencies=plans)(pages.tick)
    routes.post("/{number}/lines/{line}/steps/{stage}", dependencies=carries)(pages.step)
    routes.post("/{number}/lines/{line}/purchase", dependencies=carries)(pages.order)
    routes.post("/{number}/lines/{line}/taking-back", dependencies=carries)(pages.take_back)
    return routes


class _Allocation:
    def __init__(self, site: Site) -> None:
        self._site, self._desk = site, site.office.allocation

    def rounds(self, request: Request) -> Response:
        who = principal_of(request)
        definition = self._site.requests.engine.definitions[REQUEST_TYPE]
        context = {
            "path": PAGE,
            "rounds": self._desk.rounds(who),
            "definition": definition,
            "may_open": self._site.requests.engine.may_open(definition, who),
        }
        return self._site.renderer.page(request, "allocation/rounds.html", context)

    def round(self, request: Request, number: str) -> Response:
        return self._shown(request, number, Typed())

    def sheet(self, request: Request, number: str) -> Response:
        """The plan as a workbook."""
        words, figures = self._site.renderer.language(request), self._site.renderer.figures(request)
        heading = [words.gettext(f"plan_column.{name}") for name in HEADING]
        data = self._desk.workbook(number, heading, plan_table(self._view(request, number), words, figures))
        headers = {"Content-Disposition": f'attachment; filename="{number}.xlsx"', "Cache-Control": "no-store"}
        return Response(data, media_type=_XLSX, headers=headers)

    def propose(self, request: Request, number: str) -> Response:
        return self._done(request, number, Typed("proposal"), lambda: self._desk.propose_anew(number, _who(request)))

    def add(self, request: Request, number: str, form: Form) -> Response:
        told = texts_of(form)

        def act() -> Line:
            return self._desk.add_line(number, draft_of(told), _who(request))

        return self._done(request, number, Typed("add", told), act, "line")

    def change(self, request: Request, number: str, line: int, form: Form) -> Response:
        told = texts_of(form)

        def act() -> Line:
            return self._desk.change_line(line, draft_of(told), _who(request))

        return self._done(request, number, Typed(f"line-{line}", told), act, f"line-{line}")

    def remove(self, request: Request, number: str, line: int, form: Form) -> Response:
        told = texts_of(form)

        def act() -> Line:
            return self._desk.remove_line(line, version_of(told), reason_of(told), _who(request))

        return self._done(request, number, Typed(f"remove-{line}", told), act)

    def tick(self, request: Request, number: str, form: Form) -> Response:
        """The boxes of a school, as they are to stand."""
        group, _, school = str(form.get("school", "")).partition("/")
        rules = [value for name, value in form.multi_items() if name == "rule" and isinstance(value, str)]

        said = form.get("seen")
        seen = None if said is None else {each for each in str(said).split(",") if each}

        def act() -> None:
            self._desk.tick_rules(number, (group, school), rules, _who(request), seen)

        typed = Typed("rules", {"school": f"{group}/{school}", "rules": ",".join(rules)})
        return self._done(request, number, typed, act, f"rules-{group}-{school}")

    def step(self, request: Request, number: str, line: int, stage: str, form: Form) -> Response:
        told = texts_of(form)

        def act() -> Line:
            return self._desk.step(line, stage_wish_of(stage, told), _who(request))

        return self._done(request, number, Typed(f"step-{line}-{stage}", told), act, f"line-{line}")

    def order(self, request: Request, number: str, line: int, form: Form) -> Response:
        told = texts_of(form)
        subject = told.get("subject", "").strip()

        def act() -> str:
            if not subject:
                raise PlanRefused(PlanFlaw.MISSING, "subject")
            return self._desk.order(line, version_of(told), subject[:300], _who(request))

        return self._done(request, number, Typed(f"order-{line}", told), act, f"line-{line}")

    def take_back(self, request: Request, number: str, line: int, form: Form) -> Response:
        told = texts_of(form)

        def act() -> Line:
            return self._desk.take_back(line, version_of(told), reason_of(told), _who(request))

        return self._done(request, number, Typed(f"back-{line}", told), act, f"line-{line}")

    def _done(
        self, request: Request, number: str, typed: Typed, act: Callable[[], object], at: str = "plan"
    ) -> Response:
        """at: where on the page it is seen then; what it made, if that is a line of its own"""
        view = self._view(request, number)
        try:
            done = act()
        except PlanRefused as refused:
            return self._shown(request, number, Typed(typed.form, typed.values, refused))
        asked = self._leaf(request, view, typed).here
        if at == "line" and isinstance(done, Line):
            asked, at = f"?line={done.id}", f"line-{done.id}"
        return RedirectResponse(f"{round_url(number)}{asked}#{at}", status_code=303)

    def _leaf(self, request: Request, view: RoundView, typed: Typed) -> Leaf:
        """With the line whose form was filled in."""
        words, asked = self._site.renderer.language(request), asked_of(request.query_params)
        asked = replace(asked, line=typed.line) if typed.refused else asked
        return leaf_of(view, asked, lambda kind: words.gettext(f"kind.{kind}"))

    def _view(self, request: Request, number: str) -> RoundView:
        found = self._desk.round(number, _who(request)) if len(number) <= 40 else None
        if found is None:
            raise no_such("round", "number")
        return found

    def _shown(self, request: Request, number: str, typed: Typed) -> Response:
        who, view = _who(request), self._view(request, number)
        schools: Mapping[str, str] = self._site.requests.look.schools(who)
        leaf = self._leaf(request, view, typed)
        shown = {(line.group, line.school) for line in leaf.lines}
        context = {
            "path": round_url(number),
            "view": view,
            "leaf": leaf,
            "at_once": AT_ONCE,
            "judged": {place: found for place, found in view.judged.items() if place in shown},
            "typed": typed,
            "refused_text": None if typed.refused is None else refused_text(typed.refused),
            "definition": self._site.requests.engine.definitions[REQUEST_TYPE],
            "schools": schools,
            "kinds": ASSET_KINDS,
            "works": list(Work),
            "sources": list(Source),
            "fates": list(Fate),
            "disposals": list(Disposal),
            "may_plan": view.may_plan and who.may(Permission.PLAN),
            "may_carry": view.may_carry and who.may(Permission.KEEP_ASSETS),
        }
        return self._site.renderer.page(request, "allocation/round.html", context, typed.status)


def _who(request: Request) -> Principal:
    return principal_of(request)

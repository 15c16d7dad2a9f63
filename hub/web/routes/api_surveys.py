"""The JSON API of surveys: start one, watch it, read and decide its sheets, and take down what a school sent on paper."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request

from hub.core.people import Permission
from hub.surveys.reading import Fault
from hub.surveys.sheet import Refusal, Sheet, Survey, SurveyRefused
from hub.web.api_models import Page
from hub.web.api_survey_models import (
    AnswersWish,
    DecisionWish,
    SheetDetailModel,
    SheetModel,
    SurveyModel,
    SurveyWish,
)
from hub.web.districts import chosen_district
from hub.web.failures import Problem, no_such
from hub.web.gate import gated_api, needs
from hub.web.principal import principal_of
from hub.web.routes.surveys import MAX_ID
from hub.web.site import Site
from hub.web.survey_forms import STATUS, typed_from

Done = TypeVar("Done")
_SEE, _RUN = needs(Permission.SEE_ASSETS), needs(Permission.RUN_SURVEYS)
_SAID = {
    Refusal.NO_SUCH: ("There is no such sheet.", "sheet_id", "list them"),
    Refusal.STALE: ("The sheet has changed since it was read.", "version", "read it again, then decide"),
    Refusal.CLOSED: ("The survey is closed.", "survey_id", "start another"),
    Refusal.NOT_FROM_HERE: ("That is not possible in the state of the sheet.", "version", "see its state"),
    Refusal.FAULTS: ("Some answers are missing or not what they should be.", "answers", "see errors"),
    Refusal.NO_SCHOOL: ("No school of the register is meant.", "schools", "name codes of the register"),
    Refusal.PAST: ("It would be due before it is started.", "due_on", "name a day ahead"),
    Refusal.NO_TYPE: ("There is no such survey to start.", "type", "name one that is shipped"),
}


def router(site: Site) -> APIRouter:
    routes = gated_api(prefix="/surveys")
    api = _Surveys(site)
    routes.get("", dependencies=[_SEE])(api.some)
    routes.post("", status_code=201, dependencies=[_RUN])(api.start)
    routes.get("/{survey_id}", dependencies=[_SEE])(api.one)
    routes.get("/{survey_id}/sheets", dependencies=[_SEE])(api.sheets)
    routes.get("/{survey_id}/sheets/{sheet_id}", dependencies=[_SEE])(api.sheet)
    routes.post("/{survey_id}/sheets/{sheet_id}/answers", dependencies=[_RUN])(api.answer)
    routes.post("/{survey_id}/sheets/{sheet_id}/decision", dependencies=[_RUN])(api.decide)
    return routes


class _Surveys:
    def __init__(self, site: Site) -> None:
        self._surveys = site.office.surveys

    def some(
        self,
        request: Request,
        before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Page[SurveyModel]:
        """Surveys, the newest first."""
        found = self._surveys.some(principal_of(request), before, limit)
        following = f"/api/v1/surveys?before={found[-1].survey.id}&limit={limit}" if len(found) == limit else None
        items = [SurveyModel.of(each, self._surveys.definitions[each.survey.type]) for each in found]
        return Page(items=items, next=following)

    def start(self, request: Request, wish: SurveyWish) -> SurveyModel:
        """Freeze what is known of each school, and make the sheets."""
        group = chosen_district(request, wish.group)
        number = _acted(lambda: self._surveys.start(wish.wish(group), principal_of(request)))
        return self.one(request, number)

    def one(self, request: Request, survey_id: int) -> SurveyModel:
        """One survey and its progress."""
        found = self._surveys.one(survey_id, principal_of(request)) if 0 < survey_id < MAX_ID else None
        if found is None:
            raise no_such("survey", "survey_id")
        return SurveyModel.of(found[0], self._surveys.definitions[found[0].survey.type])

    def sheets(
        self,
        request: Request,
        survey_id: int,
        after: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Page[SheetModel]:
        """The sheets of a survey, by their numbers."""
        found = self._surveys.one(survey_id, principal_of(request)) if 0 < survey_id < MAX_ID else None
        if found is None:
            raise no_such("survey", "survey_id")
        definition = self._surveys.definitions[found[0].survey.type]
        rest = sorted((each for each in found[1] if each.id > after), key=lambda each: each.id)
        part = rest[:limit]
        following = None
        if len(rest) > limit:
            following = f"/api/v1/surveys/{survey_id}/sheets?after={part[-1].id}&limit={limit}"
        return Page(items=[SheetModel.of(each, definition) for each in part], next=following)

    def sheet(self, request: Request, survey_id: int, sheet_id: int) -> SheetDetailModel:
        """One sheet: what was known, what the school says, and where they differ."""
        survey, sheet = self._found(request, survey_id, sheet_id)
        return SheetDetailModel.of(sheet, self._surveys.definitions[survey.type])

    def answer(self, request: Request, survey_id: int, sheet_id: int, wish: AnswersWish) -> SheetDetailModel:
        """Take down what a school sent on paper."""
        _, sheet = self._found(request, survey_id, sheet_id)
        typed = typed_from(wish.answers) | {"informant": [wish.informant]}
        _acted(lambda: self._surveys.answer(sheet.token, typed, wish.version, principal_of(request)))
        return self.sheet(request, survey_id, sheet_id)

    def decide(self, request: Request, survey_id: int, sheet_id: int, wish: DecisionWish) -> SheetDetailModel:
        """Accept a sheet, or ask back."""
        self._found(request, survey_id, sheet_id)
        who = principal_of(request)
        if wish.accept:
            _acted(lambda: self._surveys.accept(sheet_id, wish.version, who))
        else:
            _acted(lambda: self._surveys.ask_back(sheet_id, wish.version, wish.note, who))
        return self.sheet(request, survey_id, sheet_id)

    def _found(self, request: Request, survey_id: int, sheet_id: int) -> tuple[Survey, Sheet]:
        there = 0 < survey_id < MAX_ID and 0 < sheet_id < MAX_ID
        found = self._surveys.sheet(survey_id, sheet_id, principal_of(request)) if there else None
        if found is None:
            raise no_such("sheet", "sheet_id")
        return found


def _acted(act: Callable[[], Done]) -> Done:
    try:
        return act()
    except SurveyRefused as refused:
        detail, field, way_out = _SAID[refused.refusal]
        faults = [each for each in refused.faults if isinstance(each, Fault)]
        errors = [{"field": f"answers.{each.place}", "problem": each.code} for each in faults]
        extra = (("errors", errors),) if errors else ()
        code = refused.refusal.value.replace("_", "-")
        raise Problem(STATUS.get(refused.refusal, 409), code, detail, field, way_out, extra) from None

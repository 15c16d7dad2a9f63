"""The page that a school's link leads to: what we know, to be confirmed or corrected, on one page and without an account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from hub.surveys.sheet import Sheet, Survey, SurveyRefused
from hub.web.failures import no_such
from hub.web.gate import PUBLIC, gated
from hub.web.pace import Pace
from hub.web.principal import principal_of
from hub.web.request_forms import form_of
from hub.web.site import Site
from hub.web.survey_forms import Filled, count_differences, fault_place, fault_text, filled, row_names, typed_in

PAGE = "/s"
MOST_BYTES = 256 * 1024
_UNSEEN = {"Cache-Control": "no-store"}
"""The address is the secret: nothing on the way keeps the page. No other site hears of it, as of no page of ours."""
_MINUTE_MS = 60_000
_LONGEST_TOKEN = 64
Form = Annotated[FormData, Depends(form_of)]


def router(site: Site) -> APIRouter:
    routes = gated(PUBLIC, prefix=PAGE)
    pages = _Sheets(site)
    routes.get("/{token}")(pages.page)
    routes.post("/{token}")(pages.answer)
    return routes


class _Sheets:
    """A school sits behind one address, a district office behind another: both may answer a whole day long, nobody may guess."""

    def __init__(self, site: Site) -> None:
        self._site, self._surveys = site, site.office.surveys
        self._answers = Pace(40, 10 * _MINUTE_MS, site.clock)
        self._guesses = Pace(30, 10 * _MINUTE_MS, site.clock)

    def page(self, request: Request, token: str) -> Response:
        survey, sheet = self._found(request, token)
        return self._shown(request, survey, sheet, filled(self._surveys.definitions[survey.type], sheet))

    def answer(self, request: Request, token: str, form: Form) -> Response:
        self._answers.require(request)
        survey, sheet = self._found(request, token)
        typed, version = typed_in(form), str(form.get("version", ""))
        seen = int(version) if version.isdecimal() and len(version) < 10 else 0
        try:
            self._surveys.answer(token, typed, seen, principal_of(request))
        except SurveyRefused as refused:
            known = filled(self._surveys.definitions[survey.type], sheet).known
            survey, sheet = self._found(request, token)
            return self._shown(request, survey, sheet, Filled(typed, known, refused))
        return RedirectResponse(f"{PAGE}/{token}?done", status_code=303, headers=_UNSEEN)

    def _found(self, request: Request, token: str) -> tuple[Survey, Sheet]:
        found = self._surveys.by_token(token) if len(token) <= _LONGEST_TOKEN else None
        if found is None:
            self._guesses.require(request)
            raise no_such("survey", "token")
        return found

    def _shown(self, request: Request, survey: Survey, sheet: Sheet, typed: Filled) -> Response:
        definition, language = self._surveys.definitions[survey.type], self._site.renderer.language(request).code
        tables = [(name, question) for name, question in definition.asked() if question.columns]
        context = {
            "survey": survey,
            "sheet": sheet,
            "definition": definition,
            "filled": typed,
            "rows": {name: row_names(question, name, sheet.known, language) for name, question in tables},
            "done": "done" in request.query_params and typed.refused is None,
            "differences": count_differences(definition, sheet),
            "fault_text": fault_text,
            "fault_place": lambda place: fault_place(definition, place, language),
            "sheet_path": f"{PAGE}/{sheet.token}",
        }
        response = self._site.renderer.page(request, "surveys/sheet.html", context, typed.status)
        response.headers.update(_UNSEEN)
        return response

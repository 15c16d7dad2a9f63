"""Surveys as the office runs them: started, watched, each school's differences looked at, accepted or asked back."""

from contextlib import suppress
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from hub.core.people import Permission
from hub.surveys.comparing import differences
from hub.surveys.reading import Fault
from hub.surveys.sheet import Sheet, SheetState, Survey, SurveyRefused
from hub.surveys.tabulating import shown
from hub.web.districts import chosen_district, districts
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import Asked, Listing, at, by_name, falling
from hub.web.principal import principal_of
from hub.web.site import Site, base_of
from hub.web.survey_forms import STATUS, count_differences, fault_text, row_names
from hub.web.survey_pages import NewSurvey, SurveyLine

PAGE = "/surveys"
MAX_ID = 2**62
_LIST, _MOST = 30, 10_000
_MOST_SCHOOLS = 2000
_SHEETS_SHOWN = 100
"""The others are one click away."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SEE, _RUN = needs(Permission.SEE_ASSETS), needs(Permission.RUN_SURVEYS)
Show = Literal["all", "waiting", "answered", "asked_back", "accepted"]
Id = int
_SHEETS = Listing[Sheet](
    "sheets",
    {
        "school": lambda sheet: by_name(sheet.name or sheet.school),
        "code": lambda sheet: sheet.school,
        "answered": lambda sheet: falling(sheet.answered_at),
    },
    lambda sheet: (sheet.name, sheet.school, sheet.answered_name),
    {},
)
"""Its file is the workbook of all answers."""


class NewForm(BaseModel):
    """What is typed to start one."""

    type: Annotated[str, Field(max_length=48)] = ""
    turn: Annotated[str, Field(max_length=200)] = ""
    group: Annotated[str, Field(max_length=200)] = ""
    due_on: Annotated[str, Field(max_length=20)] = ""
    which: Literal["all", "small", "chosen"] = "all"
    schools: Annotated[list[str], Field(max_length=_MOST_SCHOOLS)] = []

    def wish(self, group: str) -> NewSurvey:
        schools = tuple(self.schools) if self.which == "chosen" else ()
        # Nobody that was chosen must not become everybody.
        chosen = schools or (("",) if self.which == "chosen" else ())
        return NewSurvey(self.type, self.turn, group, _day(self.due_on), self.which == "small", chosen)


class Decision(BaseModel):
    """What is typed to decide a sheet."""

    version: Annotated[int, Field(ge=0, le=10**9)] = 0
    note: Annotated[str, Field(max_length=4000)] = ""


def router(site: Site) -> APIRouter:
    routes = gated(prefix=PAGE)
    pages = _Surveys(site)
    routes.get("", dependencies=[needs(Permission.SEE_OWN_SCHOOL)])(pages.some)
    routes.get("/new", dependencies=[_RUN])(pages.blank)
    routes.post("/new", dependencies=[_RUN])(pages.start)
    routes.get("/export.{kind}", dependencies=[_SEE])(pages.export)
    routes.get("/{survey_id}", dependencies=[_SEE])(pages.one)
    routes.post("/{survey_id}/close", dependencies=[_RUN])(pages.close)
    routes.get("/{survey_id}/answers.xlsx", dependencies=[_SEE])(pages.workbook)
    routes.get("/{survey_id}/links.xlsx", dependencies=[_RUN])(pages.links)
    routes.get("/{survey_id}/sheets/{sheet_id}", dependencies=[_SEE])(pages.sheet)
    routes.get("/{survey_id}/sheets/{sheet_id}/paper.pdf", dependencies=[_SEE])(pages.paper)
    routes.post("/{survey_id}/sheets/{sheet_id}/accept", dependencies=[_RUN])(pages.accept)
    routes.post("/{survey_id}/sheets/{sheet_id}/ask-back", dependencies=[_RUN])(pages.ask_back)
    return routes


class _Surveys:
    def __init__(self, site: Site) -> None:
        self._site, self._surveys = site, site.office.surveys

    def some(self, request: Request, asked: Asked, skip: Annotated[int, Query(ge=0, le=_MOST)] = 0) -> Response:
        who = principal_of(request)
        seen = self._surveys.some(who, None, _MOST) if who.may(Permission.SEE_ASSETS) else ()
        found = self._listing(request).found(seen, asked)
        context = {
            "found": found,
            "lines": found.lines[skip : skip + _LIST],
            "more": skip + _LIST if len(found.lines) > skip + _LIST else None,
            "known": len(seen),
            "mine": self._surveys.mine(who),
            "definitions": self._surveys.definitions,
        }
        return self._site.renderer.page(request, "surveys/surveys.html", context)

    def export(self, request: Request, kind: str, asked: Asked) -> Response:
        listing, seen = self._listing(request), self._surveys.some(principal_of(request), None, _MOST)
        return listing.file(self._site, request, kind, listing.found(seen, asked))

    def _listing(self, request: Request) -> Listing[SurveyLine]:
        language, figures = self._site.renderer.language(request), self._site.renderer.figures(request)

        def named(line: SurveyLine) -> str:
            return self._surveys.definitions[line.survey.type].of(language.code)

        return Listing(
            "surveys",
            {
                "newest": lambda line: -line.survey.id,
                "due": lambda line: (line.survey.closed_at is not None, line.survey.due_on),
                "least_answered": lambda line: line.answered / line.total if line.total else 0,
                "district": lambda line: by_name(line.survey.group),
            },
            lambda line: (named(line), line.survey.turn, line.survey.group),
            {
                "type": named,
                "turn": lambda line: line.survey.turn,
                "district": lambda line: line.survey.group,
                "opened": lambda line: at(figures, line.survey.started_at),
                "due": lambda line: line.survey.due_on.isoformat(),
                "closed": lambda line: at(figures, line.survey.closed_at),
                "schools": lambda line: line.total,
                "answered": lambda line: line.answered,
            },
        )

    def blank(self, request: Request, type: Annotated[str, Query(max_length=48)] = "") -> Response:  # noqa: A002
        return self._starting(request, NewForm(type=type))

    def start(self, request: Request, typed: Annotated[NewForm, Form()]) -> Response:
        group = chosen_district(request, typed.group)
        try:
            number = self._surveys.start(typed.wish(group), principal_of(request))
        except SurveyRefused as refused:
            return self._starting(request, typed, refused)
        return RedirectResponse(f"{PAGE}/{number}?started", status_code=303)

    def one(self, request: Request, survey_id: Id, asked: Asked, show: Show = "all", every: bool = False) -> Response:
        line, sheets = self._known(request, survey_id)
        definition = self._surveys.definitions[line.survey.type]
        found = _SHEETS.found((each for each in sheets if show in ("all", each.state.value)), asked)
        listed = found.lines if every else found.lines[:_SHEETS_SHOWN]
        context = {
            "line": line,
            "survey": line.survey,
            "definition": definition,
            "found": found,
            "sheets": listed,
            "changed": {each.id: count_differences(definition, each) for each in listed},
            "show": show,
            "states": [each.value for each in SheetState],
            "started": "started" in request.query_params,
            "base": base_of(self._site, request),
        }
        return self._site.renderer.page(request, "surveys/survey.html", context)

    def close(self, request: Request, survey_id: Id) -> Response:
        self._known(request, survey_id)
        # Where somebody else has closed it, the page says so.
        with suppress(SurveyRefused):
            self._surveys.close(survey_id, principal_of(request))
        return RedirectResponse(f"{PAGE}/{survey_id}", status_code=303)

    def workbook(self, request: Request, survey_id: Id) -> Response:
        self._known(request, survey_id)
        language = self._site.renderer.language(request).code
        return _file(self._surveys.workbook(survey_id, principal_of(request), language), f"survey-{survey_id}.xlsx")

    def links(self, request: Request, survey_id: Id) -> Response:
        self._known(request, survey_id)
        language, base = self._site.renderer.language(request).code, base_of(self._site, request)
        found = self._surveys.links(survey_id, principal_of(request), base, language)
        return _file(found, f"survey-{survey_id}-links.xlsx")

    def sheet(self, request: Request, survey_id: Id, sheet_id: Id) -> Response:
        return self._looked(request, *self._sheet(request, survey_id, sheet_id))

    def paper(self, request: Request, survey_id: Id, sheet_id: Id) -> Response:
        self._sheet(request, survey_id, sheet_id)
        made = self._surveys.paper(survey_id, sheet_id, principal_of(request))
        return _file(made, f"sheet-{sheet_id}.pdf", "application/pdf")

    def accept(self, request: Request, survey_id: Id, sheet_id: Id, given: Annotated[Decision, Form()]) -> Response:
        self._sheet(request, survey_id, sheet_id)
        try:
            self._surveys.accept(sheet_id, given.version, principal_of(request))
        except SurveyRefused as refused:
            return self._looked(request, *self._sheet(request, survey_id, sheet_id), given, refused)
        return RedirectResponse(f"{PAGE}/{survey_id}?show=answered", status_code=303)

    def ask_back(self, request: Request, survey_id: Id, sheet_id: Id, given: Annotated[Decision, Form()]) -> Response:
        self._sheet(request, survey_id, sheet_id)
        try:
            self._surveys.ask_back(sheet_id, given.version, given.note, principal_of(request))
        except SurveyRefused as refused:
            return self._looked(request, *self._sheet(request, survey_id, sheet_id), given, refused)
        return RedirectResponse(f"{PAGE}/{survey_id}?show=answered", status_code=303)

    def _known(self, request: Request, survey_id: int) -> tuple[SurveyLine, list[Sheet]]:
        found = self._surveys.one(survey_id, principal_of(request)) if 0 < survey_id < MAX_ID else None
        if found is None:
            raise no_such("survey", "survey_id")
        return found[0], list(found[1])

    def _sheet(self, request: Request, survey_id: int, sheet_id: int) -> tuple[Survey, Sheet]:
        there = 0 < survey_id < MAX_ID and 0 < sheet_id < MAX_ID
        found = self._surveys.sheet(survey_id, sheet_id, principal_of(request)) if there else None
        if found is None:
            raise no_such("sheet", "sheet_id")
        return found

    def _starting(self, request: Request, typed: NewForm, refused: SurveyRefused | None = None) -> Response:
        group = chosen_district(request, typed.group)
        faults = {each.place: fault_text(each) for each in refused.faults if isinstance(each, Fault)} if refused else {}
        context = {
            "path": f"{PAGE}/new",
            "typed": typed,
            "refused": refused,
            "faults": faults,
            "group": group,
            "groups": districts(request),
            "schools": self._surveys.schools(group) if group else (),
            "small": self._surveys.small_pupils,
            "definitions": self._surveys.definitions,
        }
        status = 200 if refused is None else STATUS.get(refused.refusal, 409)
        return self._site.renderer.page(request, "surveys/survey_new.html", context, status)

    def _looked(
        self,
        request: Request,
        survey: Survey,
        sheet: Sheet,
        given: Decision | None = None,
        refused: SurveyRefused | None = None,
    ) -> Response:
        definition, language = self._surveys.definitions[survey.type], self._site.renderer.language(request).code
        answers = sheet.known if sheet.answers is None else sheet.answers
        tables = [(name, question) for name, question in definition.asked() if question.columns]
        context = {
            "path": f"{PAGE}/{survey.id}/sheets/{sheet.id}",
            "survey": survey,
            "sheet": sheet,
            "definition": definition,
            "answers": answers,
            "rows": {name: row_names(question, name, sheet.known, language) for name, question in tables},
            "differences": differences(definition, sheet.known, sheet.answers) if sheet.answers is not None else (),
            "told": lambda asked, answer: shown(asked, answer, language),
            "note": given.note if given else "",
            "refused": refused,
            "link": f"{base_of(self._site, request)}/s/{sheet.token}",
        }
        status = 200 if refused is None else STATUS.get(refused.refusal, 409)
        return self._site.renderer.page(request, "surveys/survey_sheet.html", context, status)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _file(data: bytes | None, name: str, media_type: str = _XLSX) -> Response:
    if data is None:
        raise no_such("file", "name")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)

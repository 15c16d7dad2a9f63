"""Surveys, carried out: started with what is known of each school, answered by link, decided by the office, reminded of."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hub.core.people import Principal, PrincipalKind, Role
from hub.office.class_time import Bells
from hub.office.papers import Papers
from hub.office.survey_look import SMALL_PUPILS, SurveyLook, SurveyTools
from hub.store.audit import AuditRows
from hub.store.known import Looked, known_schools
from hub.store.messages import Param, tell
from hub.store.surveys import NewSheet, SurveyRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.surveys.loading import load_surveys
from hub.surveys.prefilling import Today, prefilled
from hub.surveys.reading import Fault, Typed, read
from hub.surveys.schema import Definition
from hub.surveys.sheet import (
    AT_SCHOOL,
    Deed,
    Refusal,
    Sheet,
    Survey,
    SurveyRefused,
    accepted,
    answered,
    asked_back,
    is_due_for_reminder,
)
from hub.web.addresses import survey_url
from hub.web.figures import Figures
from hub.web.language import load_languages
from hub.web.survey_pages import NewSurvey

INFORMANT = "informant"
_TOKEN_BYTES = 24
_LONGEST_TURN, _LONGEST_NAME, _LONGEST_NOTE = 80, 120, 1000
_LOOKS_EVERY_MS = 60_000
_SCHOOLS, _OFFICE = "school", (Role.CLERK.value, Role.GROUP_HEAD.value)


class Surveys(SurveyLook):
    """Fills hub.web.survey_pages.SurveyPages. Raises SurveyRefused, which undoes everything."""

    def __init__(self, store: Store, tools: SurveyTools) -> None:
        super().__init__(store, tools)
        self._figures = {code: Figures(each, tools.zone) for code, each in load_languages().items()}
        self._look_at, self._overdue = 0, set[int]()

    def start(self, wish: NewSurvey, who: Principal) -> int:
        now = self._tools.clock()
        definition, due_on = self._startable(wish, who, now)
        # What is known of a whole district takes a while; agents must not wait for it to be written down.
        sheets = self._sheets(definition, wish, now)
        if not sheets:
            raise SurveyRefused(Refusal.NO_SCHOOL)
        turn = " ".join(wish.turn.split())[:_LONGEST_TURN]
        new = Survey(wish.type, turn, wish.group, due_on, now, who.label)
        told: dict[str, str | int] = {
            "type": new.type,
            "turn": new.turn,
            "schools": len(sheets),
            "due_on": due_on.isoformat(),
        }
        with self._store.begin() as work:
            rows = SurveyRows(work.connection)
            new = replace(new, id=rows.start(new, sheets))
            for each in rows.sheets(new.id):
                self._tell(work, "started", new, each, now)
            AuditRows(work.connection).write(who, "survey.started", f"survey:{new.id}", told, now)
        return new.id

    def close(self, survey_id: int, who: Principal) -> None:
        now = self._tools.clock()
        with self._store.begin() as work:
            rows = SurveyRows(work.connection)
            found = rows.survey(survey_id)
            if found is None or not self._is_for(found, who):
                raise SurveyRefused(Refusal.NO_SUCH)
            if not rows.close(survey_id, now):
                raise SurveyRefused(Refusal.CLOSED)
            AuditRows(work.connection).write(who, "survey.closed", f"survey:{survey_id}", {}, now)

    def answer(self, token: str, typed: Typed, version: int, who: Principal) -> Sheet:
        now = self._tools.clock()
        name = " ".join((typed.get(INFORMANT) or [""])[0].split())
        by = who.label if who.kind is not PrincipalKind.NOBODY else ""
        with self._store.begin() as work:
            rows = SurveyRows(work.connection)
            sheet = rows.by_token(token)
            survey = None if sheet is None else rows.survey(sheet.survey)
            if sheet is None or survey is None or survey.type not in self.definitions:
                raise SurveyRefused(Refusal.NO_SUCH)
            found = read(self.definitions[survey.type], sheet.known, typed)
            faults = [*found.faults, *_name_faults(name)]
            then = answered(survey, sheet, found.answers, Deed(by, name, version, now))
            if faults:
                raise SurveyRefused(Refusal.FAULTS, tuple(faults))
            self._keep(rows, then, version)
            AuditRows(work.connection).write(who, "survey.answered", f"sheet:{sheet.id}", {"survey": survey.id}, now)
        return then

    def accept(self, sheet_id: int, version: int, who: Principal) -> Sheet:
        """What the register of schools holds is put right with it."""
        now = self._tools.clock()
        with self._store.begin() as work:
            rows = SurveyRows(work.connection)
            survey, sheet = self._found(rows, sheet_id, who)
            then = accepted(sheet, Deed(who.label, "", version, now))
            self._keep(rows, then, version)
            details: dict[str, str | int] = {"survey": survey.id, "school": f"{sheet.group}/{sheet.school}"}
            pupils = self._pupils(survey, then)
            before = None if pupils is None else rows.register_pupils(sheet.group, sheet.school, pupils)
            if before is not None and pupils is not None:
                details |= {"pupils_before": before, "pupils": pupils}
            AuditRows(work.connection).write(who, "survey.accepted", f"sheet:{sheet_id}", details, now)
        return then

    def ask_back(self, sheet_id: int, version: int, note: str, who: Principal) -> Sheet:
        now, note = self._tools.clock(), note.strip()[:_LONGEST_NOTE]
        with self._store.begin() as work:
            rows = SurveyRows(work.connection)
            survey, sheet = self._found(rows, sheet_id, who)
            then = asked_back(survey, sheet, Deed(who.label, "", version, now), note)
            if not note:
                raise SurveyRefused(Refusal.FAULTS, (Fault("note", "missing"),))
            self._keep(rows, then, version)
            self._tell(work, "asked_back", survey, then, now)
            AuditRows(work.connection).write(who, "survey.asked_back", f"sheet:{sheet_id}", {"survey": survey.id}, now)
        return then

    def tick(self, now: int) -> int:
        """Remind schools of what is due soon; looked at once a minute. How many."""
        if now < self._look_at:
            return 0
        self._look_at, told = now + _LOOKS_EVERY_MS, 0
        with self._store.reading() as connection:
            surveys = SurveyRows(connection).open_surveys()
        for survey in surveys:
            definition = self.definitions.get(survey.type)
            near = survey.due_on - self._tools.day(now)
            if definition is not None and near < timedelta() and survey.id not in self._overdue:
                self._tell_overdue(survey, now)
            if definition is not None and near <= timedelta(days=definition.remind_days):
                told += self._remind(survey, definition.remind_days, now)
        return told

    def _remind(self, survey: Survey, days: int, now: int) -> int:
        with self._store.begin() as work:
            rows = SurveyRows(work.connection)
            waiting = [
                each
                for each in rows.unreminded(survey.id)
                if is_due_for_reminder(survey, each, self._tools.day(now), days)
            ]
            for sheet in waiting:
                # A school that is just filling it in must not be told that its page is stale: the version stays.
                rows.change(replace(sheet, reminded_at=now), sheet.version)
                self._tell(work, "due_soon", survey, sheet, now)
        return len(waiting)

    def _tell_overdue(self, survey: Survey, now: int) -> None:
        """The office, once: which schools have not answered, its page says."""
        self._overdue.add(survey.id)
        with self._store.begin() as work:
            missing = sum(each.state in AT_SCHOOL for each in SurveyRows(work.connection).sheets(survey.id))
            if missing:
                params = {**self._named(survey), "missing": missing, "path": survey_url(survey.id)}
                key, whom = f"survey:{survey.id}:overdue", [survey.started_by, *_OFFICE]
                tell(work.connection, "survey.overdue", params, whom, now, group=survey.group, key=key)

    def _startable(self, wish: NewSurvey, who: Principal, now: int) -> tuple[Definition, date]:
        definition = self.definitions.get(wish.type)
        if definition is None:
            raise SurveyRefused(Refusal.NO_TYPE)
        if who.groups is not None and wish.group not in who.groups:
            raise SurveyRefused(Refusal.NO_SCHOOL)
        faults = [
            Fault(name, "missing")
            for name, given in (("turn", wish.turn.strip()), ("due_on", wish.due_on))
            if not given
        ]
        if faults or wish.due_on is None:
            raise SurveyRefused(Refusal.FAULTS, tuple(faults))
        if wish.due_on < self._tools.day(now):
            raise SurveyRefused(Refusal.PAST)
        return definition, wish.due_on

    def _sheets(self, definition: Definition, wish: NewSurvey, now: int) -> list[NewSheet]:
        last = self._tools.day(now)
        first = last - timedelta(days=definition.look_days)
        start, _ = self._tools.bells.span(first, last)
        looked = Looked(wish.group, first, last, start, now, self._tools.bells)
        today = Today(last, self._figures["th"].cause)
        with self._store.reading() as connection:
            schools = SurveyRows(connection).schools(wish.group)
            codes = [code for code, _, pupils in schools if _is_wanted(wish, code, pupils)]
            known = known_schools(connection, looked, codes) if codes else ()
        return [
            NewSheet(each.code, each.name, prefilled(definition, each, today), secrets.token_urlsafe(_TOKEN_BYTES))
            for each in known
        ]

    def _tell(self, work: UnitOfWork, what: str, survey: Survey, sheet: Sheet, now: int) -> None:
        params = {**self._named(survey), "note": sheet.note, "path": f"/s/{sheet.token}"}
        key = f"survey:{sheet.id}:{what}:{sheet.version}"
        tell(
            work.connection, f"survey.{what}", params, [_SCHOOLS], now, group=sheet.group, school=sheet.school, key=key
        )

    def _named(self, survey: Survey) -> dict[str, Param]:
        definition = self.definitions[survey.type]
        return {
            "survey": {code: definition.of(code) for code in self._figures},
            "turn": survey.turn,
            "due": {code: figures.day(survey.due_on.isoformat()) for code, figures in self._figures.items()},
        }

    def _pupils(self, survey: Survey, sheet: Sheet) -> int | None:
        questions = self.definitions[survey.type].questions.items() if survey.type in self.definitions else ()
        said = [(sheet.answers or {}).get(name) for name, question in questions if question.register_as == "pupils"]
        return next((int(each) for each in said if isinstance(each, int | float)), None)

    def _found(self, rows: SurveyRows, sheet_id: int, who: Principal) -> tuple[Survey, Sheet]:
        sheet = rows.sheet(sheet_id)
        survey = None if sheet is None else rows.survey(sheet.survey)
        if sheet is None or survey is None or not self._is_for(survey, who):
            raise SurveyRefused(Refusal.NO_SUCH)
        return survey, sheet

    @staticmethod
    def _keep(rows: SurveyRows, then: Sheet, version: int) -> None:
        if not rows.change(then, version):
            raise SurveyRefused(Refusal.STALE)


def make_surveys(store: Store, clock: Callable[[], int], zone: ZoneInfo, bells: Bells, papers: Papers) -> Surveys:
    """With the surveys that are shipped. Raises TomlMistake."""
    return Surveys(store, SurveyTools(clock, zone, bells, papers, load_surveys()))


def _is_wanted(wish: NewSurvey, code: str, pupils: int | None) -> bool:
    if wish.schools:
        return code in wish.schools
    return not wish.small or (pupils is not None and pupils <= SMALL_PUPILS)


def _name_faults(name: str) -> list[Fault]:
    if not name:
        return [Fault(INFORMANT, "missing")]
    return [Fault(INFORMANT, "long", {"most": _LONGEST_NAME})] if len(name) > _LONGEST_NAME else []

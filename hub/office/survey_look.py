"""Surveys as the pages look at them: lists, sheets, papers and workbooks. Writes nothing but the number of a paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hub.core.people import Principal
from hub.documents.catalogue import load_forms
from hub.office.class_time import Bells
from hub.office.papers import Papers
from hub.office.survey_books import answers_book, links_book
from hub.store.surveys import SurveyRows
from hub.store.unit_of_work import Store
from hub.surveys.papering import paper_values
from hub.surveys.schema import Definition
from hub.surveys.sheet import Sheet, Survey
from hub.web.survey_pages import SurveyLine

SMALL_PUPILS = 120
"""The ministry calls a school of at most so many pupils small."""


@dataclass(frozen=True, slots=True)
class SurveyTools:
    """What surveys are carried out with."""

    clock: Callable[[], int]
    zone: ZoneInfo
    bells: Bells
    papers: Papers
    definitions: Mapping[str, Definition]

    def day(self, moment: int) -> date:
        return datetime.fromtimestamp(moment / 1000, self.zone).date()


class SurveyLook:
    """What can be read."""

    small_pupils = SMALL_PUPILS

    def __init__(self, store: Store, tools: SurveyTools) -> None:
        self._store, self._tools = store, tools

    @property
    def definitions(self) -> Mapping[str, Definition]:
        return self._tools.definitions

    def some(self, who: Principal, before: int | None, limit: int) -> tuple[SurveyLine, ...]:
        with self._store.reading() as connection:
            rows = SurveyRows(connection)
            found = rows.surveys(who.groups, before, limit)
            counts = rows.counts([each.id for each in found])
        return tuple(SurveyLine(each, counts[each.id]) for each in found if each.type in self.definitions)

    def one(self, survey_id: int, who: Principal) -> tuple[SurveyLine, tuple[Sheet, ...]] | None:
        with self._store.reading() as connection:
            rows = SurveyRows(connection)
            found = rows.survey(survey_id)
            if found is None or not self._is_for(found, who):
                return None
            return SurveyLine(found, rows.counts([survey_id])[survey_id]), rows.sheets(survey_id)

    def sheet(self, survey_id: int, sheet_id: int, who: Principal) -> tuple[Survey, Sheet] | None:
        with self._store.reading() as connection:
            rows = SurveyRows(connection)
            found, sheet = rows.survey(survey_id), rows.sheet(sheet_id)
        if found is None or sheet is None or sheet.survey != survey_id or not self._is_for(found, who):
            return None
        return found, sheet

    def mine(self, who: Principal) -> tuple[tuple[Survey, Sheet], ...]:
        if not who.school:
            return ()
        with self._store.reading() as connection:
            found = SurveyRows(connection).at_school(who.school, who.groups)
        return tuple(each for each in found if each[0].type in self.definitions)

    def schools(self, group: str) -> tuple[tuple[str, str, int | None], ...]:
        with self._store.reading() as connection:
            return SurveyRows(connection).schools(group)

    def by_token(self, token: str) -> tuple[Survey, Sheet] | None:
        with self._store.reading() as connection:
            rows = SurveyRows(connection)
            sheet = rows.by_token(token)
            found = None if sheet is None else rows.survey(sheet.survey)
        if sheet is None or found is None or found.type not in self.definitions:
            return None
        return found, sheet

    def paper(self, survey_id: int, sheet_id: int, who: Principal) -> bytes | None:
        found = self.sheet(survey_id, sheet_id, who)
        definition = None if found is None else self.definitions.get(found[0].type)
        if found is None or definition is None or definition.form is None:
            return None
        survey, sheet = found
        answered_on = None if sheet.answered_at is None else self._tools.day(sheet.answered_at)
        fields = load_forms()[definition.form].declaration.fields
        told = paper_values(definition, survey, sheet, answered_on)
        values = {name: value for name, value in told.items() if name in fields}
        subject = f"sheet:{sheet.id}"
        return self._tools.papers.of(sheet.group).print_paper(
            definition.form, values, subject=subject, who=who, now=self._tools.clock()
        )

    def workbook(self, survey_id: int, who: Principal, language: str) -> bytes | None:
        found = self.one(survey_id, who)
        if found is None:
            return None
        return answers_book(self.definitions[found[0].survey.type], found[1], language)

    def links(self, survey_id: int, who: Principal, base: str, language: str) -> bytes | None:
        found = self.one(survey_id, who)
        return None if found is None else links_book(found[1], base, language)

    def _is_for(self, survey: Survey, who: Principal) -> bool:
        return survey.type in self.definitions and (who.groups is None or survey.group in who.groups)

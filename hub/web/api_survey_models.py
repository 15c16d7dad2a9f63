"""What the JSON API says of surveys: answers by question; a table is a list of rows by column, `row` is the row's name."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from hub.surveys.comparing import Difference, differences
from hub.surveys.schema import Definition
from hub.surveys.sheet import Sheet
from hub.web.survey_pages import NewSurvey, SurveyLine


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SurveyWish(_Wish):
    type: str = Field(max_length=48)
    turn: str = Field(max_length=80)
    group: str = Field("", max_length=200, description="the district; the first one without")
    due_on: date
    small_only: bool = False
    schools: list[str] = Field(default_factory=list, max_length=2000, description="codes; all of the register without")

    def wish(self, group: str) -> NewSurvey:
        return NewSurvey(self.type, self.turn, group, self.due_on, self.small_only, tuple(self.schools))


class AnswersWish(_Wish):
    answers: dict[str, Any] = Field(description="the whole sheet; what is left out is empty")
    informant: str = Field(max_length=200)
    version: int = Field(description="of the sheet that was read")


class DecisionWish(_Wish):
    accept: bool = Field(description="false: ask back, with a note")
    note: str = Field("", max_length=1000)
    version: int


class SurveyModel(BaseModel):
    id: int
    type: str
    th: str
    en: str
    turn: str
    group: str
    due_on: date
    started_at: int
    closed_at: int | None
    schools: int
    states: dict[str, int]

    @classmethod
    def of(cls, line: SurveyLine, definition: Definition) -> "SurveyModel":
        one = line.survey
        states = {state.value: count for state, count in line.counts.items()}
        plain = {
            name: getattr(one, name) for name in ("id", "type", "turn", "group", "due_on", "started_at", "closed_at")
        }
        return cls(**plain, th=definition.th, en=definition.en, schools=line.total, states=states)


class DifferenceModel(BaseModel):
    question: str
    row: str
    column: str
    known: Any
    said: Any

    @classmethod
    def of(cls, each: Difference) -> "DifferenceModel":
        return cls(question=each.question, row=each.row, column=each.column, known=each.known, said=each.said)


class SheetModel(BaseModel):
    id: int
    school: str
    name: str
    state: str
    answered_at: int | None
    answered_name: str
    differences: int
    version: int

    @classmethod
    def of(cls, sheet: Sheet, definition: Definition) -> "SheetModel":
        return cls(**_plain(sheet), differences=len(_differences(sheet, definition)))


class SheetDetailModel(BaseModel):
    """One sheet. known: what we knew when the school was asked; it never changes."""

    id: int
    school: str
    name: str
    state: str
    answered_at: int | None
    answered_name: str
    note: str
    known: dict[str, Any]
    answers: dict[str, Any] | None
    differences: list[DifferenceModel]
    version: int

    @classmethod
    def of(cls, sheet: Sheet, definition: Definition) -> "SheetDetailModel":
        found = [DifferenceModel.of(each) for each in _differences(sheet, definition)]
        answers = None if sheet.answers is None else dict(sheet.answers)
        return cls(**_plain(sheet), note=sheet.note, known=dict(sheet.known), answers=answers, differences=found)


def _plain(sheet: Sheet) -> dict[str, Any]:
    names = ("id", "school", "name", "answered_at", "answered_name", "version")
    return {name: getattr(sheet, name) for name in names} | {"state": sheet.state.value}


def _differences(sheet: Sheet, definition: Definition) -> tuple[Difference, ...]:
    return () if sheet.answers is None else differences(definition, sheet.known, sheet.answers)

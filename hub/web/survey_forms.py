"""Sheets as forms: what was typed at each place, what is shown there, and which faults belong to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from hub.core.texts import Text
from hub.surveys.answers import ROW, Answers, rows_of
from hub.surveys.comparing import differences
from hub.surveys.reading import Fault, plain, typed_of
from hub.surveys.schema import Definition, Question
from hub.surveys.sheet import Refusal, Sheet, SurveyRefused

FIELD = "a."
STATUS = {Refusal.FAULTS: 422, Refusal.NO_SCHOOL: 422, Refusal.PAST: 422, Refusal.NO_TYPE: 422, Refusal.NO_SUCH: 404}
"""What else there is, is a conflict: 409."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet as its page shows it. values: by place; refused: why nothing was done with what was typed."""

    values: Mapping[str, Sequence[str]]
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    refused: SurveyRefused | None = None

    def at(self, place: str) -> str:
        return next(iter(self.values.get(place, ())), "")

    def ticked(self, place: str) -> frozenset[str]:
        return frozenset(self.values.get(place, ()))

    def knew(self, place: str) -> str:
        return next(iter(self.known.get(place, ())), "")

    def fault(self, place: str) -> Fault | None:
        return next((each for each in self.faults if each.place == place), None)

    @property
    def faults(self) -> tuple[Fault, ...]:
        return () if self.refused is None else tuple(each for each in self.refused.faults if isinstance(each, Fault))

    @property
    def code(self) -> str | None:
        return None if self.refused is None else self.refused.refusal.value

    @property
    def status(self) -> int:
        return 200 if self.refused is None else STATUS.get(self.refused.refusal, 409)

    def has_fault_within(self, place: str) -> bool:
        return any(each.place.startswith(f"{place}.") for each in self.faults)


def filled(definition: Definition, sheet: Sheet) -> Filled:
    """As it stands: answered, or as we knew it."""
    known = typed_of(definition, sheet.known)
    values = known if sheet.answers is None else typed_of(definition, sheet.answers)
    return Filled(values | {"informant": [sheet.answered_name]}, known)


def typed_in(form: FormData) -> dict[str, list[str]]:
    typed: dict[str, list[str]] = {}
    for name, given in form.multi_items():
        if isinstance(given, str) and name.startswith(FIELD):
            typed.setdefault(name.removeprefix(FIELD), []).append(given)
    return typed


def typed_from(answers: Mapping[str, object]) -> dict[str, list[str]]:
    """What a program sends: JSON, as answers are told."""
    typed: dict[str, list[str]] = {}
    for name, answer in answers.items():
        if isinstance(answer, list):
            rows = [each for each in answer if isinstance(each, dict)]
            for at, row in enumerate(rows):
                typed.update({f"{name}.{at}.{key}": [_text(cell)] for key, cell in row.items()})
            if not rows:
                typed[name] = [_text(each) for each in answer]
        elif answer is not None:
            typed[name] = [_text(answer)]
    return typed


def row_names(question: Question, name: str, known: Answers, language: str) -> list[str]:
    """Of the rows that are always there."""
    names = [str(row.get(ROW, "")) for row in rows_of(known, name)]
    if question.of_rooms:
        return names
    return [row.of(language) for row in question.rows][: len(names)] if len(names) == len(question.rows) else names


def fault_text(fault: Fault) -> Text:
    return Text(f"survey.fault.{fault.code}", dict(fault.params))


def count_differences(definition: Definition, sheet: Sheet) -> int:
    return 0 if sheet.answers is None else len(differences(definition, sheet.known, sheet.answers))


def fault_place(definition: Definition, place: str, language: str) -> str:
    """What a place is called: a question, with row and column in a table."""
    name, _, rest = place.partition(".")
    question = definition.questions.get(name)
    if question is None:
        return ""
    column = question.columns.get(rest.partition(".")[2])
    words = question.of(language)
    return words if column is None else f"{words}, {int(rest.partition('.')[0]) + 1}: {column.of(language)}"


def _text(value: object) -> str:
    return plain(value) if isinstance(value, (str, int, float)) else ""

"""A sheet as the values of its paper: what the school answered, or what we knew where it has not."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hub.surveys.answers import ROW, Answers, rows_of
from hub.surveys.reading import plain
from hub.surveys.schema import Definition, Kind
from hub.surveys.sheet import Sheet, SheetState, Survey


def paper_values(definition: Definition, survey: Survey, sheet: Sheet, answered_on: date | None) -> dict[str, Any]:
    """By the fields of the paper; whoever prints takes those that it has."""
    answers = sheet.known if sheet.answers is None else sheet.answers
    values: dict[str, Any] = dict(_answers(definition, answers))
    values |= {"school": sheet.name or sheet.school, "school_code10": sheet.school}
    if definition.turn_as is not None:
        values[definition.turn_as] = survey.turn
    if sheet.answered_name:
        values["informant"] = {"name": sheet.answered_name} | ({"signed_on": answered_on} if answered_on else {})
    if sheet.state is SheetState.ACCEPTED:
        values["check"] = "right"
    elif sheet.state is SheetState.ASKED_BACK:
        values |= {"check": "returned", "check_note": sheet.note}
    return {key: value for key, value in values.items() if value not in ("", None, [])}


def _answers(definition: Definition, answers: Answers) -> Iterator[tuple[str, Any]]:
    for name, question in definition.asked():
        answer = answers.get(name)
        if question.kind is Kind.TABLE:
            yield name, [_row(question.name or "", row) for row in rows_of(answers, name)]
        elif isinstance(answer, (str, int, float)):
            yield name, plain(answer)
        elif answer is not None:
            yield name, list(answer)


def _row(first: str, row: Mapping[str, Any]) -> dict[str, str]:
    named = {first: plain(row.get(ROW, ""))}
    return {
        key: cell
        for key, cell in (named | {key: plain(cell) for key, cell in row.items() if key != ROW}).items()
        if cell
    }

"""All sheets of a survey as tables that an office goes on working with: a line a school, a line a row, a line a difference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.surveys.answers import ROW, Answer, Cell, rows_of
from hub.surveys.comparing import differences
from hub.surveys.schema import Column, Definition, Kind, Question
from hub.surveys.sheet import Sheet

Line = tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """Headings and lines. Lines of `rows` and `differences` begin with the code and the name of the school."""

    schools: tuple[tuple[str, ...], tuple[Line, ...]]
    rows: tuple[tuple[str, ...], tuple[Line, ...]] | None
    differences: tuple[Line, ...]


def tabulated(definition: Definition, sheets: Sequence[Sheet], language: str) -> Tables:
    """The answers where there are some; what was only known is no answer. Differences: question, row, column, known, said."""
    single = [(name, question) for name, question in definition.asked() if question.kind is not Kind.TABLE]
    heading = tuple(_title(question, language) for _, question in single)
    schools = tuple(_line(sheet, single, language) for sheet in sheets)
    return Tables(
        (heading, schools), _rows(definition, sheets, language), tuple(_differences(definition, sheets, language))
    )


def shown(asked: Question | Column, answer: Answer | None, language: str) -> Cell | None:
    """An answer in words."""
    if answer is None:
        return None
    if isinstance(answer, (str, int, float)):
        choice = asked.choices.get(str(answer)) if asked.kind is Kind.CHOICE else None
        return answer if choice is None else choice.of(language)
    return ", ".join(
        asked.choices[each].of(language) for each in answer if isinstance(each, str) and each in asked.choices
    )


def _line(sheet: Sheet, single: Sequence[tuple[str, Question]], language: str) -> Line:
    answers = sheet.answers or {}
    return tuple(shown(question, answers.get(name), language) for name, question in single)


def _rows(
    definition: Definition, sheets: Sequence[Sheet], language: str
) -> tuple[tuple[str, ...], tuple[Line, ...]] | None:
    if definition.worksheet is None:
        return None
    question = definition.questions[definition.worksheet]
    heading = (question.of(language), *(_title(each, language) for each in question.columns.values()))
    lines = tuple(
        (
            sheet.school,
            sheet.name,
            row.get(ROW),
            *(shown(each, row.get(key), language) for key, each in question.columns.items()),
        )
        for sheet in sheets
        for row in rows_of(sheet.answers or {}, definition.worksheet)
        if row.keys() - {ROW}
    )
    return heading, lines


def _differences(definition: Definition, sheets: Sequence[Sheet], language: str) -> Iterator[Line]:
    for sheet in sheets:
        if sheet.answers is None:
            continue
        for each in differences(definition, sheet.known, sheet.answers):
            question = definition.questions[each.question]
            asked = question.columns[each.column] if each.column else question
            named = (question.of(language), each.row or None, asked.of(language) if each.column else None)
            yield (
                sheet.school,
                sheet.name,
                *named,
                shown(asked, each.known, language),
                shown(asked, each.said, language),
            )


def _title(asked: Question | Column, language: str) -> str:
    return f"{asked.of(language)} ({asked.unit.of(language)})" if asked.unit else asked.of(language)

"""What the school says otherwise than the hub knew: the differences that the office looks at before it accepts a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.surveys.answers import ROW, Answer, Answers, Cells, rows_of
from hub.surveys.schema import Definition, Kind, Question


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which the two differ. row: its name, in a table; said None: the school left empty what was known."""

    question: str
    known: Answer
    said: Answer | None
    row: str = ""
    column: str = ""


def differences(definition: Definition, known: Answers, said: Answers) -> tuple[Difference, ...]:
    """Only of what was known: what the school alone can know is an answer and no difference."""
    return tuple(each for name, question in definition.asked() for each in _of(name, question, known, said))


def _of(name: str, question: Question, known: Answers, said: Answers) -> Iterator[Difference]:
    if question.kind is Kind.TABLE:
        yield from _of_rows(name, question, rows_of(known, name), rows_of(said, name))
        return
    knew, says = known.get(name), said.get(name)
    if knew is not None and not _same(knew, says):
        yield Difference(name, knew, says)


def _of_rows(name: str, question: Question, known: Sequence[Cells], said: Sequence[Cells]) -> Iterator[Difference]:
    """Rows that are known keep their place."""
    for at, knew in enumerate(known):
        says = said[at] if at < len(said) else {}
        for key in question.columns:
            before, after = knew.get(key), says.get(key)
            if before is not None and not _same(before, after):
                yield Difference(name, before, after, str(knew.get(ROW, "")), key)


def _same(one: Answer, other: Answer | None) -> bool:
    if isinstance(one, (str, int, float)) or isinstance(other, (str, int, float)) or other is None:
        return one == other
    return sorted(map(str, one)) == sorted(map(str, other))

"""Answers as values: by question, a line, a number, the codes of choices, or the rows of a table by column."""

from collections.abc import Mapping, Sequence

Cell = str | int | float
Cells = Mapping[str, Cell]
Answer = Cell | Sequence[str] | Sequence[Cells]
Answers = Mapping[str, Answer]
ROW = "row"
"""In the cells of a row: its name."""


def rows_of(answers: Answers, question: str) -> Sequence[Cells]:
    """Of a table; none where it has not been answered."""
    held = answers.get(question)
    if not isinstance(held, Sequence) or isinstance(held, str):
        return ()
    return [each for each in held if isinstance(each, Mapping)]

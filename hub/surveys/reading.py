"""What somebody typed into a sheet, read as answers: all of it at once, every fault with its place, nothing taken by half."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hub.surveys.answers import ROW, Answer, Answers, Cell, Cells, rows_of
from hub.surveys.schema import LONGEST_LINE, Column, Definition, Kind, Question

Typed = Mapping[str, Sequence[str]]
"""By place: `pupils`, or `items.2.works` for a cell; several values where several boxes are ticked."""
_NUMBER = re.compile(r"[+-]?\d{1,9}([.]\d{1,3})?")
_THAI_ZERO = 0x0E50
_THAI_DIGITS = {_THAI_ZERO + digit: str(digit) for digit in range(10)}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place. code: `survey.fault.<code>` in the catalogues."""

    place: str
    code: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """answers are whole only where there are no faults."""

    answers: Answers
    faults: tuple[Fault, ...]


def read(definition: Definition, known: Answers, typed: Typed) -> Read:
    """known: the sheet as it was sent; the names of rows are taken from it."""
    reader = _Reader(typed)
    answers = {}
    for name, question in definition.asked():
        answer: Answer | None
        if question.kind is Kind.TABLE:
            answer = reader.table(name, question, rows_of(known, name))
        elif question.kind is Kind.CHOICES:
            answer = reader.ticked(name, question)
        else:
            answer = reader.cell(name, question)
        if answer not in (None, [], ""):
            answers[name] = answer
        elif question.required and not any(each.place.startswith(name) for each in reader.faults):
            reader.faults.append(Fault(name, "missing"))
    return Read({name: answer for name, answer in answers.items() if answer is not None}, tuple(reader.faults))


def typed_of(definition: Definition, answers: Answers) -> dict[str, list[str]]:
    """The other way round: what a form shows of answers."""
    typed: dict[str, list[str]] = {}
    for name, question in definition.asked():
        answer = answers.get(name)
        if question.kind is Kind.TABLE:
            for at, row in enumerate(rows_of(answers, name)):
                typed.update({f"{name}.{at}.{key}": [plain(cell)] for key, cell in row.items()})
        elif isinstance(answer, (str, int, float)):
            typed[name] = [plain(answer)]
        elif answer is not None:
            typed[name] = [each for each in answer if isinstance(each, str)]
    return typed


def plain(cell: Cell) -> str:
    """As somebody would type it."""
    return cell if isinstance(cell, str) else f"{cell:.10g}"


@dataclass(slots=True)
class _Reader:
    typed: Typed
    faults: list[Fault] = field(default_factory=list)

    def table(self, name: str, question: Question, known: Sequence[Cells]) -> list[Cells]:
        rows: list[Cells] = []
        for at in range(len(known) + question.extra):
            named = str(known[at].get(ROW, "")) if at < len(known) else self.line(f"{name}.{at}.{ROW}", LONGEST_LINE)
            cells = dict(self.row(f"{name}.{at}", question))
            if not named and cells:
                self.faults.append(Fault(f"{name}.{at}.{ROW}", "missing"))
            if named or cells:
                rows.append({ROW: named, **cells})
                self.balance(f"{name}.{at}", question, cells)
        return rows

    def row(self, place: str, question: Question) -> Iterator[tuple[str, Cell]]:
        for key, column in question.columns.items():
            cell = self.cell(f"{place}.{key}", column)
            if cell not in (None, ""):
                assert cell is not None
                yield key, cell
            elif column.required:
                self.faults.append(Fault(f"{place}.{key}", "missing"))

    def balance(self, place: str, question: Question, cells: Cells) -> None:
        for whole, parts in question.balance.items():
            said = [cells.get(key) for key in (whole, *parts)]
            numbers = [each for each in said if isinstance(each, int | float)]
            if isinstance(said[0], int | float) and len(numbers) > 1 and sum(numbers[1:]) != said[0]:
                self.faults.append(Fault(f"{place}.{whole}", "balance", {"is": said[0], "sum": sum(numbers[1:])}))

    def ticked(self, name: str, question: Question) -> list[str]:
        given = [each for each in dict.fromkeys(self.typed.get(name, ())) if each]
        if not set(given) <= question.choices.keys():
            self.faults.append(Fault(name, "choice"))
        return [each for each in question.choices if each in given]

    def cell(self, place: str, asked: Question | Column) -> Cell | None:
        text = self.line(place, asked.longest)
        if not text:
            return None
        if asked.kind is Kind.NUMBER:
            return self.number(place, text, asked)
        if asked.kind is Kind.CHOICE and text not in asked.choices:
            self.faults.append(Fault(place, "choice"))
            return None
        return text

    def line(self, place: str, longest: int) -> str:
        given = self.typed.get(place, ())
        text = "".join(sign for sign in (given[0] if given else "") if sign.isprintable() or sign == "\n").strip()
        if len(text) > longest:
            self.faults.append(Fault(place, "long", {"most": longest}))
            return ""
        return text

    def number(self, place: str, text: str, asked: Question | Column) -> int | float | None:
        digits = text.translate(_THAI_DIGITS).replace(",", "").replace(" ", "")
        if not _NUMBER.fullmatch(digits):
            self.faults.append(Fault(place, "number"))
            return None
        number = float(digits)
        if asked.whole and number != int(number):
            self.faults.append(Fault(place, "whole"))
            return None
        if not asked.least <= number <= asked.most:
            self.faults.append(Fault(place, "range", {"least": asked.least, "most": asked.most}))
            return None
        return int(number) if number == int(number) else number

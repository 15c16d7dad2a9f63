"""What stands on a school's sheet before the school is asked: the answers that follow from what the hub knows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from hub.surveys.answers import ROW, Answer, Answers, Cell, Cells
from hub.surveys.knowing import OF_ROOMS, Known, Piece, Room, counted, of_room, scalar
from hub.surveys.schema import Column, Definition, Kind, Question, Tick


@dataclass(frozen=True, slots=True)
class Today:
    """The day on which a survey is started, and what causes are called in the language of the schools."""

    day: date
    words: Callable[[str], str]


def prefilled(definition: Definition, known: Known, today: Today) -> Answers:
    """By question; one of which nothing is known has no answer."""
    found = ((name, _answer(question, known, today)) for name, question in definition.asked())
    return {name: answer for name, answer in found if answer not in (None, [])}


def _answer(question: Question, known: Known, today: Today) -> Answer | None:
    if question.kind is Kind.TABLE:
        return list(_rows(question, known, today))
    said = None if question.known is None else scalar(known, question.known)
    if question.kind is not Kind.CHOICES:
        return _fitting(question, said)
    ticked = [code for code, tick in question.ticks.items() if _lies_within(scalar(known, tick.of), tick)]
    return [*ticked, said] if isinstance(said, str) and said in question.choices else ticked


def _rows(question: Question, known: Known, today: Today) -> Iterator[Cells]:
    if question.of_rooms:
        for room in known.rooms:
            yield {ROW: room.name, **_cells(question, partial(_of_room, room))}
        return
    for row in question.rows:
        pieces = tuple(piece for piece in known.pieces if piece.kind in row.counts)
        counts = _cells(question, partial(_counted, pieces, today)) if pieces else {}
        yield {ROW: row.th, **row.fixed, **counts}


def _cells(question: Question, know: Callable[[str], Cell | None]) -> dict[str, Cell]:
    said = {
        name: _fitting(column, know(column.known))
        for name, column in question.columns.items()
        if column.known is not None
    }
    return {name: cell for name, cell in said.items() if cell is not None}


def _of_room(room: Room, source: str) -> Cell | None:
    return of_room(room, source) if source in OF_ROOMS else None


def _counted(pieces: tuple[Piece, ...], today: Today, source: str) -> Cell | None:
    if source in OF_ROOMS:
        return None
    said = counted(pieces, source, today.day)
    return ", ".join(map(today.words, said)) if isinstance(said, tuple) else said


def _fitting(asked: Question | Column, said: Cell | None) -> Cell | None:
    """What the question could not hold is not known to it."""
    if said is None or (asked.kind is Kind.CHOICE and said not in asked.choices):
        return None
    return said[: asked.longest] if isinstance(said, str) else said


def _lies_within(said: Cell | None, tick: Tick) -> bool:
    if said is None:
        return False
    if isinstance(said, str):
        return tick.least is None and tick.most is None and said in ("yes", "steady", "whole")
    return (tick.least is None or said >= tick.least) and (tick.most is None or said <= tick.most)

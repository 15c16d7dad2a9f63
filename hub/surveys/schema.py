"""What a definition of a survey may say: one TOML file a survey. A new survey is a new file and no line of code.

Questions are tables keyed by their names, which are the names of the fields of its paper where it has one. What a question is
filled in from before the school is asked stands beside it (`known`): a source of knowing.py.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from hub.core.words import Told, Words
from hub.surveys.knowing import COUNTED, OF_ROOMS, SCALARS

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,47}$")]
LONGEST_LINE, LONGEST_TEXT, MOST_NUMBER = 300, 4000, 10_000_000


class Kind(StrEnum):
    """What an answer is."""

    LINE = "line"
    TEXT = "text"
    """of several lines"""
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    TABLE = "table"


class Tick(Told):
    """A choice that is ticked beforehand where a source lies within limits."""

    of: str
    least: float | None = None
    most: float | None = None


class Unit(Told):
    """Behind a number; signs are the same in both languages."""

    th: str
    en: str

    def of(self, language: str) -> str:
        return self.en if language == "en" else self.th


class _Asked(Words):
    """What questions and columns have in common.

    whole  of a number: no fractions
    """

    kind: Kind
    required: bool = False
    unit: Unit | None = None
    least: float = 0
    most: float = MOST_NUMBER
    whole: bool = False
    choices: Mapping[Code, Words] = Field(default_factory=dict)
    known: str | None = None

    @property
    def longest(self) -> int:
        return LONGEST_TEXT if self.kind is Kind.TEXT else LONGEST_LINE

    @model_validator(mode="after")
    def _has_choices(self) -> Self:
        if (self.kind in (Kind.CHOICE, Kind.CHOICES)) != bool(self.choices):
            raise ValueError("a choice, and nothing else, has choices")
        return self


class Column(_Asked):
    """A column of a table."""

    @model_validator(mode="after")
    def _fits_a_cell(self) -> Self:
        if self.kind in (Kind.TABLE, Kind.CHOICES, Kind.TEXT):
            raise ValueError(f"a cell cannot be a {self.kind}")
        if self.known is not None and self.known not in COUNTED | OF_ROOMS:
            raise ValueError(f"known: there is no source {self.known} of rows; there are {_list(COUNTED | OF_ROOMS)}")
        return self


class Row(Words):
    """A row that is always there.

    counts  kinds of equipment of the register that its cells are known from
    fixed   cells that stand in it beforehand, whatever is known
    """

    counts: tuple[str, ...] = ()
    fixed: Mapping[Code, str] = Field(default_factory=dict)


class Question(_Asked):
    """Something that the school is asked.

    hint      a short sentence under it
    ticks     of choices: when each is ticked beforehand
    name      of a table: the column of the paper in which the name of a row stands
    of_rooms  a row for each room that is known; else `rows`
    extra     so many rows that the school may add
    balance   in each row, what stands in one column is the sum of the others
    register  what is written into the register of schools when the office accepts the answer
    """

    hint: Words | None = None
    ticks: Mapping[Code, Tick] = Field(default_factory=dict)
    name: str | None = None
    rows: tuple[Row, ...] = ()
    of_rooms: bool = False
    extra: int = Field(0, ge=0, le=20)
    columns: Mapping[Code, Column] = Field(default_factory=dict)
    balance: Mapping[Code, tuple[Code, ...]] = Field(default_factory=dict)
    register_as: str | None = Field(None, alias="register", pattern="^pupils$")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.kind is Kind.TABLE) != bool(self.columns and self.name):
            raise ValueError("a table, and nothing else, has columns, and a name for its rows")
        if self.known is not None and self.known not in SCALARS:
            raise ValueError(f"known: there is no source {self.known}; there are {_list(SCALARS)}")
        for code, tick in self.ticks.items():
            if code not in self.choices or tick.of not in SCALARS:
                raise ValueError(f"ticks.{code}: names no choice, or no source; there are {_list(SCALARS)}")
        for whole, parts in self.balance.items():
            if not {whole, *parts} <= self.columns.keys():
                raise ValueError(f"balance: {whole} = {parts} are not columns")
        return self


class Part(Words):
    """Questions under one title."""

    questions: tuple[Code, ...]


class Definition(Words):
    """A survey.

    form         the paper that an answered sheet is printed on
    worksheet    the table that goes into the district's workbook, a line for each row of it
    look_days    how far back the use of the rooms is looked at
    remind_days  so many days before it is due, those who have not answered are reminded
    turn_as      the field of the paper in which stands which turn it is
    """

    id: Code
    about: Words
    form: str | None = Field(None, pattern=r"^F\d\d$")
    worksheet: str | None = None
    look_days: int = Field(120, ge=7, le=400)
    remind_days: int = Field(3, ge=1, le=30)
    turn_as: str | None = None
    questions: Mapping[Code, Question]
    parts: tuple[Part, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        shown = [name for part in self.parts for name in part.questions]
        if sorted(shown) != sorted(self.questions):
            wrong = sorted(set(shown) ^ self.questions.keys()) or sorted(
                {each for each in shown if shown.count(each) > 1}
            )
            raise ValueError(f"parts: {', '.join(wrong)} must stand in exactly one part")
        table = self.questions.get(self.worksheet or "")
        if self.worksheet and (table is None or table.kind is not Kind.TABLE):
            raise ValueError(f"worksheet: {self.worksheet} is no table")
        return self

    def asked(self) -> Iterator[tuple[str, Question]]:
        """In the order of the page."""
        return ((name, self.questions[name]) for part in self.parts for name in part.questions)


def _list(sources: frozenset[str]) -> str:
    return ", ".join(sorted(sources))

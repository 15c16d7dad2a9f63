"""What a form.toml may say: the names of a form, its fields with their words and kinds. Where fields stand is its form.typ."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Kind(StrEnum):
    """What a field holds. `code` is copied letter by letter, so its figures stay Arabic; `lines` is text of several lines."""

    TEXT = "text"
    LINES = "lines"
    CODE = "code"
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    SHORT_DATE = "short_date"
    TIME = "time"
    MOMENT = "moment"
    YES = "yes"
    CHOICE = "choice"
    CHOICES = "choices"
    TABLE = "table"
    SIGN = "sign"
    DECISION = "decision"


NO_CELLS = (Kind.TABLE, Kind.SIGN, Kind.DECISION)


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Declared):
    """A column of a table.

    width    in parts of what is left, or in mm
    group    columns that follow one another and have one share a title above theirs
    ticked   a choice shows all of its boxes in each row
    product  the columns whose product this is, where nothing else is said; sum  its sum stands below
    """

    label: str
    type: Kind
    width: str = Field(default="1fr", pattern=r"^\d+(\.\d+)?(fr|mm)$")
    group: str | None = None
    choices: dict[str, str] = {}
    ticked: bool = False
    product: tuple[str, str] | None = None
    sum: bool = False

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        _needs_choices(self.type, self.choices)
        if self.type in NO_CELLS:
            raise ValueError(f"a cell cannot be a {self.type}")
        if (self.sum or self.product) and self.type not in (Kind.NUMBER, Kind.AMOUNT):
            raise ValueError(f"a {self.type} has no sum")
        return self


class FieldOf(_Declared):
    """A field of a form.

    required  the office needs it before the paper is of use; the blank form has none
    rows      how many empty rows of a table there are for the pen; starts  what stands in the first cells of those before
    known     where no row is given there is none: nothing is left for the pen
    balance   in each row, what stands in the column of that name is the sum of the others
    """

    label: str
    type: Kind
    unit: str | None = None
    required: bool = False
    choices: dict[str, str] = {}
    rows: int = Field(default=3, ge=0, le=40)
    starts: tuple[str, ...] = ()
    known: bool = False
    columns: dict[str, Column] = {}
    balance: dict[str, tuple[str, ...]] = {}

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        _needs_choices(self.type, self.choices)
        if (self.type is Kind.TABLE) != bool(self.columns):
            raise ValueError("a table, and nothing else, has columns")
        for column in self.columns.values():
            if not set(column.product or ()) <= self.columns.keys():
                raise ValueError(f"product: {column.product} are not columns")
        for whole, parts in self.balance.items():
            if not {whole, *parts} <= self.columns.keys():
                raise ValueError(f"balance: {whole} = {parts} are not columns")
        return self


class Declaration(_Declared):
    """A form.

    when, data  for the people who read docs/forms.md: when it is made, from what
    digits      as printed where nobody says otherwise
    workbook    the table that an office goes on working with, as XLSX
    """

    id: str = Field(pattern=r"^([FMT]\d\d)$")
    slug: str = Field(pattern=r"^[a-z0-9-]+$")
    thai: str
    english: str
    when: str
    data: str
    digits: Literal["thai", "arabic"] = "arabic"
    landscape: bool = False
    workbook: str | None = None
    fields: dict[str, FieldOf]

    @model_validator(mode="after")
    def _workbook_is_a_table(self) -> Self:
        table = self.fields.get(self.workbook or "")
        if self.workbook and (table is None or table.type is not Kind.TABLE):
            raise ValueError(f"workbook: {self.workbook} is no table")
        return self


def _needs_choices(kind: Kind, choices: dict[str, str]) -> None:
    if (kind in (Kind.CHOICE, Kind.CHOICES)) != bool(choices):
        raise ValueError("a choice, and nothing else, has choices")

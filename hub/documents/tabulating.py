"""The table of a form that an office goes on working with: heading and rows, for whoever writes workbooks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hub.core.fiscal import BUDDHIST_ERA
from hub.documents.catalogue import Form
from hub.documents.declaration import Column, Kind
from hub.documents.filling import filled
from hub.documents.printing import completed

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """title  of the sheet; heading  the Thai words of the columns; rows  numbers as numbers, days as 20/11/2569"""

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table_of(form: Form, values: Mapping[str, Any]) -> Table | None:
    """None where the form has no such table. Raises WrongValues."""
    name = form.declaration.workbook
    if name is None:
        return None
    field = form.declaration.fields[name]
    plain = completed(form, filled(form.declaration, values))
    rows: Sequence[Mapping[str, Any]] = plain.get(name) or [{next(iter(field.columns)): each} for each in field.starts]
    heading = tuple(f"{each.group} {each.label}" if each.group else each.label for each in field.columns.values())
    cells = (tuple(_cell(each, row.get(key)) for key, each in field.columns.items()) for row in rows)
    return Table(form.declaration.id, heading, tuple(cells))


def _cell(column: Column, value: Any) -> Cell:
    if value is None:
        return None
    if column.type in (Kind.NUMBER, Kind.AMOUNT):
        number = Decimal(value)
        return int(number) if number == int(number) else float(number)
    if column.type is Kind.CHOICE:
        return column.choices[value]
    if column.type in (Kind.DATE, Kind.SHORT_DATE):
        year, month, day = value.split("-")
        return f"{day}/{month}/{int(year) + BUDDHIST_ERA}"
    if column.type is Kind.YES:
        return 1 if value else 0
    return str(value)

"""Rows to a file that an office opens: CSV or an Excel workbook.

No cell is a formula, whatever stands in it: a school's name that begins with `=` must not run on the computer of whoever opens
the list. In a workbook each text is marked as one; in CSV, where nothing can be marked, an apostrophe stands before it, which
reading takes away again (`hub.schools.reading`).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | None
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that some spreadsheet calculates."""
_WIDEST = 60
_TEXT_FORMAT = "@"
_HEADING = PatternFill("solid", fgColor="FFE2F0F3")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of a workbook. Its title is shorter than 32 letters, without []:*?/ and backslash."""

    title: str
    heading: Sequence[str]
    rows: Iterable[Sequence[Value]]


def write_csv(heading: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """With the mark by which Excel knows UTF-8, and its ends of lines."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(map(harmless, heading))
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def write_workbook(
    title: str, heading: Sequence[str], rows: Iterable[Sequence[Value]], *, spare_rows: int = 0
) -> bytes:
    """spare_rows  so many empty ones below are ready for text, so that Excel makes no number of a code with zeros before it"""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    written = _fill(sheet, Sheet(title, heading, rows))
    for number in range(written + 1, written + 1 + spare_rows):
        sheet.cell(number, 1).number_format = _TEXT_FORMAT
    return _saved(book)


def write_sheets(sheets: Iterable[Sheet]) -> bytes:
    """A workbook of several sheets, at least one."""
    book = Workbook()
    empty = book.active
    for each in sheets:
        _fill(book.create_sheet(), each)
    assert isinstance(empty, Worksheet)
    book.remove(empty)
    return _saved(book)


def _fill(sheet: Worksheet, told: Sheet) -> int:
    """How many rows it has, with the heading."""
    sheet.title = told.title
    written: list[Sequence[Value]] = [told.heading, *told.rows]
    for number, row in enumerate(written, 1):
        for column, value in enumerate(row, 1):
            _write(sheet.cell(number, column), value)
    _dress(sheet, written)
    return len(written)


def _saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def harmless(value: Value) -> Value:
    """For CSV."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def _write(cell: Cell, value: Value) -> None:
    if isinstance(value, str):
        cell.value = "".join(sign for sign in value if sign.isprintable())
        cell.data_type = "s"
        cell.number_format = _TEXT_FORMAT
    else:
        cell.value = value


def _dress(sheet: Worksheet, written: Sequence[Sequence[Value]]) -> None:
    """The heading stays in sight, and columns are as wide as what stands in them."""
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEADING, Alignment(vertical="center")
    for column, cells in zip(sheet.columns, zip(*written, strict=True), strict=False):
        width = max(len(str(cell)) for cell in cells if cell is not None) + 4
        sheet.column_dimensions[column[0].column_letter].width = min(width, _WIDEST)

"""A file to rows of text, whatever it is: decided by its first bytes, never by its name.

Rows keep the number that the office sees beside them. Cells are text as a person would read them: 36030001.0, which Excel makes
of a code, is 36030001 again; nothing is calculated (formulas give the value that was saved with them).
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.sheets.errors import SheetMistake
from hub.sheets.workbook import read_workbook

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CHARACTERS = 2_000
"""In a cell; what is longer is no cell of a register and is cut, so that the row's own check refuses it with a short message."""

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# What Excel on a Thai Windows writes as "CSV"; every byte is a character of it or an error.
_THAI_WINDOWS = "cp874"


@dataclass(frozen=True, slots=True)
class Row:
    """number  as the office sees it, from 1; cells  text, stripped, empty where nothing stands"""

    number: int
    cells: tuple[str, ...]


def read_rows(data: bytes) -> list[Row]:
    """The rows that are not empty, the heading among them. Raises SheetMistake."""
    if len(data) > MOST_BYTES:
        raise SheetMistake("too-large", str(MOST_BYTES // 1024**2))
    rows: list[Row] = []
    for number, cells in _numbered(data):
        if len(rows) > MOST_ROWS:
            raise SheetMistake("too-many-rows", str(MOST_ROWS))
        if len(cells) > MOST_COLUMNS and any(map(_text, cells[MOST_COLUMNS:])):
            raise SheetMistake("too-many-columns", str(MOST_COLUMNS))
        texts = tuple(map(_text, cells[:MOST_COLUMNS]))
        if any(texts):
            rows.append(Row(number, texts))
    if not rows:
        raise SheetMistake("no-rows")
    return rows


def _numbered(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    if data.startswith(_ZIP):
        return read_workbook(data)
    if data.startswith(_OLD_EXCEL):
        raise SheetMistake("not-a-table", "xls")
    text = _decoded(data)
    return _of_json(text) if text.lstrip()[:1] in ("[", "{") else _of_csv(text)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", _THAI_WINDOWS)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise SheetMistake("bad-encoding")


def _of_csv(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise SheetMistake("not-a-table", f"csv, line {reader.line_num}: {error}") from None


def _of_json(text: str) -> Iterator[tuple[int, Sequence[Any]]]:
    """A list of objects, or an object in which one stands under "schools" (an inventory) or alone."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise SheetMistake("not-a-table", "json") from None
    if isinstance(found, dict):
        lists = (
            [found["schools"]] if "schools" in found else [each for each in found.values() if isinstance(each, list)]
        )
        found = lists[0] if len(lists) == 1 else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise SheetMistake("not-a-table", "json")
    return _of_objects(found)


def _of_objects(objects: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Sequence[Any]]]:
    """The first row names the columns, as in a table. Objects are counted from 1, so the heading is number 0."""
    objects = list(objects)
    # Before a row is made: objects that have no key in common would be as many cells as their number times itself.
    names: dict[str, None] = {}
    for each in objects:
        names.update(dict.fromkeys(each))
        if len(names) > MOST_COLUMNS:
            raise SheetMistake("too-many-columns", str(MOST_COLUMNS))
    yield 0, list(names)
    for number, each in enumerate(objects, 1):
        yield number, [each.get(name) for name in names]


def _text(cell: Any) -> str:
    if cell is None or isinstance(cell, (dict, list)):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    return str(cell).replace("\N{NO-BREAK SPACE}", " ").replace("\N{ZERO WIDTH SPACE}", "").strip()[:MOST_CHARACTERS]

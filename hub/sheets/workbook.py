"""An Excel workbook: the rows of its first visible sheet. One that is larger inside than a register can be is not opened.

Entities: openpyxl reads XML with defusedxml, which refuses every one that is declared; without it, expat would only bound them.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from hub.sheets.errors import SheetMistake

_MOST_INSIDE = 64 * 1024 * 1024
_MOST_FILES = 500
_MOST_TAGS = 4_000_000
"""A register of 20,000 rows with 30 columns has three million. As many empty ones as fit would cost ten seconds and more."""
_MOST_SHEETS = 500
_LAST_ROW = 1_048_576
"""That a sheet of Excel has."""
_MOST_CELLS = 10_000_000
_CHUNK = 1024 * 1024
# openpyxl meets what it does not expect in a damaged workbook with errors of all kinds; broken XML is a SyntaxError.
_BROKEN = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError),
    *(TypeError, ValueError, zipfile.BadZipFile, zlib.error, InvalidFileException),
)


def read_workbook(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    """Raises SheetMistake."""
    _refuse_bombs(data)
    try:
        with closing(load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)) as book:
            sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
            if sheet is None:
                raise SheetMistake("no-rows")
            # What the file says of its own size is not to be believed, neither too little nor too much.
            sheet.reset_dimensions()
            yield from _bounded(sheet.iter_rows(values_only=True))
    except _BROKEN:
        raise SheetMistake("not-a-table", "xlsx") from None


def _bounded(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Sequence[Any]]]:
    """A row and a cell say themselves where they stand, and all before them are filled in."""
    cells = 0
    for number, row in enumerate(rows, 1):
        cells += len(row)
        if number > _LAST_ROW:
            raise SheetMistake("too-many-rows", str(_LAST_ROW))
        if cells > _MOST_CELLS:
            raise SheetMistake("too-large", str(_MOST_INSIDE // 1024**2))
        yield number, row


def _refuse_bombs(data: bytes) -> None:
    """By what the zip says of itself, as zipfile reads no byte more of a member than is said there; then by the tags in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _MOST_INSIDE:
                raise SheetMistake("too-large", str(_MOST_INSIDE // 1024**2))
            _refuse_tags(archive)
    except _BROKEN:
        raise SheetMistake("not-a-table", "xlsx") from None


def _refuse_tags(archive: zipfile.ZipFile) -> None:
    """Also of UTF-16, in which every second byte is nothing."""
    tags = sheets = 0
    for member in archive.infolist():
        with archive.open(member) as file:
            while chunk := file.read(_CHUNK):
                said = chunk.replace(b"\0", b"")
                tags, sheets = tags + said.count(b"<"), sheets + said.count(b"sheetId")
                if tags > _MOST_TAGS or sheets > _MOST_SHEETS:
                    raise SheetMistake("too-large", str(_MOST_INSIDE // 1024**2))

"""An Excel workbook: the rows of its first visible sheet. A zip that is larger inside than a register can be is not opened."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from hub.sheets.errors import SheetMistake

_MOST_INSIDE = 64 * 1024 * 1024
_MOST_FILES = 500
# openpyxl meets what it does not expect in a damaged workbook with errors of all kinds.
_BROKEN = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError, EOFError)


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
            yield from enumerate(sheet.iter_rows(values_only=True), 1)
    except _BROKEN:
        raise SheetMistake("not-a-table", "xlsx") from None


def _refuse_bombs(data: bytes) -> None:
    """By what the zip says of itself; zipfile reads no byte more of a member than is said there."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError):
        raise SheetMistake("not-a-table", "xlsx") from None
    if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _MOST_INSIDE:
        raise SheetMistake("too-large", str(_MOST_INSIDE // 1024**2))

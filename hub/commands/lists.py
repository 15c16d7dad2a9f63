"""A list that an operator names, read from its file."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hub.commands.mistake import CommandMistake
from hub.sheets.errors import SheetMistake
from hub.sheets.rows import MOST_BYTES
from hub.web.language import Language

L = TypeVar("L")


def list_in(path: Path, read: Callable[[bytes], L], words: Language) -> L:
    """What `read` makes of the file, which may raise SheetMistake. Raises CommandMistake."""
    try:
        with path.open("rb") as file:
            # One more than is read: a longer file is refused, not cut.
            return read(file.read(MOST_BYTES + 1))
    except OSError as error:
        raise CommandMistake(f"{path}: cannot be read ({error.strerror})") from None
    except SheetMistake as mistake:
        told = f"{path}: {words.lookup(f'sheet.{mistake.code}')} {mistake.detail}"
        raise CommandMistake(told.rstrip()) from None

"""Names that hold words in any spelling. They are compared in Python: few of them differ, and every database finds the same."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, false, select

from hub.core.spelling import folded, likeness

_LEAST = 2
"""Letters; with fewer, nearly everything would be found."""


def spelled(connection: Connection, column: Column[Any], words: str) -> ColumnElement[bool]:
    """The rows whose column does."""
    if len(folded(words)) < _LEAST:
        return false()
    names = connection.execute(select(column).distinct().where(column.is_not(None))).scalars()
    return column.in_([name for name in names if likeness(words, name) is not None])

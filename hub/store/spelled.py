"""Names that hold words in any spelling. They are compared in Python: few of them differ, and every database finds the same."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, false, func, select

from hub.core.spelling import alike, folded

_LEAST = 2
"""Letters; with fewer, nearly everything would be found."""
_BETWEEN = "\x1f"
"""Between the columns that are looked at as one: what nobody types."""


def spelled(connection: Connection, column: Column[Any], words: str) -> ColumnElement[bool]:
    """The rows whose column does."""
    if len(folded(words)) < _LEAST:
        return false()
    names = connection.execute(_names(column)).scalars().all()
    like = alike(words)
    found = [name for name in names if like(name) is not None]
    return column.in_(found) if found else false()


def held(words: str, *columns: Column[Any]) -> ColumnElement[bool]:
    """The rows one of whose columns holds the words as they are, but for case: all of them are looked at as one."""
    return false() if _BETWEEN in words else _together(columns).icontains(words, autoescape=True)


@lru_cache
def _together(columns: tuple[Column[Any], ...]) -> ColumnElement[str]:
    together: ColumnElement[str] = func.coalesce(columns[0], "")
    for each in columns[1:]:
        together = together + _BETWEEN + func.coalesce(each, "")
    return together


@lru_cache
def _names(column: Column[Any]) -> Select[Any]:
    return select(column).distinct().where(column.is_not(None))

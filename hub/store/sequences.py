"""Lists a page at a time: by age, the newest first or the oldest, or in another order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select


def arranged(rows: Select[Any], order: Sequence[ColumnElement[Any]], skip: int, limit: int) -> Select[Any]:
    """skip: so many of the first are left out, for whoever goes on with a list."""
    return rows.order_by(*order).offset(skip).limit(limit)


def paged(rows: Select[Any], number: ColumnElement[int], past: int | None, limit: int, *, oldest: bool) -> Select[Any]:
    """number: the column that counts them; past: the last one that was shown."""
    if past is not None:
        rows = rows.where(number > past if oldest else number < past)
    return rows.order_by(number if oldest else number.desc()).limit(limit)

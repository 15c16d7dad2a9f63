"""Lists in the order in which their rows came, a page at a time: the newest first, or the oldest."""

from typing import Any

from sqlalchemy import ColumnElement, Select


def paged(rows: Select[Any], number: ColumnElement[int], past: int | None, limit: int, *, oldest: bool) -> Select[Any]:
    """number: the column that counts them; past: the last one that was shown."""
    if past is not None:
        rows = rows.where(number > past if oldest else number < past)
    return rows.order_by(number if oldest else number.desc()).limit(limit)

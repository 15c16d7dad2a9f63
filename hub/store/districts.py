"""Rows of some districts only: the one way in which a query is cut down to what somebody may see."""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement


def within(column: ColumnElement[str], groups: Collection[str] | None) -> Iterator[ColumnElement[bool]]:
    """groups: the districts; none at all finds nothing. None: every district."""
    if groups is not None:
        yield column.in_(sorted(groups))

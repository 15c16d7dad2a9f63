"""Which districts there are, and rows of some of them only: the one way in which a query is cut down to what somebody may see."""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Select, func, select


def within(column: ColumnElement[str], groups: Collection[str] | None) -> Iterator[ColumnElement[bool]]:
    """groups: the districts; none at all finds nothing. None: every district."""
    if groups is not None:
        yield column.in_(sorted(groups))


def chosen(groups: Collection[str] | None) -> tuple[str, ...] | None:
    """The same districts as a key, for statements that are kept: to put one together takes longer than to ask it."""
    return None if groups is None else tuple(sorted(groups))


def named_in(column: ColumnElement[str]) -> Select[str]:
    """The districts that stand in a column which an index begins with: from one to the next, for each has many rows."""
    found = select(func.min(column).label("group")).cte(recursive=True)
    following = select(func.min(column)).where(column > found.c.group).scalar_subquery()
    every = found.union_all(select(following).where(found.c.group.is_not(None)))
    return select(every.c.group).where(every.c.group.is_not(None))

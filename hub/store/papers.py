"""Numbers of papers: they run by form and fiscal year, and what was printed once keeps its number for good."""

from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from hub.store.paper_tables import paper_number as table
from hub.store.running import hold, take

_ALWAYS = 0
"""The year of the row that is held while a form's number is looked up: a paper may be asked for twice at the turn of a year."""


class PaperNumber(NamedTuple):
    """27/2570."""

    number: int
    fiscal_year: int


def paper_number(
    connection: Connection, series: str, fiscal_year: int, subject: str, *, who: str, at: int
) -> PaperNumber:
    """Of a subject's paper: the one it has, else the next of the year. who: as the audit names them."""
    found = known_number(connection, series, subject)
    if found is not None:
        return found
    hold(connection, _counter(series), _ALWAYS)
    found = known_number(connection, series, subject)
    if found is not None:
        return found
    number = PaperNumber(take(connection, _counter(series), fiscal_year), fiscal_year)
    row = {"series": series, "subject": subject, "year": number.fiscal_year, "number": number.number}
    connection.execute(insert(table).values(**row, who=who, at=at))
    return number


def known_number(connection: Connection, series: str, subject: str) -> PaperNumber | None:
    """None: nobody has printed it yet."""
    mine = (table.c.series == series) & (table.c.subject == subject)
    found = connection.execute(select(table.c.number, table.c.year).where(mine)).first()
    return None if found is None else PaperNumber(*found)


def _counter(series: str) -> str:
    return f"paper:{series}"

"""Running numbers of a series and year: whoever takes one holds its row, so that two at once never get the same."""

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.store.workflow_tables import request_counter


def hold(connection: Connection, series: str, year: int) -> None:
    """Nobody else takes a number of it until the transaction ends. Its row is made where there is none yet."""
    of = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = of.insert(request_counter).values(series=series, year=year, last=0)
    connection.execute(row.on_conflict_do_nothing())
    here = (request_counter.c.series == series) & (request_counter.c.year == year)
    connection.execute(select(request_counter).where(here).with_for_update())


def take(connection: Connection, series: str, year: int) -> int:
    """The next one, from 1."""
    hold(connection, series, year)
    counter = request_counter.c
    mine = (counter.series == series) & (counter.year == year)
    taken = update(request_counter).where(mine).values(last=counter.last + 1).returning(counter.last)
    return int(connection.execute(taken).scalar_one())

"""On PostgreSQL the chunks of each day are a partition: old days go as a whole, and what is asked of some looks at no others.

A day's partition is made when its first chunk comes, and attached so that no reader waits for it. Chunks from before 2026,
which only clocks that were wrong can tell of, share one partition. On SQLite there is one table, and nothing to be done here.
"""

import re
from collections.abc import Iterable

from sqlalchemy import Connection, column, func, select, table, text
from sqlalchemy.exc import OperationalError

DAY_MS = 86_400_000
EARLY_MS = 20_454 * DAY_MS
"""2026-01-01."""
_DAY = re.compile(r"report_chunk_d(\d+)")
_PARTS = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'report_chunk'::regclass")
_SOON = text("SET LOCAL lock_timeout = '200ms'")
"""Whoever reads for longer, as a backup does, keeps a day from going; others must not wait behind that."""
_NOT_NOW = "55P03"


def in_days(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def make_room(connection: Connection, moments: Iterable[int]) -> None:
    """For chunks whose newest reports are of these moments (ms). Part of a transaction that writes alone."""
    if not in_days(connection):
        return
    wanted = {moment // DAY_MS for moment in moments if moment >= EARLY_MS}
    for day in sorted(wanted - set(days(connection)) if wanted else ()):
        name = f"report_chunk_d{day}"
        # Attached, not made as a part: that would wait for all readers, and all others behind it.
        connection.execute(text(f"CREATE TABLE {name} (LIKE report_chunk INCLUDING ALL)"))
        bounds = f"FROM ({day * DAY_MS}) TO ({(day + 1) * DAY_MS})"
        connection.execute(text(f"ALTER TABLE report_chunk ATTACH PARTITION {name} FOR VALUES {bounds}"))


def days(connection: Connection) -> list[int]:
    """That have a partition, in order: days since 1970."""
    found = (_DAY.fullmatch(name) for name in connection.execute(_PARTS).scalars())
    return sorted(int(each[1]) for each in found if each)


def days_before(connection: Connection, before: int) -> list[int]:
    """Those of which all is older."""
    return [day for day in days(connection) if (day + 1) * DAY_MS <= before]


def drop_day(connection: Connection, day: int) -> int | None:
    """How many reports have gone with it; None where somebody reads, and it has to be tried again."""
    name = f"report_chunk_d{day}"
    reports = connection.execute(select(func.sum(column("reports"))).select_from(table(name))).scalar()
    try:
        with connection.begin_nested():
            connection.execute(_SOON)
            connection.execute(text(f"DROP TABLE {name}"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _NOT_NOW:
            return None
        raise
    return int(reports or 0)

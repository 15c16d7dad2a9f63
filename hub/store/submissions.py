"""Forms that were carried out, by the key that a browser gave them: one whose answer was lost comes again, and counts once.

The row is written in the transaction of what the form asked for: either both are there, or none.
"""

from collections.abc import Callable

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.people import Principal
from hub.store.phone_tables import submission

_LASTS_MS = 90 * 86_400_000
"""A phone may lie in a drawer for the holidays."""


def led_to(connection: Connection, who: Principal, key: str) -> str | None:
    """What a form led to that came before."""
    row = select(submission.c.led_to).where(submission.c.who == who.label, submission.c.key == key)
    found = connection.execute(row).scalar() if key else None
    return None if found is None else str(found)


def once(connection: Connection, who: Principal, key: str, now: int, act: Callable[[], str]) -> str:
    """What `act` leads to; or has led to, when the same form came before. One without a key is always new."""
    if not key:
        return act()
    if not _is_new(connection, who, key, now):
        return led_to(connection, who, key) or ""
    found = act()
    mine = (submission.c.who == who.label) & (submission.c.key == key)
    connection.execute(update(submission).where(mine).values(led_to=found))
    return found


def _is_new(connection: Connection, who: Principal, key: str, now: int) -> bool:
    """Of two that come at once, the second waits here until the first is carried out, or undone."""
    connection.execute(delete(submission).where(submission.c.at < now - _LASTS_MS))
    of = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = of.insert(submission).values(who=who.label, key=key, led_to="", at=now)
    return connection.execute(row.on_conflict_do_nothing().returning(submission.c.key)).first() is not None

"""The audit in the database: entries are added to the end of the chain, read, checked, and dropped when they are old.

Whoever adds holds the one row of `audit_chain` until the transaction ends, so that two writers, also of two processes, come one
after the other. That nothing else can be done with an entry, triggers see to (migration 0006).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from hub.accounts.audit import Deed, Details, Entry, Head, chained, first_break
from hub.accounts.settings import DAY_MS
from hub.core.people import Principal
from hub.store.people_tables import audit_chain, audit_entry
from hub.store.sequences import paged
from hub.store.unit_of_work import Store

_THE_ROW = 1
_AT_ONCE = 1000
_AT_MOST_MS = 31 * DAY_MS


class AuditRows:
    """The port Audit, within the caller's transaction: the deed and its entry are there together, or neither."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(self, who: Principal | str, what: str, subject: str, details: Details, at: int) -> None:
        self.add(Deed(who, what, subject, details, at))

    def add(self, deed: Deed) -> Entry:
        chain = self._connection.execute(select(audit_chain).with_for_update()).one()
        entry = chained(Head(chain.head_number, chain.head_hash), deed)
        self._connection.execute(insert(audit_entry).values(_row(entry)))
        self._connection.execute(update(audit_chain).values(head_number=entry.number, head_hash=entry.hash))
        return entry


class AuditLog:
    """The port Audit with a transaction of its own for each deed, for those who have none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, who: Principal | str, what: str, subject: str, details: Details, at: int) -> None:
        with self._store.begin() as work:
            AuditRows(work.connection).write(who, what, subject, details, at)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; without a value, any.

    before    only of lower numbers, to go on with a list; of higher ones where the oldest stand first
    """

    what: str | None = None
    subject: str | None = None
    who: str | None = None
    since: int | None = None
    before: int | None = None
    oldest: bool = False

    @property
    def conditions(self) -> Iterator[ColumnElement[bool]]:
        for column, value in ((audit_entry.c.subject, self.subject), (audit_entry.c.who, self.who)):
            if value is not None:
                yield column == value
        if self.what is not None:
            # "sign_in" also means "sign_in.wrong".
            yield (audit_entry.c.what == self.what) | audit_entry.c.what.startswith(f"{self.what}.", autoescape=True)
        if self.since is not None:
            yield audit_entry.c.at >= self.since


_ANY = Wanted()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the whole chain found.

    kept      how many entries there are
    head      the last one: noted elsewhere, it proves later that nothing was made anew
    broken    the number of the first entry that is not as it was written
    expected  whether the head that was noted before is still in the chain; None where none was given
    """

    kept: int
    head: Head
    broken: int | None
    expected: bool | None = None


def entries(store: Store, wanted: Wanted = _ANY, limit: int = 100) -> tuple[Entry, ...]:
    """The newest first, unless the oldest are asked for."""
    rows = select(audit_entry).where(*wanted.conditions)
    found = paged(rows, audit_entry.c.number, wanted.before, limit, oldest=wanted.oldest)
    with store.reading() as connection:
        return tuple(_entry(row) for row in connection.execute(found))


def verify(store: Store, noted: Head | None = None) -> Verdict:
    """Read the whole chain and compute it again."""
    with store.reading() as connection:
        chain = connection.execute(select(audit_chain)).one()
        start, end = Head(chain.kept_after_number, chain.kept_after_hash), Head(chain.head_number, chain.head_hash)
        broken = first_break(start, _in_order(connection), end)
        kept = connection.execute(select(func.count()).select_from(audit_entry)).scalar_one()
        return Verdict(kept, end, broken, None if noted is None else _has(connection, noted, (start, end)))


def prune(store: Store, keep_days: int, now: int) -> int:
    """Drop the oldest entries as far as they are older, and write so. How many.

    The database refuses to drop what is younger than 90 days, by its own clock. Should that be years ahead, what goes at once is
    no more than a month of entries: there is time to notice, and the doctor says it.
    """
    with store.begin() as work:
        connection = work.connection
        connection.execute(select(audit_chain).with_for_update())
        oldest = connection.execute(select(func.min(audit_entry.c.at))).scalar()
        before = min(now - keep_days * DAY_MS, (oldest or 0) + _AT_MOST_MS)
        first_kept = select(func.min(audit_entry.c.number)).where(audit_entry.c.at >= before).scalar_subquery()
        old = select(audit_entry).where(audit_entry.c.number < func.coalesce(first_kept, audit_chain.c.head_number + 1))
        last = connection.execute(old.order_by(audit_entry.c.number.desc()).limit(1)).first()
        if last is None:
            return 0
        connection.execute(update(audit_chain).values(kept_after_number=last.number, kept_after_hash=last.hash))
        dropped = connection.execute(delete(audit_entry).where(audit_entry.c.number <= last.number)).rowcount
        AuditRows(connection).write("hub", "audit.pruned", "audit", {"up_to": last.number, "hash": last.hash}, now)
        return dropped


def _has(connection: Connection, noted: Head, ends: tuple[Head, Head]) -> bool:
    if noted in ends:
        return True
    found = select(audit_entry.c.hash).where(audit_entry.c.number == noted.number)
    return connection.execute(found).scalar_one_or_none() == noted.hash


def _in_order(connection: Connection) -> Iterator[Entry]:
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(select(audit_entry).order_by(audit_entry.c.number))
    return map(_entry, rows)


def _entry(row: Any) -> Entry:
    return Entry(row.number, row.at, row.who, row.what, row.subject, row.details, row.hash)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at,
        "who": entry.who,
        "what": entry.what,
        "subject": entry.subject,
        "details": entry.details,
        "hash": entry.hash,
    }

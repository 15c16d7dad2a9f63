"""What stands in the journal's file beside its reports: bookkeeping, losses.

When the file is opened, written or moved is decided in sqlite_journal.py, how reports stand in it in journal_rows.py.
"""

import sqlite3
from collections.abc import Iterable

from agent.adapters.journal_packing import GATHERED
from agent.adapters.journal_rows import GatheredRows
from agent.core.entries import Marks
from wire.losses import AT_MOST, Loss, LossReason

VERSION = GATHERED
"""What an older agent began is kept as it is."""
# A commit touches some pages: small ones let a memory card live longer.
PAGE_SIZE = "PRAGMA page_size=512"
_META = "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID"
_LOSSES = "CREATE TABLE IF NOT EXISTS lost(epoch TEXT NOT NULL, first INTEGER, last INTEGER, reason TEXT NOT NULL)"


def create(db: sqlite3.Connection, marks: Marks) -> None:
    """An empty journal that goes on behind `marks`, in the transaction that runs."""
    db.execute(GatheredRows.TABLE)
    db.execute(_META)
    db.execute(f"PRAGMA user_version={VERSION}")
    set_meta(db, epoch=marks.epoch, acked=marks.acked, published=marks.published, bd_seq=marks.bd_seq)
    GatheredRows().give(db, marks.newest)


def complete(db: sqlite3.Connection) -> None:
    """What an older agent's file lacks."""
    db.execute(_LOSSES)


def set_meta(db: sqlite3.Connection, **values: str | int | None) -> None:
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def losses_in(db: sqlite3.Connection) -> tuple[Loss, ...]:
    """The newest last. None where they cannot be read: a list that is gone must not take the reports with it."""
    try:
        rows = db.execute("SELECT epoch, first, last, reason FROM lost ORDER BY rowid").fetchall()
        return tuple(Loss(str(epoch), int(first), int(last), LossReason(reason)) for epoch, first, last, reason in rows)
    except (sqlite3.Error, ValueError, TypeError):
        return ()


def add_losses(db: sqlite3.Connection, losses: Iterable[Loss]) -> None:
    """The oldest go where there are too many."""
    rows = [(each.epoch, each.first, each.last, each.reason.value) for each in losses]
    db.executemany("INSERT INTO lost(epoch, first, last, reason) VALUES (?, ?, ?, ?)", rows)
    db.execute("DELETE FROM lost WHERE rowid <= (SELECT max(rowid) FROM lost) - ?", (AT_MOST,))

"""What can still be read of a damaged journal goes on in a new file; what cannot is listed there as lost.

Only what is not acknowledged is looked for: what the hub has need not be written anew to a card that goes bad. Where the file
cannot say which journal it was, or where it ended, nothing of it is believed and a new epoch begins.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from agent.adapters import journal_layout as layout
from agent.adapters.journal_rows import Rows, rows_of
from agent.adapters.journal_witness import Told
from agent.core.entries import Kept, Marks
from agent.errors import JournalCorrupt
from wire.losses import AT_MOST, Loss, LossReason

MOST_FAILURES = 4000
"""So many reads may fail before the rest counts as lost: each costs a look at the card."""
MOST_UNTOLD = 10_000
"""A commit holds no more reports than memory did."""
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


def write_next(damaged: Path, target: Path, told: Told) -> Marks:
    """The journal that goes on, and where it stands. `told`: where the damaged one ended. Raises sqlite3.Error."""
    with (
        closing(sqlite3.connect(damaged, timeout=0, isolation_level=None)) as old,
        closing(sqlite3.connect(target, isolation_level=None)) as new,
    ):
        found = _found(old, told)
        marks = found or _anew(old, told)
        new.execute(layout.PAGE_SIZE)
        new.execute("PRAGMA synchronous=FULL")
        new.execute("BEGIN")
        layout.create(new, marks)
        layout.complete(new)
        lost = list(marks.lost)
        if found is not None:
            target_rows = rows_of(layout.VERSION)
            target_rows.insert(new, _rescued(old, marks, lost), marks.acked, marks.published)
            target_rows.give(new, marks.newest)
        layout.add_losses(new, lost)
        new.execute("COMMIT")
    return marks


def _found(db: sqlite3.Connection, told: Told) -> Marks | None:
    """Where the damaged journal stood, if that can be believed."""
    meta, given = _meta(db), _given(db)
    bd_seq = meta.get("bd_seq")
    if not told.epoch or meta.get("epoch") != told.epoch:
        return None
    # A power cut leaves a witness that is one commit behind; what is further off is damage.
    newest = given if told.offset <= given <= told.offset + MOST_UNTOLD else told.offset
    acked, published = _cursors(db, meta, newest)
    return Marks(told.epoch, 1, newest, acked, published, _bd_seq(bd_seq), layout.losses_in(db))


def _anew(db: sqlite3.Connection, told: Told) -> Marks:
    """A new epoch. Of the old one it is listed how far it went, as far as anybody knows."""
    meta = _meta(db)
    named = told if told.epoch else Told(str(meta.get("epoch", "")), _given(db))
    lost = layout.losses_in(db)
    with suppress(ValueError):
        if named.offset >= 1:
            lost += (Loss(str(uuid.UUID(named.epoch)), 1, named.offset, LossReason.DAMAGED),)
    return Marks(str(uuid.uuid4()), 1, 0, 0, 0, _bd_seq(meta.get("bd_seq")), lost)


def _rescued(db: sqlite3.Connection, marks: Marks, lost: list[Loss]) -> Iterator[Kept]:
    """All reports that are readable and not acknowledged, in order. What lies between them is added to `lost`."""
    known = [each for each in marks.lost if each.epoch == marks.epoch]
    after = marks.acked
    for kept in _readable(db, _rows(db), after + 1, marks.newest):
        lost += _between(after + 1, kept.offset - 1, marks.epoch, known)
        after = kept.offset
        yield kept
        if len(lost) >= AT_MOST - 1:
            break
    lost += _between(after + 1, marks.newest, marks.epoch, known)


def _between(first: int, last: int, epoch: str, known: list[Loss]) -> Iterator[Loss]:
    """Without what was lost before."""
    for each in sorted(known, key=lambda loss: loss.first):
        if first <= each.last and each.first <= last:
            if first < each.first:
                yield Loss(epoch, first, each.first - 1, LossReason.DAMAGED)
            first = each.last + 1
    if first <= last:
        yield Loss(epoch, first, last, LossReason.DAMAGED)


def _readable(db: sqlite3.Connection, rows: Rows, first: int, last: int) -> Iterator[Kept]:
    """Around what cannot be read, by halves."""
    ranges, failures = [(first, last)], 0
    while ranges and failures < MOST_FAILURES:
        low, high = ranges.pop()
        try:
            for number, body in rows.found(db, low, high):
                for kept in _reports(rows, number, body):
                    # In a damaged file rows may stand in no order.
                    if low <= kept.offset <= high:
                        low = kept.offset + 1
                        yield kept
        except sqlite3.Error as error:
            _require_damage(error)
            failures += 1
            middle = (low + high) // 2
            ranges += [(middle + 1, high), (low, middle)] if low < high else []


def _reports(rows: Rows, number: int, body: Any) -> tuple[Kept, ...]:
    try:
        return rows.held(number, body)
    except JournalCorrupt:
        return ()


def _rows(db: sqlite3.Connection) -> Rows:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return rows_of(version)


def _cursors(db: sqlite3.Connection, meta: dict[str, Any], newest: int) -> tuple[int, int]:
    """As far as they can be read: what is not known to be acknowledged is told again."""
    told = [meta.get(name) for name in ("acked", "published")]
    acked, published = (each if isinstance(each, int) and 0 <= each <= newest else 0 for each in told)
    with _damage_allowed():
        by_rows = _rows(db).cursors(db)
        acked, published = max(acked, by_rows[0]), max(published, by_rows[1])
    return acked, published


def _meta(db: sqlite3.Connection) -> dict[str, Any]:
    """Row by row: one that cannot be read hides no other."""
    found: dict[str, Any] = {}
    for key in ("epoch", "acked", "published", "bd_seq"):
        try:
            found.update(db.execute("SELECT key, value FROM meta WHERE key = ?", (key,)).fetchall())
        except sqlite3.Error as error:
            _require_damage(error)
    return found


def _given(db: sqlite3.Connection) -> int:
    with _damage_allowed():
        return _rows(db).given(db)
    return 0


@contextmanager
def _damage_allowed() -> Iterator[None]:
    """What cannot be read stays as it was."""
    try:
        yield
    except (JournalCorrupt, ValueError, TypeError):
        pass
    except sqlite3.Error as error:
        _require_damage(error)


def _bd_seq(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= 255 else None


def _require_damage(error: sqlite3.Error) -> None:
    """A disk that is full, or a file that another holds, is no reason to give anything up."""
    if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in _DAMAGE:
        raise error

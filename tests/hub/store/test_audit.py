"""The audit in the database: it only grows, whoever writes, and whatever happens to whoever writes."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from hub.accounts.audit import Head
from hub.core.people import Principal, PrincipalKind
from hub.store.audit import AuditLog, AuditRows, Wanted, entries, prune, verify
from hub.store.engine import open_engine, upgrade
from hub.store.people_tables import audit_chain, audit_entry
from hub.store.unit_of_work import Store
from tests.stores import ON_POSTGRESQL, database

DAY_MS = 86_400_000
OLD = 1_000
NOW = int(time.time() * 1000)
PERSON = Principal(PrincipalKind.PERSON, "7", "An invented name")


def filled(store: Store, *times: int) -> AuditLog:
    log = AuditLog(store)
    for at in times:
        log.write(PERSON, "sign_in.opened", f"session:{at}", {"address": "192.0.2.7"}, at)
    return log


def test_what_is_written_is_told_the_newest_first(store: Store) -> None:
    filled(store, 5, 6)
    found = entries(store)
    assert [(each.number, each.at, each.who, each.subject) for each in found] == [
        (2, 6, "person:7", "session:6"),
        (1, 5, "person:7", "session:5"),
    ]
    assert found[0].details == '{"address":"192.0.2.7"}'


def test_the_oldest_stand_first_where_they_are_asked_for_and_go_on_with_higher_numbers(store: Store) -> None:
    filled(store, 5, 6, 7)
    assert [each.number for each in entries(store, Wanted(oldest=True), 2)] == [1, 2]
    assert [each.number for each in entries(store, Wanted(oldest=True, before=2), 2)] == [3]


def test_entries_are_found_by_what_who_when_and_subject(store: Store) -> None:
    log = filled(store, 5, 6)
    log.write("hub", "sign_in_page", "x", {}, 7)
    numbers = {
        wanted: [each.number for each in entries(store, wanted)]
        for wanted in (
            Wanted(what="sign_in"),
            Wanted(who="hub"),
            Wanted(subject="session:5"),
            Wanted(since=6),
            Wanted(before=2),
        )
    }
    assert list(numbers.values()) == [[2, 1], [3], [1], [3, 2], [1]]
    assert len(entries(store, limit=1)) == 1


def test_an_empty_chain_holds(store: Store) -> None:
    assert verify(store).broken is None


def test_a_chain_that_nobody_touched_holds(store: Store) -> None:
    filled(store, *range(20))
    verdict = verify(store)
    assert (verdict.kept, verdict.broken, verdict.expected) == (20, None, None)


def test_an_entry_is_there_only_if_the_deed_is(store: Store) -> None:
    def fail() -> None:
        with store.begin() as work:
            AuditRows(work.connection).write("hub", "node.revoked", "node:x", {}, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert verify(store).kept == 0


_OTHER = "audit_entry VALUES (2, 1, '', '', '', '{}', '')"
REPLACE = (
    f"INSERT INTO {_OTHER} ON CONFLICT (number) DO UPDATE SET hash = ''"
    if ON_POSTGRESQL
    else f"INSERT OR REPLACE INTO {_OTHER}"
)
CHANGES = {
    "change": update(audit_entry).values(details="{}"),
    "drop": delete(audit_entry),
    "drop the last": delete(audit_entry).where(audit_entry.c.number == 3),
    "add elsewhere": insert(audit_entry).values(number=9, at=1, who="", what="", subject="", details="{}", hash=""),
    "replace": text(REPLACE),
    "go back": update(audit_chain).values(head_number=1),
    "drop the chain": delete(audit_chain),
    "drop what is young": text("DELETE FROM audit_entry WHERE number = (SELECT kept_after_number FROM audit_chain)"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to(change: str, store: Store) -> None:
    filled(store, NOW, NOW, NOW)
    with store.begin() as work:
        work.connection.execute(update(audit_chain).values(kept_after_number=1))
    with pytest.raises(IntegrityError), store.begin() as work:
        work.connection.execute(CHANGES[change])


TRICKS = {
    "changed": ("UPDATE audit_entry SET details = '{}' WHERE number = 2", 2),
    "dropped": ("DELETE FROM audit_entry WHERE number = 2", 2),
    "the last dropped": ("DELETE FROM audit_entry WHERE number = 4", 4),
    "the first dropped": ("DELETE FROM audit_entry WHERE number = 1", 1),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_what_somebody_does_without_the_triggers_is_found(trick: str, store: Store) -> None:
    filled(store, 1, 2, 3, 4)
    statement, broken = TRICKS[trick]
    with store.begin() as work:
        for number in range(6):
            table = "audit_entry" if number < 3 else "audit_chain"
            where = f" ON {table}" if ON_POSTGRESQL else ""
            work.connection.execute(text(f"DROP TRIGGER audit_rule_{number}{where}"))
        work.connection.execute(text(statement))
    assert verify(store).broken == broken


def test_a_head_that_was_noted_shows_a_chain_that_was_made_anew(store: Store) -> None:
    filled(store, 1, 2)
    noted = verify(store).head
    filled(store, 3)
    assert verify(store, noted).expected is True
    assert verify(store, Head(2, "f" * 64)).expected is False
    assert verify(store, Head(9, noted.hash)).expected is False


def test_what_is_old_is_dropped_and_the_rest_still_holds(store: Store) -> None:
    filled(store, OLD, OLD + 1, NOW, NOW)
    assert prune(store, 90, NOW) == 2
    verdict = verify(store)
    assert (verdict.kept, verdict.broken) == (3, None)
    assert [each.what for each in entries(store)] == ["audit.pruned", "sign_in.opened", "sign_in.opened"]


def test_all_can_be_dropped_when_all_is_old(store: Store) -> None:
    filled(store, OLD, OLD)
    assert prune(store, 90, NOW) == 2
    filled(store, NOW)
    assert (verify(store).kept, verify(store).broken) == (2, None)


def test_a_clock_that_is_years_ahead_drops_a_month_at_once(store: Store) -> None:
    filled(store, *(OLD + month * 30 * DAY_MS for month in range(6)), NOW)
    assert [prune(store, 90, NOW + 3_000 * DAY_MS) for _ in range(2)] == [2, 2]
    assert (verify(store).kept, verify(store).broken) == (5, None)


def test_nothing_is_written_where_nothing_is_old(store: Store) -> None:
    filled(store, NOW)
    assert prune(store, 90, NOW) == 0
    assert verify(store).kept == 1


def test_nothing_younger_than_90_days_is_dropped_whoever_asks(store: Store) -> None:
    filled(store, NOW - 80 * DAY_MS)
    with pytest.raises(IntegrityError, match="kept for 90 days"):
        prune(store, 1, NOW)
    assert (verify(store).kept, verify(store).broken) == (1, None)


def test_two_writers_at_once_make_one_chain(tmp_path: Path) -> None:
    url = database(tmp_path / "hub.db")
    # Two stores: as two processes have them, without a lock in common but the database's own.
    stores = [Store(open_engine(url)) for _ in range(2)]
    upgrade(open_engine(url))
    threads = [threading.Thread(target=filled, args=(store, *range(50))) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    verdict = verify(stores[0])
    assert (verdict.kept, verdict.broken) == (100, None)
    for store in stores:
        store.close()


WRITER = """
import sys
from hub.store.audit import AuditLog
from hub.store.opening import open_store
log, at = AuditLog(open_store(sys.argv[1])), 0
while True:
    log.write("hub", "test.written", "", {"at": at}, at)
    at += 1
    print(at, flush=True)
"""


def test_a_writer_that_is_killed_in_the_midst_leaves_a_chain_that_holds(tmp_path: Path) -> None:
    url, told = database(tmp_path / "hub.db"), 0
    for wait in (3, 8, 15):
        with subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(wait):
                writer.stdout.readline()
                told += 1
            writer.send_signal(signal.SIGKILL)
            told += len(writer.stdout.read().splitlines())
        store = Store(open_engine(url))
        verdict = verify(store)
        store.close()
        assert verdict.broken is None
        assert verdict.kept >= told

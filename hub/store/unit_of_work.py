"""One transaction: all of what happens in it is committed, or nothing.

Repositories are built on `UnitOfWork.connection`; readers take `Store.reading`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from sqlite3 import SQLITE_ERROR
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from hub.store.engine import WRITES
from hub.store.errors import StoreUnavailable
from hub.store.turns import Turns


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """A transaction that writes. Leaving its block commits it; an exception rolls it back.

    after  what is told to others once it is committed: calls that neither block nor fail
    """

    connection: Connection
    after: list[Callable[[], None]] = field(default_factory=list)


def tried(work: UnitOfWork, act: Callable[[], None]) -> Exception | None:
    """Do something so that what goes wrong in it is handed back, and leaves no trace in the transaction.

    Where the database itself cannot be written it raises: then nothing of the transaction can be kept.
    """
    told = len(work.after)
    try:
        with work.connection.begin_nested():
            act()
    except OperationalError:
        raise
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        del work.after[told:]
        return error
    return None


Fence = Callable[[Connection], None]
Listen = Callable[[float], list[str]]
_ALONE = text("SELECT pg_advisory_xact_lock(4713226581)")
"""Any number does that nobody else takes; PostgreSQL lets go of it when the transaction ends, however it ends."""
_BESIDE = text("SELECT pg_advisory_xact_lock_shared(4713226581)")


class Store:
    """Hands out transactions. One writes at a time, whatever processes share the database; readers never wait."""

    def __init__(self, engine: Engine, fence: Fence | None = None, turns: Turns | None = None) -> None:
        """`fence` is asked in each transaction that writes; what it raises ends it.

        turns  among the processes that share a file of SQLite, where there are several; closed with the store
        """
        self._engine, self._fence, self._turns = engine, fence, turns
        self._writing = engine.execution_options(**{WRITES: True})
        self._looking = engine
        self._shares = engine.dialect.name == "postgresql"
        if self._shares:
            # Without this, each statement there would see what was committed before it, and not one state for all.
            self._looking = engine.execution_options(isolation_level="REPEATABLE READ")
        # SQLite has one writer anyway. Waiting here is fair and silent, waiting there is polling until busy_timeout.
        self._one_writer = Lock()

    @contextmanager
    def begin(self, *, beside: bool = False) -> Iterator[UnitOfWork]:
        """A transaction to write in. Raises StoreUnavailable where the database cannot be written now.

        beside  it changes rows that other transactions of this kind do not: those of other processes need not wait for it
        """
        turn = self._turns.mine() if self._turns else nullcontext()
        with self._one_writer, turn, _ours(), self._writing.begin() as connection:
            if self._shares:
                connection.execute(_BESIDE if beside else _ALONE)
            if self._fence is not None:
                self._fence(connection)
            work = UnitOfWork(connection)
            yield work
        for told in work.after:
            told()

    @contextmanager
    def apart(self) -> Iterator[UnitOfWork]:
        """For rows that are written here alone: on PostgreSQL it waits for no other writer but of the same rows."""
        if not self._shares:
            with self.begin() as work:
                yield work
            return
        with _ours(), self._engine.begin() as connection:
            yield UnitOfWork(connection)

    @contextmanager
    def listening(self, channel: str) -> Iterator[Listen]:
        """On PostgreSQL: asked for so many seconds, what others have told on this channel since, in order."""
        with _ours(), self._engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            connection.detach()
            raw.autocommit = True
            raw.execute(f"LISTEN {channel}")
            yield lambda within_s: [each.payload for each in raw.notifies(timeout=within_s, stop_after=1)]

    def fenced(self, fence: Fence) -> "Store":
        """The same, where only those may write whom the fence lets through."""
        return Store(self._engine, fence)

    @property
    def can_be_shared(self) -> bool:
        """By several processes of a hub, which divide the work among them."""
        return self._shares

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and writes nothing."""
        with _ours(), self._looking.connect() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()
        if self._turns is not None:
            self._turns.close()


@contextmanager
def _ours() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == SQLITE_ERROR:
            # A statement that SQLite does not understand is our mistake: trying again would not help.
            raise
        raise StoreUnavailable(f"the database cannot be used: {error.orig}") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailable(f"the database is gone: {error.orig}") from error
        raise

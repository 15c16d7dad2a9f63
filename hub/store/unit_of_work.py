"""One transaction: all of what happens in it is committed, or nothing.

Repositories are built on `UnitOfWork.connection`; readers take `Store.reading`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from sqlite3 import SQLITE_ERROR
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from hub.store.engine import WRITES
from hub.store.errors import StoreUnavailable


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


class Store:
    """Hands out transactions. Within this process one writes at a time; readers never wait."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})
        # SQLite has one writer anyway. Waiting here is fair and silent, waiting there is polling until busy_timeout.
        self._one_writer = Lock()

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """A transaction to write in. Raises StoreUnavailable where the database cannot be written now."""
        with self._one_writer, _ours(), self._writing.begin() as connection:
            work = UnitOfWork(connection)
            yield work
        for told in work.after:
            told()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and writes nothing."""
        with _ours(), self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()


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

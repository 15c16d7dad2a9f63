"""The database of a replay: fast instead of safe against power cuts, and it remembers how far the replay has come.

It holds nothing that the recording does not: after a power cut the replay is begun again.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, PoolProxiedConnection, event, insert, inspect, text

from hub.core.equipment import NodeKey
from hub.store import put_aside
from hub.store.engine import open_engine, upgrade
from hub.store.errors import NoScratch
from hub.store.tables import node
from hub.store.unit_of_work import Store, UnitOfWork

_PRAGMAS = ("synchronous=OFF", "cache_size=-16384", "foreign_keys=OFF")
_TABLES = (
    "CREATE TABLE IF NOT EXISTS replay_mark (id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS replay_repeat (number INTEGER PRIMARY KEY)",
    *put_aside.TABLES,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a replay has come.

    source   what it replays: nothing else may go on here
    sorted   its lines had to be sorted first
    lines    so many of them, in their order, are done
    newest   the newest effective arrival among them
    repeats  numbers of those among the last of them that repeated others
    """

    source: str
    sorted: bool = False
    lines: int = 0
    newest: int = 0
    repeats: tuple[int, ...] = ()


class ScratchStore(Store):
    """A store of one thread. `mark` and `lines` are written by the next transaction: all are committed, or nothing."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.mark: Mark | None = None
        self.lines: put_aside.Lines | None = None
        self._put_aside = put_aside.PutAside()

    @contextmanager
    def begin(self, *, beside: bool = False) -> Iterator[UnitOfWork]:
        with super().begin(beside=beside) as work:
            yield work
            if self.mark is not None:
                _write(work, self.mark, self.lines)
        self.mark, self.lines = None, None
        self._put_aside.forget()

    def read_mark(self) -> Mark | None:
        """What the last finished transaction left, without the repeats."""
        with self.reading() as connection:
            body = connection.execute(text("SELECT body FROM replay_mark")).scalar_one_or_none()
        return None if body is None else Mark(**orjson.loads(body))

    def repeats(self) -> frozenset[int]:
        """Numbers of all lines that repeated others, up to the mark."""
        with self.reading() as connection:
            return frozenset(connection.execute(text("SELECT number FROM replay_repeat")).scalars())

    def told_for(self, t: int) -> Iterator[bytes]:
        """The lines of this event time that were put aside."""
        driver: Any = self._asking.driver_connection
        return self._put_aside.told_for(driver, t)

    def close(self) -> None:
        if "_asking" in self.__dict__:
            self._asking.close()
        super().close()

    @cached_property
    def _asking(self) -> PoolProxiedConnection:
        """A connection for questions. It is in no transaction: each sees what is committed by then."""
        return self._engine.raw_connection()


def open_scratch(path: Path) -> ScratchStore:
    """A replay's database, new or kept from before. Raises StoreError."""
    new = not path.exists() or not path.stat().st_size
    engine = open_engine(f"sqlite:///{path}")
    if not new and not inspect(engine).has_table("replay_mark"):
        engine.dispose()
        raise NoScratch(f"{path} is no database of a replay, and is left as it is; name a new file")

    @event.listens_for(engine, "connect")
    def _relax(connection: Any, _record: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    engine.dispose()
    with engine.begin() as connection:
        for table in _TABLES:
            connection.execute(text(table))
    upgrade(engine)
    return ScratchStore(engine)


def add_nodes(scratch: ScratchStore, nodes: Iterable[NodeKey]) -> None:
    """Nodes of elsewhere, so that tickets can be about them."""
    rows = [{"group": key.group, "name": key.name, "school": key.school, "properties": {}} for key in nodes]
    if rows:
        with scratch.begin() as work:
            work.connection.execute(insert(node), rows)


def _write(work: UnitOfWork, mark: Mark, lines: put_aside.Lines | None) -> None:
    body = {"source": mark.source, "sorted": mark.sorted, "lines": mark.lines, "newest": mark.newest}
    work.connection.execute(
        text("INSERT OR REPLACE INTO replay_mark VALUES (1, :body)"), {"body": orjson.dumps(body).decode()}
    )
    if lines is not None:
        lines.write(work.connection)
    if mark.repeats:
        work.connection.execute(
            text("INSERT OR IGNORE INTO replay_repeat VALUES (:number)"), [{"number": each} for each in mark.repeats]
        )

"""The database of a test: SQLite, or PostgreSQL where DLTV_TEST_STORE=postgresql is set (`make test-postgresql`)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hub.store.engine import open_engine, upgrade
from tests.postgresql import databases

ON_POSTGRESQL = os.environ.get("DLTV_TEST_STORE", "sqlite") == "postgresql"


def database(path: Path, like: Path | None = None) -> str:
    """The URL of the database that belongs to this file, the same at every call. `like` another when it is made.

    It holds the tables at once. How they come to be, those of the migrations test on files of their own.
    """
    if ON_POSTGRESQL:
        return databases().at(path, like)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(_empty() if like is None else like.read_bytes())
    return f"sqlite:///{path}"


@contextmanager
def brief_database() -> Iterator[str]:
    """The URL of a database that holds empty tables, for as long as the block: for tests that use up many."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hub.db"
        yield database(path)
        if ON_POSTGRESQL:
            databases().drop(path)


@cache
def _empty() -> bytes:
    """A database without rows: to make one takes longer than all that is tried on it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hub.db"
        engine = open_engine(f"sqlite:///{path}")
        upgrade(engine)
        engine.dispose()
        return path.read_bytes()

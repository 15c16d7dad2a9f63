"""A database for one benchmark: a file, or a PostgreSQL of its own as Debian delivers it. Both keep what they say they keep."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import postmaster
from tests.postgresql import DELIVERED, Cluster


@dataclass(frozen=True, slots=True)
class Database:
    """server: the process to which its own work is charged; a file has none"""

    url: str
    server: int | None = None


@contextmanager
def database(store: str, folder: Path) -> Iterator[Database]:
    """`store`: sqlite or postgresql. `folder`: where the file is."""
    if store == "sqlite":
        yield Database(f"sqlite:///{folder / 'hub.db'}")
        return
    cluster = Cluster(DELIVERED)
    try:
        cluster.does("CREATE DATABASE bench")
        yield Database(cluster.url("bench"), postmaster(cluster.folder))
    finally:
        cluster.remove()

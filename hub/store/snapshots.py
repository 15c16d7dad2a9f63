"""The database as one file, taken while the hub runs, and put back: SQLite by its backup interface, PostgreSQL by its tools."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from hub.store.engine import place_of
from hub.store.errors import StoreUnavailable

SQLITE, POSTGRESQL = "database.sqlite3", "database.pgdump"
_ASIDE = "before_restore"
_BACK = (f"ALTER SCHEMA {_ASIDE} RENAME TO public",)
"""The schema that holds, while another database is put in its place, what was there."""
_PAGES = 4096
"""Copied at a time: the hub's writers wait for no longer than that takes."""
_WITHIN_S = 4 * 3600.0


def snapshot(url: str, folder: Path) -> Path:
    """One state of the database as a file of this folder. Raises StoreUnavailable."""
    place = place_of(url)
    return _sqlite_out(place, folder / SQLITE) if _is_sqlite(place) else _postgresql_out(place, folder / POSTGRESQL)


def put_back(url: str, file: Path) -> None:
    """What is in the database goes: it is to be empty, or missing. Raises StoreUnavailable."""
    place = place_of(url)
    if (file.name == SQLITE) is not _is_sqlite(place):
        raise StoreUnavailable(
            f"the backup holds {file.name}, which is no {place.get_backend_name()}; name the right database in store.url"
        )
    (_sqlite_in if _is_sqlite(place) else _postgresql_in)(place, file)


def sqlite_file(url: str) -> Path | None:
    """Where the database is, if it is a file."""
    place = place_of(url)
    return Path(place.database) if _is_sqlite(place) and place.database else None


def _is_sqlite(place: URL) -> bool:
    return place.get_backend_name() == "sqlite"


def _sqlite_out(place: URL, into: Path) -> Path:
    source = Path(place.database or "")
    if not source.is_file():
        raise StoreUnavailable(f"{source}: there is no such database; name the hub's with --data-dir or --config")
    _copy(source, into)
    return into


def _sqlite_in(place: URL, file: Path) -> None:
    _copy(file, Path(place.database or ""))


def _copy(source: Path, into: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(into)) as new,
        ):
            old.backup(new, pages=_PAGES, sleep=0.01)
            found = new.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{source} cannot be copied: {error}") from None
    if found != ("ok",):
        raise StoreUnavailable(f"{source} is damaged ({found[0]}); put an earlier backup in its place")


def _postgresql_out(place: URL, into: Path) -> Path:
    _tool(place, "pg_dump", "--format=custom", "--no-owner", f"--file={into}")
    return into


def _postgresql_in(place: URL, file: Path) -> None:
    with _old_aside(place):
        _tool(place, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
              f"--dbname={_without_password(place)}", str(file), named=False)  # fmt: skip


@contextmanager
def _old_aside(place: URL) -> Iterator[None]:
    """An empty database for the block; what was in it comes back if that fails, and goes if it does not.

    pg_restore could clear it by itself, but not where tables have partitions.
    """
    _does(place, *_put_aside(place))
    restored = False
    try:
        yield
        restored = True
    finally:
        _does(place, f"DROP SCHEMA {_ASIDE if restored else 'public'} CASCADE", *(() if restored else _BACK))


def _put_aside(place: URL) -> tuple[str, ...]:
    """A restore that was killed has left the old database aside already, and half of another one in its place."""
    found = _does(place, f"SELECT 1 FROM pg_namespace WHERE nspname = '{_ASIDE}'")  # noqa: S608  a name of our own
    away = "DROP SCHEMA public CASCADE" if found else f"ALTER SCHEMA public RENAME TO {_ASIDE}"
    return away, "CREATE SCHEMA public"


def _does(place: URL, *statements: str) -> list[Any]:
    """In one transaction. What the last one answers. Raises StoreUnavailable."""
    engine = create_engine(place)
    try:
        with engine.begin() as connection:
            answers = [connection.execute(text(each)) for each in statements]
            return list(answers[-1]) if answers[-1].returns_rows else []
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the database cannot be cleared: {getattr(error, 'orig', error)}") from None
    finally:
        engine.dispose()


def _tool(place: URL, program: str, *arguments: str, named: bool = True) -> None:
    """The password goes by the environment: arguments can be read by everybody on the machine."""
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    if place.password:
        environment["PGPASSWORD"] = str(place.password)
    database = [f"--dbname={_without_password(place)}"] if named else []
    try:
        done = subprocess.run(  # noqa: S603  a fixed program, arguments of the operator's own settings
            [program, *database, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StoreUnavailable(f"{program} does not run: {error}; install postgresql-client") from None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise StoreUnavailable(f"{program}: {said}")


def _without_password(place: URL) -> str:
    """As PostgreSQL's own programs read it."""
    return place.set(drivername="postgresql", password=None).render_as_string(hide_password=False)

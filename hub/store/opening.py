"""The database as a hub opens it, of the newest version whatever it was; and as those do who work beside a hub."""

import os
from contextlib import suppress
from pathlib import Path

from hub.store.engine import open_engine, place_of, upgrade, version_of
from hub.store.errors import StoreError, StoreUnavailable
from hub.store.migrations import HEAD
from hub.store.turns import Turns
from hub.store.unit_of_work import Store


def open_store(url: str, beside: Path | None = None) -> Store:
    """Made where it is missing, brought up to date where it is old. Raises StoreError.

    beside  the hub's directory, where several of its processes write: on SQLite they take turns there
    """
    make_private(url)
    engine = open_engine(url)
    upgrade(engine)
    return Store(engine, turns=_turns(url, beside))


def open_there(url: str, beside: Path | None = None) -> Store:
    """A hub's database that is there and of this release; nothing is made or brought up to date. Raises StoreError."""
    place = place_of(url)
    if place.get_backend_name() == "sqlite" and place.database and not Path(place.database).is_file():
        raise StoreUnavailable(
            f"{place.database}: there is no such database; name the hub's with --data-dir or --config"
        )
    engine = open_engine(url)
    if version_of(engine) != HEAD:
        engine.dispose()
        shown = place.render_as_string(hide_password=True)
        raise StoreError(f"the database {shown} is not of this release; bring it up to date with dltv-hub migrate")
    return Store(engine, turns=_turns(url, beside))


def _turns(url: str, beside: Path | None) -> Turns | None:
    """Other databases than SQLite let writers wait for each other themselves."""
    return Turns(beside) if beside is not None and place_of(url).get_backend_name() == "sqlite" else None


def make_private(url: str) -> None:
    """A file of SQLite holds hashes of passwords and sessions: nobody else reads it, nor what SQLite puts beside it."""
    place = place_of(url)
    if place.get_backend_name() == "sqlite" and place.database:
        # What else is wrong with it, opening it tells.
        with suppress(OSError):
            os.close(os.open(place.database, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))

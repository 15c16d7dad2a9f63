"""Opens the two databases of a move, and sees to it that no hub works on either of them meanwhile."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import ArgumentError

from hub.store.directory import DataDirectory
from hub.store.engine import open_engine, place_of
from hub.store.errors import BadStoreUrl, StoreUnavailable
from hub.store.moving import Move, NotMoved, Progress
from hub.store.opening import make_private

_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'dltv-hub' AND pid <> ALL(:ours)"
)


def move(source: str, target: str, progress: Progress) -> int:
    """All rows of one database into another; how many. Raises StoreError."""
    old, new = _place(source), _place(target)
    if old.get_backend_name() == "sqlite" and not Path(old.database or "").is_file():
        raise StoreUnavailable(f"{old.database}: there is no such database; name the hub's with --from sqlite:///FILE")
    if old == new:
        raise NotMoved("both are the same database; name another one with --to")
    with ExitStack() as held:
        engines = [held.enter_context(_held(place)) for place in (old, new)]
        return Move(*engines).run(progress)


def _place(url: str) -> URL:
    try:
        return place_of(url)
    except ArgumentError as error:
        raise BadStoreUrl(f"{url}: no database is named like that: {error}") from None


@contextmanager
def _held(place: URL) -> Iterator[Engine]:
    with ExitStack() as held:
        if place.get_backend_name() == "sqlite":
            held.callback(DataDirectory(Path(place.database or "").absolute().parent).release)
        url = place.render_as_string(hide_password=False)
        make_private(url)
        engine = open_engine(url)
        held.callback(engine.dispose)
        if place.get_backend_name() == "postgresql":
            _refuse_running(engine)
        yield engine


def _refuse_running(engine: Engine) -> None:
    with engine.connect() as connection:
        ours = [connection.execute(text("SELECT pg_backend_pid()")).scalar_one()]
        if connection.execute(_OTHERS, {"ours": ours}).scalar_one():
            shown = engine.url.render_as_string(hide_password=True)
            raise StoreUnavailable(f"a hub, or another of its commands, works on {shown}; stop it, and move again")

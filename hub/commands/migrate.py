"""`dltv-hub migrate`: bring the database up to date, or move it into another, and end."""

import argparse
import sys
import time

from hub.commands.options import add_settings, settings_of
from hub.store.directory import DataDirectory
from hub.store.errors import StoreError
from hub.store.migrations import HEAD
from hub.store.opening import open_store

HELP = "bring the database up to date, or move it into another, and end"
_TELL_EVERY_S = 1.0


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--from", dest="source", metavar="URL", help="the database that is to be moved: sqlite:///FILE")
    parser.add_argument(
        "--to", dest="target", metavar="URL", help="an empty one: postgresql://USER:PASSWORD@HOST/NAME; or back"
    )


def run(options: argparse.Namespace) -> int:
    if options.source or options.target:
        return _move(options)
    settings = settings_of(options)
    directory = DataDirectory(settings.data_dir)
    open_store(settings.store_url).close()
    directory.release()
    print(f"the database is of version {HEAD}")
    return 0


def _move(options: argparse.Namespace) -> int:
    """Stopped at any point it goes on where it was, when it is typed again."""
    if not (options.source and options.target):
        raise StoreError("a move has two ends: name the one with --from URL, and the other with --to URL")
    from hub.store.moving_between import move

    rows = move(options.source, options.target, _Progress().tell)
    print(f"{rows} rows were moved, and are the same on both sides; now name the new database with store.url")
    return 0


class _Progress:
    """A line now and then, and one for each table that is done."""

    def __init__(self) -> None:
        self._told_at = 0.0

    def tell(self, table: str, done: int, total: int) -> None:
        now = time.monotonic()
        if total and (done == total or now - self._told_at >= _TELL_EVERY_S):
            self._told_at = now
            print(f"{table}: {done} of {total}", file=sys.stderr, flush=True)

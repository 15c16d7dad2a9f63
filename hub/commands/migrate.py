"""`dltv-hub migrate`: bring the database up to date, and end."""

import argparse

from hub.commands.options import add_settings, settings_of
from hub.store.directory import DataDirectory
from hub.store.migrations import HEAD
from hub.store.opening import open_store

HELP = "bring the database up to date, and end"


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    directory = DataDirectory(settings.data_dir)
    open_store(settings.store_url).close()
    directory.release()
    print(f"the database is of version {HEAD}")
    return 0

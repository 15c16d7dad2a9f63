"""`dltv-hub historian`: the server of long history.

A hub that has one in its settings sends it everything that is kept by itself. `backfill` sends all of it once more: to a new
server, or to one that was restored from an old backup. The hub may run meanwhile.
"""

import argparse
import sys
from contextlib import closing

from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, settings_of
from hub.config import HubSettings
from hub.historian.errors import HistorianError
from hub.historian.server import Server
from hub.office.exporting import Exporting
from hub.store.exports import Exports
from hub.store.opening import open_there

HELP = "the server of long history: backfill"


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add_settings(verbs.add_parser("backfill", help="send everything that is kept once more"))


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    if settings.historian.url is None:
        raise CommandMistake("there is no server of long history; set [historian] url in hub.toml")
    return _backfill(settings)


def _backfill(settings: HubSettings) -> int:
    with closing(open_there(settings.store_url)) as store, closing(Server(settings.historian)) as server:
        exports = Exports(store)
        exports.forget()
        exporting, whole = Exporting(exports, server), exports.left()
        try:
            while exporting.step():
                _progress(whole - exports.left(), whole)
        except HistorianError as error:
            print(
                f"dltv-hub: {error}; what is missing is sent by the hub when it runs, or by this once more",
                file=sys.stderr,
            )
            return 1
    print(f"{whole} reports are there")
    return 0


def _progress(done: int, whole: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {whole} reports", end="" if done < whole else "\n", file=sys.stderr, flush=True)

"""`dltv-hub db`: the database itself. `aggregate` works the hours out anew that the charts of long spans are made of."""

import argparse
import sys
from contextlib import closing

from hub.commands.options import add_settings, settings_of
from hub.mqtt.host_client import utc_ms
from hub.store.folding import fold_again
from hub.store.opening import open_there

HELP = "the database itself: aggregate"


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    folded = verbs.add_parser(
        "aggregate",
        help="work the hours of all reports that are there out anew, also while the hub runs; hours whose reports "
        "are gone stay as they are",
    )
    add_settings(folded)


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    with closing(open_there(settings.store_url)) as store:
        folded = fold_again(store, utc_ms(), _progress if sys.stderr.isatty() else _silent)
    print(
        f"{folded} reports are in the hours that they belong to; those of hours that are not over follow by themselves"
    )
    return 0


def _progress(done: int, total: int) -> None:
    print(f"\r{done} of {total} reports", end="" if done < total else "\n", file=sys.stderr, flush=True)


def _silent(_done: int, _total: int) -> None:
    pass

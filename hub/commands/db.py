"""`dltv-hub db`: the database itself.

`aggregate` works the hours out anew that the charts of long spans are made of; `size` tells what takes how much room, and what
of it is going to be free.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

from hub.commands.options import add_settings, settings_of
from hub.config import HubSettings
from hub.mqtt.host_client import utc_ms
from hub.store.opening import open_there
from hub.store.pruning import pruned_before
from hub.store.refolding import fold_again
from hub.store.sizes import Sizes, TableSize, sizes_of
from hub.store.unit_of_work import Store

HELP = "the database itself: aggregate, size"
_DAY_MS = 86_400_000
_SMALL = 5
"""So many tables are told one by one, beside those of reports and hours."""
_TELLING = ("report", "report_chunk", "hourly")


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    folded = verbs.add_parser(
        "aggregate",
        help="work the hours of all reports that are there out anew, also while the hub runs; hours whose reports "
        "are gone stay as they are",
    )
    sized = verbs.add_parser("size", help="what takes how much room, table by table, and what pruning will free")
    for verb in (folded, sized):
        add_settings(verb)


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    with closing(open_there(settings.store_url)) as store:
        if options.verb == "size":
            _tell_sizes(store, settings)
        else:
            _aggregate(store)
    return 0


def _aggregate(store: Store) -> None:
    folded = fold_again(store, utc_ms(), _progress if sys.stderr.isatty() else _silent)
    print(
        f"{folded} reports are in the hours that they belong to; those of hours that are not over follow by themselves"
    )


def _tell_sizes(store: Store, settings: HubSettings) -> None:
    now, days = utc_ms(), settings.store.report_days
    with store.reading() as connection:
        sizes = sizes_of(connection, pruned_before(now, round(days * _DAY_MS)))
    print("\n".join([*_table(sizes), "", *_told(sizes, now, days)]))


def _table(sizes: Sizes) -> Iterator[str]:
    yield f"{'table':<16}{'rows':>14}{'kB':>12}{'B a row':>10}{'B a value':>11}"
    single = [each for each in sizes.tables if each.name in _TELLING]
    others = [each for each in sizes.tables if each.name not in _TELLING]
    for each in [*single, *others[:_SMALL]]:
        yield _line(each)
    rest = others[_SMALL:]
    yield _line(TableSize(f"{len(rest)} others", sum(each.rows for each in rest), sum(each.bytes for each in rest)))
    yield _line(TableSize("all", sum(each.rows for each in sizes.tables), sum(each.bytes for each in sizes.tables)))


def _line(each: TableSize) -> str:
    row = f"{each.bytes / each.rows:.0f}" if each.rows else ""
    value = f"{each.bytes / each.values:.1f}" if each.values else ""
    return f"{each.name:<16.16}{each.rows:>14,}{each.bytes / 1000:>12,.0f}{row:>10}{value:>11}".rstrip()


def _told(sizes: Sizes, now: int, days: float) -> Iterator[str]:
    if sizes.since is None or not sizes.values:
        yield "There are no reports."
    else:
        kept = (now - sizes.since) / _DAY_MS
        each = sizes.bytes_of_values / sizes.values
        since = datetime.fromtimestamp(sizes.since / 1000, UTC).isoformat(" ", "minutes")
        yield f"Reports since {since} ({kept:.1f} days): {sizes.values:,} values, {each:.1f} bytes each, indexes included."
    yield (
        f"Reports older than {days:g} days go by themselves ([store] report_days): {sizes.old_reports:,} now, "
        f"which frees {sizes.old_bytes / 1000:,.0f} kB. Hours stay for ever."
    )
    if sizes.free:
        yield f"{sizes.free / 1000:,.0f} kB in the file are free and will be used again."


def _progress(done: int, total: int) -> None:
    print(f"\r{done} of {total} reports", end="" if done < total else "\n", file=sys.stderr, flush=True)


def _silent(_done: int, _total: int) -> None:
    pass

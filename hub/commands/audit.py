"""`dltv-hub audit`: read the record of what changed trust, and prove that nobody has changed it."""

import argparse
from contextlib import closing

from hub.accounts.audit import Head
from hub.accounts.settings import DAY_MS
from hub.commands.columns import in_columns, moment
from hub.commands.options import add_settings, settings_of
from hub.mqtt.host_client import utc_ms
from hub.store.audit import Wanted, entries, verify
from hub.store.opening import open_there
from hub.store.unit_of_work import Store

HELP = "the record of sign-ins and changes: verify, list"
BROKEN = 1


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    checked = verbs.add_parser("verify", help="compute the whole chain again; exit code 1 where it was changed")
    checked.add_argument(
        "--noted", type=_head, metavar="NUMBER:HASH", help="what an earlier run told: it must still be in the chain"
    )
    listed = verbs.add_parser("list", help="what was done, the newest last")
    listed.add_argument("--what", metavar="CODE", help="such as sign_in or sign_in.wrong")
    listed.add_argument("--who", metavar="KIND:ID", help="such as person:7")
    listed.add_argument("--subject", metavar="KIND:ID", help="to what it was done")
    listed.add_argument("--days", type=float, metavar="N", help="only the last days")
    listed.add_argument("--limit", type=int, default=100, metavar="N", help="no more than so many (100)")
    for each in (checked, listed):
        add_settings(each)


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    with closing(open_there(settings.store_url)) as store:
        if options.verb == "verify":
            return _verify(store, options.noted)
        since = None if options.days is None else utc_ms() - int(options.days * DAY_MS)
        found = entries(store, Wanted(options.what, options.subject, options.who, since), options.limit)
    rows = [(each.number, moment(each.at, settings), each.who, each.what, each.subject, each.details) for each in found]
    print(*in_columns(reversed(rows)), sep="\n")
    return 0


def _verify(store: Store, noted: Head | None) -> int:
    verdict = verify(store, noted)
    if verdict.broken is not None:
        print(f"the audit is broken: entry {verdict.broken} is not as it was written, or is missing")
        return BROKEN
    if verdict.expected is False:
        print(f"the audit was made anew: {noted} is not in the chain")
        return BROKEN
    print(f"the audit holds: {verdict.kept} entries. Note the last one elsewhere, for --noted: {verdict.head}")
    return 0


def _head(text: str) -> Head:
    number, _, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise argparse.ArgumentTypeError("write NUMBER:HASH, as audit verify tells it")
    return Head(int(number), digest)

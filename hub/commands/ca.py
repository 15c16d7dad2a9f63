"""`dltv-hub ca`: the authority by which hub and computers trust each other. A hub that runs follows within seconds."""

import argparse
from collections import Counter
from contextlib import closing

from hub.commands.columns import in_columns, moment
from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, settings_of
from hub.config import HubSettings
from hub.core.people import AT_THE_CONSOLE
from hub.enrolment.views import AgentState
from hub.mqtt.host_client import utc_ms
from hub.pki.authority import Authority
from hub.pki.certificates import ms
from hub.pki.roots import Root
from hub.store.audit import AuditLog
from hub.store.enrolment_views import EnrolmentViews
from hub.store.opening import open_there
from hub.store.unit_of_work import Store
from hub.trust.opening import open_authority

HELP = "the authority: show, rotate, retire"


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    show = verbs.add_parser(
        "show", help="its roots, their fingerprints, and how many computers hold certificates of each"
    )
    rotate = verbs.add_parser("rotate", help="a new root takes over; the earlier ones go on to count")
    retire = verbs.add_parser("retire", help="the oldest root counts no more")
    retire.add_argument("number", type=int, metavar="NUMBER", help="as `show` tells it")
    retire.add_argument("--even-so", action="store_true", help="although computers hold certificates of it")
    for each in (show, rotate, retire):
        add_settings(each)


def run(options: argparse.Namespace) -> int:
    settings, now = settings_of(options), utc_ms()
    with closing(open_there(settings.store_url)) as store:
        authority = open_authority(settings.data_dir / "pki", store, now)
        held = _holders(store, now)
        if options.verb == "rotate":
            _rotate(authority, store, now)
        elif options.verb == "retire":
            _retire(options, authority, store, held, now)
        print("\n".join(_table(authority, held, settings)))
    return 0


def _rotate(authority: Authority, store: Store, now: int) -> None:
    root = authority.rotate(now)
    AuditLog(store).write(AT_THE_CONSOLE, "ca.rotated", f"root:{root.number}", {"fingerprint": root.fingerprint}, now)


def _retire(options: argparse.Namespace, authority: Authority, store: Store, held: Counter[str], now: int) -> None:
    root = next((each for each in authority.roots if each.number == options.number), None)
    holders = held[root.fingerprint] if root else 0
    if holders and not options.even_so:
        raise CommandMistake(
            f"{holders} computers hold certificates of root {options.number} and would each need a new code; "
            "wait until they have renewed (see `dltv-hub enrol list`), or say --even-so"
        )
    authority.retire(options.number)
    if root is not None:
        AuditLog(store).write(
            AT_THE_CONSOLE, "ca.retired", f"root:{root.number}", {"fingerprint": root.fingerprint}, now
        )


def _holders(store: Store, now: int) -> Counter[str]:
    """How many computers that count hold their newest certificate of each root, by its fingerprint."""
    agents = EnrolmentViews(store).agents(now)
    return Counter(each.issuer for each in agents if each.state is not AgentState.REVOKED)


def _table(authority: Authority, held: Counter[str], settings: HubSettings) -> list[str]:
    rows: list[tuple[object, ...]] = [("root", "since", "until", "computers", "", "fingerprint (SHA-256)")]
    return in_columns(rows + [_row(root, authority, held, settings) for root in authority.roots])


def _row(root: Root, authority: Authority, held: Counter[str], settings: HubSettings) -> tuple[object, ...]:
    begin, end = root.certificate.not_valid_before_utc, root.certificate.not_valid_after_utc
    role = "issues" if root is authority.active else "counts"
    since, until = (moment(ms(each), settings)[:10] for each in (begin, end))
    return root.number, since, until, str(held[root.fingerprint]), role, root.fingerprint

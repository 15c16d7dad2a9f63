"""`dltv-hub enrol`: one-time codes for computers of schools, and what became of them."""

import argparse
import sys
from contextlib import closing

from hub.commands.columns import in_columns, moment
from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, one_group, settings_of
from hub.config import HubSettings
from hub.core.people import AT_THE_CONSOLE
from hub.enrolment.codes import Standing
from hub.enrolment.nodes import Purpose, Skipped
from hub.enrolment.office import Batch
from hub.enrolment.views import TroubleView
from hub.mqtt.host_client import utc_ms
from hub.pki.authority import Authority
from hub.store.opening import open_there
from hub.store.schools import SchoolRegister
from hub.trust.installing import fetching_of
from hub.trust.office import Office, Order
from hub.trust.opening import open_authority
from provisioning.core.contract import show_code

HELP = "one-time codes for computers of schools: batch, list"
_LATELY_MS = 30 * 86_400_000
_IMPORT = "take its list over first: dltv-hub schools import FILE --apply"
_WHY = {
    Skipped.HAS_COMPUTER: "it has a computer: say --further for one more, or --replace in place of it",
    Skipped.NO_COMPUTER: "there is no computer of this name",
    Skipped.NAME_TAKEN: "another district, or the hub itself, goes by this name",
    Skipped.TWICE: "named twice",
}


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    batch = verbs.add_parser("batch", help="new codes; they are shown once, and kept nowhere")
    batch.add_argument("--schools", nargs="+", required=True, metavar="CODE", help="with --replace: names of computers")
    batch.add_argument("--days", type=float, metavar="N", help="how long they are good (default: enrolment.code_days)")
    batch.add_argument("--note", default="", help="to tell this batch from others")
    purpose = batch.add_mutually_exclusive_group()
    for each, told in (
        (Purpose.FURTHER, "one more computer for each"),
        (Purpose.REPLACE, "in place of the one there is"),
    ):
        purpose.add_argument(f"--{each.value}", dest="purpose", action="store_const", const=each, help=told)
    listed = verbs.add_parser("list", help="computers, open codes, and who wanted to be somebody else")
    for verb in (batch, listed):
        verb.add_argument("--group", metavar="G", help="the district; without it the only one of the hub")
        add_settings(verb)


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    with closing(open_there(settings.store_url)) as store:
        office = Office(store, settings)
        if options.verb == "list":
            return _list(options, settings, office)
        # First: without it, whoever has a code could not join.
        authority = open_authority(settings.data_dir / "pki", store, utc_ms())
        made = _batch(options, settings, office)
        if made.codes and not SchoolRegister(store).known(one_group(options.group, settings)):
            print(
                f"dltv-hub: the register has no schools, so no code of a school was checked; {_IMPORT}", file=sys.stderr
            )
    _tell(made, settings)
    _tell_lines(made, settings, authority)
    print(f"the hub's fingerprint: {authority.active.fingerprint}")
    return 0 if made.codes else 2


def _batch(options: argparse.Namespace, settings: HubSettings, office: Office) -> Batch:
    if options.days is not None and not 0 < options.days <= 365:
        raise CommandMistake("--days: a code is good for more than nothing and at most 365 days")
    schools = [school for given in options.schools for school in given.split(",") if school]
    group, now = one_group(options.group, settings), utc_ms()
    order = Order(group, schools, options.purpose or Purpose.FIRST, options.days, options.note)
    made = office.make_batch(order, AT_THE_CONSOLE, now)
    unknown = [wanted for wanted, skipped in made.skipped if skipped is Skipped.UNKNOWN_SCHOOL]
    if unknown:
        print(f"dltv-hub: no code for {', '.join(unknown)}: not in the register of {group}; {_IMPORT}", file=sys.stderr)
    for wanted, skipped in made.skipped:
        if skipped is not Skipped.UNKNOWN_SCHOOL:
            print(f"dltv-hub: {wanted}: no code; {_WHY[skipped]}", file=sys.stderr)
    return made


def _tell(made: Batch, settings: HubSettings) -> None:
    rows = [(each.node.name, show_code(each.code), f"until {moment(each.expires_at, settings)}") for each in made.codes]
    print("\n".join(in_columns(rows)))
    if any(each.took_back for each in made.codes):
        print("earlier codes of these computers are good no more")


def _tell_lines(made: Batch, settings: HubSettings, authority: Authority) -> None:
    """What is pasted at each computer; for Windows one example, as most have Linux."""
    if not made.codes:
        return
    try:
        fetching = fetching_of(settings, authority)
    except LookupError as error:
        print(f"dltv-hub: there is no line to paste: {error}", file=sys.stderr)
        return
    for each in made.codes:
        print(f"\n{each.node.name}, on its computer with Linux:\n  {fetching.linux(show_code(each.code))}")
    print(f"\nwith Windows, in PowerShell as administrator, each with its code:\n  {fetching.windows('CODE')}\n")


def _list(options: argparse.Namespace, settings: HubSettings, office: Office) -> int:
    group = one_group(options.group, settings) if options.group else None
    now = utc_ms()
    agents = [
        (
            each.node,
            each.state.value,
            f"until {moment(each.expires_at, settings)}",
            each.revoked_why or each.school_name,
        )
        for each in office.views.agents(now, group)
    ]
    codes = [
        (each.node, "code", f"until {moment(each.expires_at, settings)}", each.school_name)
        for batch in office.views.batches(now, group)
        for each in batch.codes
        if each.standing is Standing.OPEN
    ]
    troubles = [
        (each.node, each.what, f"{moment(each.last_at, settings)}, {each.times} times", _source(each))
        for each in office.views.troubles(now - _LATELY_MS, group)
    ]
    print("\n".join(in_columns([*agents, *codes, *troubles])) or "nobody was enrolled yet")
    return 0


def _source(trouble: TroubleView) -> str:
    """Of those that only births tell, the address is not known."""
    if trouble.address or trouble.hardware is None:
        return f"from {trouble.address}" if trouble.address else ""
    return f"{trouble.hardware.model} {trouble.hardware.serial}".strip()

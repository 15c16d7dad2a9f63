"""`dltv-hub rollout …`: bring something that is signed to the schools' computers, in waves; look at it, hold it, end it.

Works beside a running hub, which carries on within seconds.
"""

import argparse
from datetime import UTC, datetime

from hub.commands.options import add_settings, settings_of, the_store
from hub.core.people import AT_THE_CONSOLE
from hub.mqtt.host_client import utc_ms
from hub.releases.errors import ReleaseMistake
from hub.rolling.service import Rolling, Wish
from hub.rolling.side import rolling_of
from hub.rollouts.events import What
from hub.rollouts.refusals import RolloutRefused
from hub.rollouts.rollout import Kind, Rollout, Standing
from hub.store.rollouts import RolloutRows
from hub.store.unit_of_work import Store

HELP = "bring releases, settings and profiles to the schools' computers, in waves"
_DEEDS = {"pause": What.PAUSED, "resume": What.RESUMED, "abort": What.ABORTED}


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="start|status|pause|resume|abort")
    start = verbs.add_parser("start", help="begin with one computer; the next wave follows when all of it are well")
    start.add_argument("kind", choices=[kind.value for kind in Kind], help="what is rolled out")
    start.add_argument("version", metavar="VERSION", help="as dltv-hub release list names it")
    start.add_argument("--group", metavar="G", help="the district; without it the only one of the hub")
    start.add_argument("--node", action="append", metavar="N", help="only these computers; may be repeated")
    add_settings(start)
    status = verbs.add_parser("status", help="how far it is, and why")
    status.add_argument("number", nargs="?", type=int, metavar="NUMBER", help="of one roll-out; the newest without")
    add_settings(status)
    for verb, words in (("pause", "ask nobody more"), ("resume", "go on, also after it stopped"), ("abort", "end it")):
        deed = verbs.add_parser(verb, help=words)
        deed.add_argument("number", type=int, metavar="NUMBER", help="of the roll-out")
        add_settings(deed)


def run(options: argparse.Namespace) -> int:
    """Raises ReleaseMistake."""
    settings = settings_of(options)
    with the_store(settings) as store:
        rolling = rolling_of(settings, store, utc_ms)
        if options.verb == "start":
            return _start(options, rolling, settings.groups)
        if options.verb == "status":
            return _status(store, options.number)
        if not rolling.do(options.number, _DEEDS[options.verb], AT_THE_CONSOLE):
            raise ReleaseMistake(
                f"there is no roll-out {options.number} that one could {options.verb}; see rollout status"
            )
    print(f"roll-out {options.number}: {_DEEDS[options.verb]}")
    return 0


def _start(options: argparse.Namespace, rolling: Rolling, groups: tuple[str, ...]) -> int:
    kind, version = Kind(options.kind), options.version
    group = options.group or groups[0]
    if group not in groups or (options.group is None and len(groups) > 1):
        raise ReleaseMistake(f"--group: name one of {', '.join(groups)}")
    nodes = None if options.node is None else frozenset(options.node)
    try:
        number = rolling.start(Wish(kind, version, group, nodes), AT_THE_CONSOLE)
    except RolloutRefused as refused:
        raise ReleaseMistake(str(refused)) from None
    print(
        f"roll-out {number} of {kind} {version} to {group} has begun; see how it goes with dltv-hub rollout status {number}"
    )
    return 0


def _status(store: Store, number: int | None) -> int:
    with store.reading() as connection:
        rows = RolloutRows(connection)
        found = rows.newest() if number is None else [one for one in [rows.one(number)] if one]
        told = rows.events(number) if number is not None else []
    if number is not None and not found:
        raise ReleaseMistake(f"there is no roll-out {number}; see rollout status")
    for each in found:
        print(_line(each))
    for event in told:
        words = filter(
            None, (event.node, event.reason and event.reason.value, event.why, event.who, ", ".join(event.nodes))
        )
        print(f"  {_at(event.at)} {event.what.value}: {' '.join(words)}".rstrip(": "))
    return 0


def _line(found: Rollout) -> str:
    counts, order = found.counts(found.order.nodes), found.order
    said = ", ".join(f"{counts[standing]} {standing.value}" for standing in Standing)
    wave = f"wave {found.level + 1} of {len(order.settings.waves)}"
    return f"{order.number}: {order.kind} {order.version} to {order.group}: {found.state.value}, {wave}, {said}"


def _at(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%SZ}"

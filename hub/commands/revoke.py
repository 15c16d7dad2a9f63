"""`dltv-hub revoke`: shut a computer out. A hub that runs cuts its connection off within seconds."""

import argparse
from contextlib import closing

from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, one_group, settings_of
from hub.core.equipment import NodeKey
from hub.core.people import AT_THE_CONSOLE
from hub.mqtt.host_client import utc_ms
from hub.pki.revocation_list import keep_revocation_list
from hub.store.admissions import admissions
from hub.store.opening import open_there
from hub.trust.office import Office
from hub.trust.opening import open_authority

HELP = "shut a computer out, for good: a stolen card, a computer that was given away"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("node", metavar="NODE", help="its name: the school's code, -2 … for a further one")
    parser.add_argument("--reason", required=True, help="for the audit and whoever asks later")
    parser.add_argument("--group", metavar="G", help="the district; without it the only one of the hub")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    settings, now = settings_of(options), utc_ms()
    node = NodeKey(one_group(options.group, settings), options.node)
    with closing(open_there(settings.store_url)) as store:
        if not Office(store, settings).revoke(node, options.reason, AT_THE_CONSOLE, now):
            raise CommandMistake(
                f"no computer {node} is let in, and there is no open code for it; see dltv-hub enrol list"
            )
        with store.reading() as connection:
            revoked = [each for each, _ in admissions(connection, now).revoked]
        # The hub would do it within seconds. Where none runs, whoever serves the broker meanwhile has the list.
        keep_revocation_list(open_authority(settings.data_dir / "pki", store, now), revoked, now)
    print(f"{node} is shut out; a new computer of this name needs a new code: dltv-hub enrol batch")
    return 0

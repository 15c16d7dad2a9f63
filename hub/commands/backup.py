"""`dltv-hub backup`: all that the hub is, as one file, while it runs. A timer calls it every night."""

import argparse
from pathlib import Path

from hub.backups.hub_backup import make_backup, prune
from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, settings_of
from hub.mqtt.host_client import utc_ms

HELP = "write all that the hub is into one file, while it runs"


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to (default: [backup] directory)")
    parser.add_argument("--keep-days", type=float, metavar="N", help="older ones go (default: [backup] keep_days)")


def run(options: argparse.Namespace) -> int:
    settings, now = settings_of(options), utc_ms()
    folder = options.out or settings.backup.directory
    if folder is None:
        raise CommandMistake(
            "backup.directory: nothing is set; write [backup] directory into hub.toml, or give --out DIR"
        )
    made = make_backup(settings, options.config, folder, now)
    print(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")
    keep = settings.backup.keep_days if options.keep_days is None else options.keep_days
    for name in prune(folder, keep, now):
        print(f"removed {name}, older than {keep:g} days")
    return 0

"""`dltv-hub restore`: a hub as it was, from a backup. The hub must not run."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from hub.backups.hub_backup import restore_backup
from hub.commands.options import add_settings, settings_of
from hub.mqtt.host_client import utc_ms

HELP = "put a backup back, into a hub that does not run"

_AFTERWARDS = """\
The hub is as it was at {made} (release {version}, database {schema}).
- The settings of the backup lie in {data}/hub.toml.from-backup; those in use were not touched.
- Agents send what the hub has lost as soon as it runs: their journals still hold it.
- Whoever was shut out after that time is let in again: shut them out anew.
- Whoever joined after it has to ask the hub once before the broker lets them in; they do so daily.
Start it, then run dltv-hub doctor.
"""


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="what dltv-hub backup has written")
    parser.add_argument("--replace", action="store_true", help="put aside what is there")


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    manifest = restore_backup(settings, options.file, utc_ms(), replace=options.replace)
    made = datetime.fromtimestamp(manifest.made_at // 1000, UTC).isoformat(sep=" ")
    print(_AFTERWARDS.format(made=made, version=manifest.version, schema=manifest.schema, data=settings.data_dir))
    return 0

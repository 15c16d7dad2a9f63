"""`dltv-hub profiles publish`: a set of device profiles, signed, so that it can be rolled out to the agents."""

import argparse
from pathlib import Path

from hub.commands.config import add_version, version_of
from hub.commands.options import add_settings, settings_of
from hub.commands.release import write_down
from hub.mqtt.host_client import utc_ms
from hub.releases.profile_sets import version_in
from hub.releases.publishing import publish_profiles
from hub.rolling.side import repository_of

HELP = "device profiles for the agents: publish"


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="publish")
    publish = verbs.add_parser("publish", help="check and sign a folder of profiles; `rollout start` brings it there")
    publish.add_argument("folder", type=Path, metavar="DIR", help="with <vendor>/<model>.toml")
    add_version(publish)
    add_settings(publish)


def run(options: argparse.Namespace) -> int:
    """Raises ReleaseMistake."""
    settings, now = settings_of(options), utc_ms()
    options.version = options.version or version_in(options.folder) or None
    version = version_of(options, now)
    ids = publish_profiles(repository_of(settings), options.folder, version, now)
    write_down(settings, "profiles.published", f"profiles:{version}", profiles=sorted(ids))
    print(
        f"profiles {version} ({len(ids)}) are signed; bring them there with dltv-hub rollout start profiles {version}"
    )
    return 0

"""`dltv-hub config publish`: the settings of one school's computer, signed, so that they can be rolled out to it."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from firmware_profiles.loader import load_catalog
from hub.commands.options import add_settings, settings_of
from hub.commands.release import write_down
from hub.config import HubSettings
from hub.core.equipment import NodeKey
from hub.mqtt.host_client import utc_ms
from hub.releases.errors import ReleaseMistake
from hub.releases.publishing import publish_config, published_profiles
from hub.rolling.side import repository_of
from wire.handoff import is_version

HELP = "settings of a school's computer: publish"


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="publish")
    publish = verbs.add_parser("publish", help="check and sign a file; `rollout start` brings it there")
    publish.add_argument("node", metavar="NODE", help="the school code, or GROUP/NODE")
    publish.add_argument("file", type=Path, metavar="FILE", help="its agent.toml")
    add_version(publish)
    add_settings(publish)


def add_version(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", metavar="V", help="how to call it; the time of now without")


def version_of(options: argparse.Namespace, now: int) -> str:
    """Raises ReleaseMistake."""
    version = options.version or f"{datetime.fromtimestamp(now / 1000, UTC):%Y%m%dT%H%M%SZ}"
    if not is_version(version):
        raise ReleaseMistake(f"--version: {version!r:.80} is none; write for example 2026-05-01")
    return str(version)


def run(options: argparse.Namespace) -> int:
    """Raises ReleaseMistake."""
    settings, now = settings_of(options), utc_ms()
    repository, version = repository_of(settings), version_of(options, now)
    node = _node(options.node, settings)
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise ReleaseMistake(f"{options.file}: cannot be read ({error.strerror})") from None
    known = {*load_catalog(), *published_profiles(repository, now)}
    try:
        publish_config(repository, node, version, data, profiles=known, now=now)
    except ReleaseMistake as mistake:
        raise ReleaseMistake(f"{options.file}: {mistake}") from None
    write_down(settings, "config.published", f"node:{node}", version=version)
    print(f"config {version} of {node} is signed; bring it there with dltv-hub rollout start config {version}")
    return 0


def _node(text: str, settings: HubSettings) -> NodeKey:
    group, _, name = text.rpartition("/")
    if group not in settings.groups and (group or len(settings.groups) > 1):
        raise ReleaseMistake(f"NODE: write GROUP/NODE with a group of {', '.join(settings.groups)}")
    return NodeKey(group or settings.groups[0], name)

"""`dltv-hub release …`: the repository of signed releases: its keys, what is in it, and how long that holds."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from hub.commands.options import add_settings, settings_of, the_store
from hub.config import HubSettings
from hub.core.people import AT_THE_CONSOLE
from hub.mqtt.host_client import utc_ms
from hub.releases.bundles import files_of, read_bundles, releases_in
from hub.releases.repository import SignedRepository
from hub.releases.signing import FLEET, ROOT, TARGETS
from hub.rolling.side import repository_of
from hub.store.audit import AuditLog

HELP = "signed releases for the schools' computers: keys, add, list, refresh"
_DAY_MS = 86_400_000


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="keys|add|list|refresh")
    keys = verbs.add_parser("keys", help="make the repository and its keys, or new keys for it")
    keys.add_argument(
        "--dir", type=Path, required=True, metavar="DIR", dest="keys", help="where the offline keys are kept"
    )
    keys.add_argument("--rotate", choices=(ROOT, TARGETS, "online"), help="replace these; clients follow")
    adding = verbs.add_parser("add", help="sign bundles, so that they can be rolled out")
    adding.add_argument("bundle", nargs="+", type=Path, metavar="BUNDLE", help="VERSION.json, or PLATFORM.zip")
    adding.add_argument("--keys", type=Path, required=True, metavar="DIR", help="the offline keys")
    refresh = verbs.add_parser("refresh", help="sign again now; the running hub does it by itself")
    refresh.add_argument("--keys", type=Path, metavar="DIR", help="also what the offline keys sign")
    for each in (keys, adding, refresh, verbs.add_parser("list", help="what is signed for, and until when")):
        add_settings(each)


def run(options: argparse.Namespace) -> int:
    """Raises ReleaseMistake."""
    settings = settings_of(options)
    repository = repository_of(settings)
    {"keys": _keys, "add": _add, "list": _list, "refresh": _refresh}[options.verb](options, settings, repository)
    return 0


def write_down(settings: HubSettings, what: str, subject: str, **details: str | list[str] | None) -> None:
    """In the audit."""
    with the_store(settings) as store:
        AuditLog(store).write(AT_THE_CONSOLE, what, subject, details, utc_ms())


def _keys(options: argparse.Namespace, settings: HubSettings, repository: SignedRepository) -> None:
    if options.rotate is None:
        repository.begin(options.keys, utc_ms())
        write_down(settings, "release.begun", "repository")
        print(f"the repository is made; keep {options.keys} offline, and a copy of it at another place")
        return
    repository.rotate(options.rotate, options.keys, utc_ms())
    write_down(settings, "release.rotated", f"keys:{options.rotate}")
    print(f"new keys of {options.rotate} sign from now on; computers follow by themselves")


def _add(options: argparse.Namespace, settings: HubSettings, repository: SignedRepository) -> None:
    now = utc_ms()
    bundles = read_bundles(options.bundle)
    files = files_of(bundles, repository.offer(now).targets[TARGETS])
    repository.add(TARGETS, files, now, options.keys)
    for each in bundles:
        write_down(
            settings, "release.added", f"release:{each.version}", platform=each.platform, sha256=each.signed.sha256
        )
        print(f"{each.target} is signed; bring it there with dltv-hub rollout start release {each.version}")


def _list(_options: argparse.Namespace, _settings: HubSettings, repository: SignedRepository) -> None:
    now = utc_ms()
    offer = repository.offer(now)
    for version, platforms in sorted(releases_in(offer.targets[TARGETS]).items()):
        said = ", ".join(f"{name} {each.size / 1e6:.1f} MB" for name, each in sorted(platforms.items()))
        print(f"release {version}: {said}")
    for name in sorted(offer.targets[FLEET]):
        print(name)
    for role, at in offer.expires.items():
        left = (at - now) // _DAY_MS
        print(f"{role}: signed until {datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}, {left} days")


def _refresh(options: argparse.Namespace, settings: HubSettings, repository: SignedRepository) -> None:
    roles = repository.refresh(utc_ms(), options.keys, force=True)
    write_down(settings, "release.refreshed", "repository", roles=list(roles))
    print(f"signed again: {', '.join(roles)}")

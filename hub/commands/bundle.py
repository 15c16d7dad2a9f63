"""`dltv-hub bundle build`: all that a school's computer needs, in one file for each kind of computer.

Made at the office, where the Internet is.
"""

import argparse
import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from hub.bundles.build import Order, build
from hub.bundles.cross import build_armv7l_wheels
from hub.bundles.deb import ARCHITECTURES, Package, build_deb
from hub.bundles.errors import BundleMistake
from hub.bundles.index import Index
from hub.bundles.installation import newest
from hub.bundles.locks import locked
from hub.bundles.platforms import PLATFORMS, chosen
from hub.commands.options import add_settings, settings_of
from hub.mqtt.host_client import utc_ms
from hub.store.opening import open_there
from hub.trust.installing import SHELF
from hub.trust.opening import open_authority
from hub.trust.whereabouts import whereabouts

HELP = "make what a school's computer installs, for schools without Internet"


def add(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="bundle", required=True, metavar="build|deb|wheels")
    making = commands.add_parser("build", help="fetch what is locked, and pack it")
    add_settings(making)
    making.add_argument(
        "--out", type=Path, metavar="DIR", help="where VERSION/PLATFORM.zip is written; the hub's shelf without"
    )
    making.add_argument(
        "--platform", action="append", default=[], metavar="P", help=f"{', '.join(PLATFORMS)}; all without"
    )
    making.add_argument(
        "--python", action="append", default=[], metavar="P", help="such as cp311; those of the platform without"
    )
    making.add_argument("--version", metavar="V", help="another number than that of this source, such as 0.1.0+cpm3.1")
    making.add_argument(
        "--wheels", type=Path, metavar="DIR", help="wheels that were built because nobody publishes them"
    )
    making.add_argument("--cache", type=Path, default=_cache(), metavar="DIR", help="where fetched wheels stay")
    building = commands.add_parser("wheels", help="build what nobody publishes for 32-bit Raspberry Pis (armv7l)")
    building.add_argument("--out", type=Path, required=True, metavar="DIR", help="for --wheels of `bundle build`")
    packing = commands.add_parser("deb", help="Debian packages of what is on the hub's shelf")
    add_settings(packing)
    packing.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the packages are written")


def run(options: argparse.Namespace) -> int:
    return {"build": _build, "deb": _deb, "wheels": _wheels}[options.bundle](options)


def _deb(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    shelf, address = settings.data_dir / SHELF, settings.devices.listen
    offered = newest(shelf)
    if offered is None:
        raise BundleMistake(f"there is no bundle in {shelf}; make one by `dltv-hub bundle build`")
    if address is None:
        raise BundleMistake('devices.listen: nobody can join this hub; write listen = "0.0.0.0:8443" and names')
    with closing(open_there(settings.store_url)) as store:
        pin = open_authority(settings.data_dir / "pki", store, utc_ms()).active.fingerprint
    hub = whereabouts(settings, address.port).hub
    for platform in sorted(set(offered.sums) & set(ARCHITECTURES)):
        bundle = shelf / offered.version / f"{platform}.zip"
        print(build_deb(Package(bundle, offered.version, platform, hub, pin), options.out))
    return 0


def _wheels(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as work:
        for path in build_armv7l_wheels(locked(), Path(work), options.out, _tell):
            print(path)
    return 0


def _build(options: argparse.Namespace) -> int:
    platforms = chosen(options.platform, options.python)
    index = Index(options.cache, options.wheels)
    order = Order(platforms, options.out or settings_of(options).data_dir / SHELF, options.version)
    print(build(order, locked(), index, _tell))
    return 0


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dltv-fleet" / "wheels"

"""`dltv-hub sdcard`: what is to be copied onto an SD card so that its first start makes a computer the agent of a school."""

import argparse
import getpass
import shutil
import sys
from contextlib import closing
from pathlib import Path

from hub.bundles.installation import newest
from hub.bundles.platforms import PLATFORMS
from hub.bundles.sdcard import CMDLINE, Card, Wifi, card_files, with_first_run
from hub.commands.columns import moment
from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, one_group, settings_of
from hub.config import HubSettings
from hub.core.people import AT_THE_CONSOLE
from hub.enrolment.nodes import Purpose
from hub.enrolment.office import NewCode
from hub.mqtt.host_client import utc_ms
from hub.store.opening import open_there
from hub.store.unit_of_work import Store
from hub.trust.installing import SHELF
from hub.trust.office import Office, Order
from hub.trust.opening import open_authority
from hub.trust.whereabouts import whereabouts
from provisioning.core.contract import show_code

HELP = "prepare an SD card for a school: nothing is to be typed there"


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--school", required=True, metavar="CODE", help="with --replace: the name of the computer")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the card's boot partition, or any folder"
    )
    linux = [name for name, each in PLATFORMS.items() if each.is_linux]
    parser.add_argument("--platform", choices=linux, default="aarch64", help="aarch64: a 64-bit system (default)")
    parser.add_argument("--group", metavar="G", help="the district; without it the only one of the hub")
    parser.add_argument(
        "--days", type=float, metavar="N", help="how long the code is good (default: enrolment.code_days)"
    )
    parser.add_argument("--wifi", metavar="NAME", help="a wireless network; its key is asked for, or read from stdin")
    parser.add_argument("--country", default="TH", help="whose rules hold for wireless (TH)")
    purpose = parser.add_mutually_exclusive_group()
    for each, told in ((Purpose.FURTHER, "one more computer"), (Purpose.REPLACE, "in place of the one there is")):
        purpose.add_argument(f"--{each.value}", dest="purpose", action="store_const", const=each, help=told)


def run(options: argparse.Namespace) -> int:
    settings, now = settings_of(options), utc_ms()
    bundle, wifi = _bundle(settings, options.platform), _wifi(options)
    if settings.devices.listen is None:
        raise CommandMistake('devices.listen: nobody can join this hub; write listen = "0.0.0.0:8443" and names')
    with closing(open_there(settings.store_url)) as store:
        pin = open_authority(settings.data_dir / "pki", store, now).active.fingerprint
        made = _code(options, settings, store, now)
    hub = whereabouts(settings, settings.devices.listen.port).hub
    card = Card(made.node.name, hub, pin, show_code(made.code), moment(made.expires_at, settings), wifi)
    _write(options.out, card_files(card), bundle)
    print(f"{options.out}: the card of {made.node.name}, for a {options.platform} system, good until {card.until}")
    return 0


def _bundle(settings: HubSettings, platform: str) -> Path:
    shelf = settings.data_dir / SHELF
    offered = newest(shelf)
    if offered is None or platform not in offered.sums:
        raise CommandMistake(f"there is no bundle for {platform} in {shelf}; make one by `dltv-hub bundle build`")
    return shelf / offered.version / f"{platform}.zip"


def _wifi(options: argparse.Namespace) -> Wifi | None:
    if options.wifi is None:
        return None
    asked = getpass.getpass(f"key of {options.wifi}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    for text, least, most, what in (
        (options.wifi, 1, 32, "a name"),
        (asked, 8, 63, "a key"),
        (options.country, 2, 2, "a country"),
    ):
        if not least <= len(text.encode()) <= most or any(ord(sign) < 32 for sign in text):
            raise CommandMistake(f"--wifi: {what} has {least} to {most} signs")
    return Wifi(options.wifi, asked, options.country.upper())


def _code(options: argparse.Namespace, settings: HubSettings, store: Store, now: int) -> NewCode:
    order = Order(
        one_group(options.group, settings), [options.school], options.purpose or Purpose.FIRST, options.days, "SD card"
    )
    made = Office(store, settings).make_batch(order, AT_THE_CONSOLE, now)
    if not made.codes:
        raise CommandMistake(f"--school: {options.school} can have no code; `dltv-hub enrol batch` says why")
    return made.codes[0]


def _write(out: Path, files: dict[str, bytes], bundle: Path) -> None:
    try:
        (out / "dltv").mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
            (out / name).chmod(0o600)
        shutil.copyfile(bundle, out / "dltv" / "bundle.zip")
        cmdline = out / CMDLINE
        if cmdline.is_file():
            cmdline.write_text(with_first_run(cmdline.read_text("utf-8")), "utf-8")
    except OSError as error:
        raise CommandMistake(f"--out: {error.filename}: {error.strerror}; name a folder that can be written") from None

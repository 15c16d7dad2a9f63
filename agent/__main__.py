"""The command line: dltv-agent run, check, read, discover, profile. What a person did wrong is one line and exit code 2."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from agent import app
from agent.adapters.net_probe import NetProbe
from agent.config import ReportingSettings, Settings, read_settings, reporting_settings
from agent.core.readings import Poll, Value
from agent.errors import OperatorError
from agent.services.devices import Device
from firmware_profiles.toml_model import TomlMistake
from wire.vocabulary import unit_of

OK, UNREACHABLE, MISTAKE, INTERRUPTED = 0, 1, 2, 130
NET_WITHIN_S = 3.0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(MISTAKE, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (OperatorError, TomlMistake) as mistake:
        print(f"dltv-agent: {mistake}", file=sys.stderr)
        return MISTAKE


def _run(options: argparse.Namespace) -> int:
    def read() -> ReportingSettings:
        return reporting_settings(options.config, os.environ, _given(options))

    settings = read()
    logging.basicConfig(
        level=settings.log_level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    app.run(settings, read)
    logging.info("stopped")
    return OK


def _check(options: argparse.Namespace) -> int:
    from agent.commands.check import tell

    settings = reporting_settings(options.config, os.environ, _given(options))
    app.require_trust(settings)
    site = app.survey(settings)
    tell(options.config, settings.device, site.mistakes, lambda line: print(line, file=sys.stderr))
    if site.mistakes:
        return MISTAKE
    print(f"fine: {settings.group}/{settings.node} to {', '.join(map(str, settings.uplink.addresses))}")
    print(f"      journal in {settings.journal_folder}; {len(site.devices) - 1} devices and this computer")
    return OK


def _read(options: argparse.Namespace) -> int:
    settings = read_settings(options.config, os.environ, {})
    site = app.survey(settings)
    names = {device.name for device in site.devices}
    for stranger in set(options.device) - names:
        raise OperatorError(f"there is no device {stranger}; there are {', '.join(sorted(names))}")
    for mistake in site.mistakes:
        print(mistake, file=sys.stderr)
    _look_outside(site.net, settings)
    lost = 0
    for device, poll in app.read(site, set(options.device)):
        _print(device, poll)
        lost += poll.problem is not None
    return UNREACHABLE if lost or site.mistakes else OK


def _profile_check(options: argparse.Namespace) -> int:
    from agent.commands import profile

    fine = profile.check(options.file, options.transcript, print, lambda line: print(line, file=sys.stderr))
    return OK if fine else MISTAKE


def _discover(options: argparse.Namespace) -> int:
    from agent.commands.discover import Wish, discover

    wish = Wish(options.config, options.apply, options.subnet, options.serial, options.seconds)
    try:
        discover(wish, print, lambda line: print(line, file=sys.stderr, flush=True))
    except KeyboardInterrupt:
        print("dltv-agent: stopped; nothing was written", file=sys.stderr)
        return INTERRUPTED
    return OK


def _look_outside(net: NetProbe, settings: Settings) -> None:
    """The state of the Internet is asked in the background: give it a moment."""
    net.start()
    deadline = time.monotonic() + NET_WITHIN_S
    while settings.host.internet and not net.internet() and time.monotonic() < deadline:
        time.sleep(0.05)
    net.stop()


def _print(device: Device, poll: Poll) -> None:
    heading = " ".join(filter(None, (device.name, device.profile.id, device.address)))
    print(heading if poll.problem is None else f"{heading}: {poll.problem}")
    told = {**device.equipment.properties, **(poll.properties or {}), **poll.readings}
    for name, value in told.items():
        unit = unit_of(name) if value is not None else None
        print(f"  {name:<28} {_shown(value)}{f' {unit.sign}' if unit else ''}")


def _shown(value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _given(options: argparse.Namespace) -> dict[str, object]:
    """What the command line says, by the key of the file that it overrides."""
    said = {
        "uplink.broker": options.broker,
        "group": options.group,
        "node": options.node,
        "host_id": options.host_id,
        "journal.directory": options.journal,
        "log_level": options.log_level,
    }
    return {key: value for key, value in said.items() if value is not None}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="dltv-agent", description="Watches the equipment of one school and reports to the hub")
    commands = parser.add_subparsers(required=True, metavar="run|check|read|discover|profile", parser_class=_Parser)
    run = commands.add_parser("run", help="poll and report until it is stopped")
    check = commands.add_parser("check", help="say what is wrong with the settings, or that they are fine")
    read = commands.add_parser("read", help="read each device once and show it")
    for each, command in ((run, _run), (check, _check), (read, _read)):
        each.set_defaults(command=command)
        each.add_argument("--config", type=Path, metavar="FILE", help="agent.toml")
    for each in (run, check):
        _add_settings(each)
    read.add_argument("device", nargs="*", metavar="DEVICE", help='device keys; "host" is this computer; all without')
    _add_discover(commands.add_parser("discover", help="look for equipment, and propose settings for it"))
    _add_profile(commands.add_parser("profile", help="profiles of equipment"))
    return parser


def _add_discover(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_discover)
    parser.add_argument("--config", type=Path, metavar="FILE", help="agent.toml: what it has already is left out")
    parser.add_argument("--apply", action="store_true", help="add what is found to the file")
    parser.add_argument("--subnet", action="append", default=[], metavar="CIDR", help="look here only; may be repeated")
    parser.add_argument(
        "--serial", action="append", default=[], metavar="DEV", help="ask this line only; may be repeated"
    )
    parser.add_argument("--seconds", type=_seconds, default=120.0, metavar="N", help="stop after so long (120)")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError("write 1 to 3600")
    return seconds


def _add_profile(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="check", parser_class=_Parser)
    check = commands.add_parser("check", help="say what is wrong with a profile by line and key, or that it is fine")
    check.set_defaults(command=_profile_check)
    check.add_argument("file", type=Path, metavar="FILE", help="<vendor>/<model>.toml")
    check.add_argument("--transcript", type=Path, metavar="DIR", help="also play its recorded sessions")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--broker", action="append", metavar="URL", help="mqtt[s]://[user:password@]host:port; again for a further one"
    )
    parser.add_argument("--group", help="the district, such as cpm3")
    parser.add_argument("--node", help="the school code")
    parser.add_argument("--host-id", help='the hub to wait for; hub-<group> without; "" for none')
    parser.add_argument("--journal", metavar="DIR", help="where reports are kept until the hub has them")
    parser.add_argument("--log-level", choices=("debug", "info", "warning", "error"))


if __name__ == "__main__":
    sys.exit(main())

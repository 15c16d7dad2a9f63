"""The command line on the device: dltv-provision enrol, run, renew, update, status, rollback, install, uninstall.

What goes wrong is one line. Exit code 1: the same command may succeed later by itself; 2: somebody has to do something.
"""

import argparse
import logging
import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from provisioning.adapters.this_machine import hardware
from provisioning.app import SERVICES, Place, Provisioning, assemble, opened, parts_of
from provisioning.core.contract import ContractError, read_code, read_pin
from provisioning.errors import Later, OperatorError, ProvisionError
from provisioning.services.enrolling import Slip
from provisioning.services.reporting import lines

OK, LATER, MISTAKE = 0, 1, 2
_MAX_SLIP_BYTES = 4096
Command = Callable[[Provisioning, argparse.Namespace], str]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(MISTAKE, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=options.log_level.upper(), stream=sys.stderr, format="%(levelname)s %(message)s")
    place = Place(options.root, options.services)
    try:
        if options.alone:
            with opened(place) as provisioning:
                print(options.command(provisioning, options))
        else:
            print(options.command(assemble(parts_of(place)), options))
    except Later as problem:
        return _tell(problem, LATER)
    except (ProvisionError, ContractError) as problem:
        return _tell(problem, MISTAKE)
    return OK


def _tell(problem: Exception, code: int) -> int:
    print(f"dltv-provision: {problem}", file=sys.stderr)
    return code


def _enrol(provisioning: Provisioning, options: argparse.Namespace) -> str:
    enrolled = provisioning.enrolling.enrol(_slip(options), hardware())
    return f"enrolled: this is {enrolled.group}/{enrolled.node}, and reports to {', '.join(enrolled.brokers)}"


def _slip(options: argparse.Namespace) -> Slip:
    told = _read_slip(options.slip) if options.slip else {}
    given = {name: getattr(options, name) or told.get(name) or os.environ.get(f"DLTV_{name.upper()}") for name in _SLIP}
    if missing := [name for name, value in given.items() if not value]:
        raise OperatorError(f"{' and '.join(missing)} missing: give --hub, --pin and --code as on the slip")
    code = sys.stdin.readline() if given["code"] == "-" else str(given["code"])
    return Slip(str(given["hub"]).rstrip("/"), read_pin(str(given["pin"])), read_code(code.strip()))


_SLIP = ("hub", "pin", "code")


def _read_slip(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            return tomllib.loads(file.read(_MAX_SLIP_BYTES).decode())
    except (OSError, ValueError) as error:
        raise OperatorError(f"{path} cannot be read: {error}") from None


def _renew(provisioning: Provisioning, options: argparse.Namespace) -> str:
    held = provisioning.identity.require()
    provisioning.round.keep_time()
    if not options.now and not provisioning.renewing.is_due(held):
        return "the certificate is not due yet"
    renewed = provisioning.renewing.renew(held, new_key=not options.same_key)
    return "the hub finds the certificate fresh enough" if renewed == held else "the certificate is renewed"


def _update(provisioning: Provisioning, options: argparse.Namespace) -> str:
    if options.again:
        provisioning.updating.forgive()
    provisioning.round.go()
    return f"up to date: release {provisioning.staging.disk().current or 'none'}"


def _rollback(provisioning: Provisioning, _: argparse.Namespace) -> str:
    return f"release {provisioning.updating.go_back()} runs"


def _install(provisioning: Provisioning, options: argparse.Namespace) -> str:
    return f"release {provisioning.installing.install(options.bundle)} is in place"


def _uninstall(provisioning: Provisioning, options: argparse.Namespace) -> str:
    if not options.yes:
        raise OperatorError("this deletes the agent, its key and all reports that were not sent: say --yes")
    provisioning.installing.uninstall()
    return "nothing is left"


def _status(provisioning: Provisioning, _: argparse.Namespace) -> str:
    return "\n".join(lines(provisioning.parts, provisioning.identity, provisioning.staging))


def _probe(provisioning: Provisioning, _: argparse.Namespace) -> str:
    provisioning.round.keep_time()
    provisioning.round.offers().refresh()
    return "the hub answers, and what it offers is signed as it should be"


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="dltv-provision", description="Installs, identifies and updates the agent of one school")
    commands = parser.add_subparsers(
        required=True, metavar="enrol|run|renew|update|status|rollback|install|uninstall", parser_class=_Parser
    )

    def add(name: str, command: Command, words: str | None, *, alone: bool = True) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words) if words else commands.add_parser(name)
        added.set_defaults(command=command, alone=alone)
        added.add_argument(
            "--root", type=Path, metavar="DIR", help="everything below DIR, and the clock stays as it is"
        )
        added.add_argument("--services", choices=SERVICES, default="auto", help="who starts and stops the agent")
        added.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")
        return added

    _add_slip(add("enrol", _enrol, "get an identity by the code of a slip, and start the agent"))
    renew = add("renew", _renew, "renew the certificate where that is due")
    renew.add_argument("--now", action="store_true", help="although it is not due yet")
    renew.add_argument("--same-key", action="store_true", help="without a new key")
    for name, words in (("run", "one round: renew where that is due, then update"), ("update", "the same")):
        update = add(name, _update, words)
        update.add_argument("--again", action="store_true", help="also what failed or was refused before")
    add("status", _status, "who this is, what runs, what is to be told", alone=False)
    add("rollback", _rollback, "go back to the release before this one")
    install = add("install", _install, "lay a release out from a bundle that is on this computer already")
    install.add_argument("--bundle", type=Path, required=True, metavar="FILE", help="VERSION/PLATFORM.zip of the hub")
    uninstall = add("uninstall", _uninstall, "delete the agent, its key and its reports")
    uninstall.add_argument("--yes", action="store_true", help="yes, delete")
    add("probe", _probe, "whether this program reaches the hub, and can read what it offers", alone=False)
    return parser


def _add_slip(enrol: argparse.ArgumentParser) -> None:
    enrol.add_argument("--hub", metavar="URL", help="https://name:port; or DLTV_HUB")
    enrol.add_argument("--pin", metavar="HEX", help="the fingerprint; or DLTV_PIN")
    enrol.add_argument("--code", help='the code; "-" reads it from the keyboard; or DLTV_CODE')
    enrol.add_argument("--slip", type=Path, metavar="FILE", help="a TOML file with hub, pin and code")


if __name__ == "__main__":
    sys.exit(main())

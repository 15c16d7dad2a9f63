"""The command line: what stands in hub/commands.

A mistake of the operator is one line that names the place and the way out; exit code 2.
"""

import argparse
import logging
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

from firmware_profiles.toml_model import TomlMistake
from hub.accounts.errors import AccountError
from hub.backups.errors import BackupMistake
from hub.bundles.errors import BundleMistake
from hub.commands import COMMANDS
from hub.commands.mistake import CommandMistake
from hub.commands.options import OPTIONS, given
from hub.mqtt.embedded_broker import BrokerCannotListen
from hub.pki.errors import PkiError
from hub.releases.errors import ReleaseMistake
from hub.store.errors import StoreError
from hub.store.inventory import InventoryMistake
from hub.web.boundaries import BoundariesMistake
from hub.web.district_names import DistrictsMistake
from hub.web.server import CannotListen

MISTAKES = (
    CommandMistake,
    BackupMistake,
    PkiError,
    AccountError,
    TomlMistake,
    BundleMistake,
    BrokerCannotListen,
    CannotListen,
    StoreError,
    InventoryMistake,
    BoundariesMistake,
    DistrictsMistake,
    ReleaseMistake,
)
"""What the operator can mend."""
# httpx would write down every address that is called; those of webhooks are secrets.
_CHATTY = ("alembic", "tuf", "uvicorn", "httpx", "httpcore")


def main(arguments: list[str] | None = None) -> int:
    typed = sys.argv[1:] if arguments is None else arguments
    # Only what is typed is loaded: `replay` needs no web server.
    named = typed[:1] if typed and typed[0] in COMMANDS else COMMANDS
    commands = {name: import_module(f"hub.commands.{name.replace('-', '_')}") for name in named}
    if len(commands) == 1 and (program := getattr(commands[typed[0]], "main", None)):
        return int(program(typed[1:]))
    options = _parser(commands).parse_args(typed)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return int(commands[options.command].run(options))
    except MISTAKES as mistake:
        return _complain(mistake, options)


def _complain(mistake: Exception, options: argparse.Namespace) -> int:
    """One line a mistake. What the command line said is called by its option, not by the key that it sets."""
    for each in (mistake, *mistake.others) if isinstance(mistake, TomlMistake) else (mistake,):
        line = each.one_line if isinstance(each, TomlMistake) else str(each)
        if isinstance(each, TomlMistake) and (key := each.key.partition("[")[0]) in given(options):
            line = f"{OPTIONS[key]}: {each.problem}; {each.way_out}"
        print(f"dltv-hub: {line}", file=sys.stderr)
    return 2


def _parser(commands: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dltv-hub", description="The hub of dltv-fleet: what the agents report, judged and shown."
    )
    parser.add_argument("--version", action="version", version=f"dltv-hub {_version()}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in commands.items():
        own = hasattr(command, "main")
        subparser = subparsers.add_parser(name, help=command.HELP, add_help=not own)
        if not own:
            command.add(subparser)
    return parser


def _version() -> str:
    try:
        return version("dltv-fleet")
    except PackageNotFoundError:
        return "0+source"


if __name__ == "__main__":
    sys.exit(main())

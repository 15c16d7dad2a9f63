"""The command line: what stands in hub/commands.

A mistake of the operator is one line that names the place and the way out; exit code 2.
"""

import argparse
import gc
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

from hub.commands import COMMANDS

# httpx would write down every address that is called; those of webhooks are secrets.
_CHATTY = ("alembic", "tuf", "uvicorn", "httpx", "httpcore")


def main(arguments: list[str] | None = None) -> int:
    typed = sys.argv[1:] if arguments is None else arguments
    # Only what is typed is loaded: `replay` needs no web server.
    named = typed[:1] if typed and typed[0] in COMMANDS else COMMANDS
    with _nothing_thrown_away():
        commands = {name: import_module(f"hub.commands.{name.replace('-', '_')}") for name in named}
    if len(commands) == 1 and (program := getattr(commands[typed[0]], "main", None)):
        return int(program(typed[1:]))
    options = _parser(commands).parse_args(typed)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return int(commands[options.command].run(options))
    except _complaints().MISTAKES as mistake:
        return int(_complaints().complain(mistake, options))


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """What is loaded stays: to look through it for garbage again and again is a sixth of the time that it takes."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def _complaints() -> ModuleType:
    """Asked for where something has gone wrong, and not before."""
    return import_module("hub.commands.complaints")


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

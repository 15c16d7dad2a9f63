"""The command line: serve, migrate, replay, whatif, simulate, evaluate.

A mistake of the operator is one line that names the place and the way out; exit code 2.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from firmware_profiles.toml_model import TomlMistake
from hub.app import App, open_store
from hub.config import HubSettings, read_settings
from hub.mqtt.embedded_broker import BrokerCannotListen
from hub.replay.options import add_replay_options, add_whatif_options
from hub.store.directory import DataDirectory
from hub.store.errors import StoreError
from hub.store.inventory import InventoryMistake
from hub.store.migrations import HEAD
from hub.web.server import CannotListen

_OPTIONS = {
    "data_dir": "--data-dir",
    "groups": "--group",
    "host_id": "--host-id",
    "http.listen": "--http",
    "mqtt.listen": "--mqtt",
    "broker.url": "--broker",
}
"""The option that sets each key."""


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] in ("simulate", "evaluate"):
        return _by_simulator(given[0], given[1:])
    options = _parser().parse_args(given)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    return _COMMANDS[options.command](options)


def _serve(options: argparse.Namespace) -> int:
    # Before anything else: a signal must not end us halfway through the start.
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    try:
        app = App(_settings(options))
        app.start()
    except (TomlMistake, BrokerCannotListen, CannotListen, StoreError, InventoryMistake) as mistake:
        return _complain(mistake, options)
    asked.wait()
    app.stop()
    return 0


def _migrate(options: argparse.Namespace) -> int:
    try:
        settings = _settings(options)
        directory = DataDirectory(settings.data_dir)
        open_store(settings).close()
        directory.release()
    except (TomlMistake, StoreError) as mistake:
        return _complain(mistake, options)
    print(f"the database is of version {HEAD}")
    return 0


def _replay(options: argparse.Namespace) -> int:
    from hub.replay.command import run

    return run(options)


def _what_if(options: argparse.Namespace) -> int:
    from hub.replay.whatif_command import run

    return run(options)


_COMMANDS = {"serve": _serve, "migrate": _migrate, "replay": _replay, "whatif": _what_if}


def _by_simulator(command: str, arguments: list[str]) -> int:
    """The simulator is a program of its own, which knows nothing of the hub: it reads its own options."""
    from simulator.__main__ import main as simulate
    from simulator.evaluation.__main__ import main as evaluate

    return {"simulate": simulate, "evaluate": evaluate}[command](arguments)


def _settings(options: argparse.Namespace) -> HubSettings:
    return read_settings(options.config, os.environ, _given(options))


def _given(options: argparse.Namespace) -> dict[str, object]:
    """What the command line sets, by key."""
    given = {key: getattr(options, key.replace(".", "_"), None) for key in _OPTIONS}
    return {key: value for key, value in given.items() if value is not None}


def _complain(mistake: Exception, options: argparse.Namespace) -> int:
    """One line a mistake. What the command line said is called by its option, not by the key that it sets."""
    for each in (mistake, *mistake.others) if isinstance(mistake, TomlMistake) else (mistake,):
        line = each.one_line if isinstance(each, TomlMistake) else str(each)
        if isinstance(each, TomlMistake) and (key := each.key.partition("[")[0]) in _given(options):
            line = f"{_OPTIONS[key]}: {each.problem}; {each.way_out}"
        print(f"dltv-hub: {line}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dltv-hub", description="The hub of dltv-fleet: what the agents report, judged and shown."
    )
    parser.add_argument("--version", action="version", version=f"dltv-hub {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="take reports, judge them, show them")
    serve.add_argument("--group", dest="groups", nargs="+", action="extend", metavar="G", help="districts to serve")
    serve.add_argument(
        "--host-id", metavar="H", help="one Sparkplug host id for all groups; without it hub-GROUP for each"
    )
    serve.add_argument("--http", dest="http_listen", metavar="HOST:PORT", help="where the web stands")
    serve.add_argument("--mqtt", dest="mqtt_listen", metavar="HOST:PORT", help="where the embedded broker stands")
    serve.add_argument(
        "--broker", dest="broker_url", metavar="URL", help="an external broker instead: mqtt[s]://HOST[:PORT]"
    )
    migrate = commands.add_parser("migrate", help="bring the database up to date, and end")
    add_replay_options(commands.add_parser("replay", help="judge a recording, and write what comes out"))
    what_if = commands.add_parser("whatif", help="which tickets would come and go, were a setting another")
    add_whatif_options(what_if)
    commands.add_parser("simulate", add_help=False, help="write the recording of an invented district, with labels")
    commands.add_parser("evaluate", add_help=False, help="score what a replay concluded against a recording's labels")
    for command in (serve, migrate, what_if):
        command.add_argument("--config", type=Path, metavar="F", help="a file of settings (TOML)")
        command.add_argument("--data-dir", metavar="D", help="where the hub keeps its things")
    return parser


def _version() -> str:
    try:
        return version("dltv-fleet")
    except PackageNotFoundError:
        return "0+source"


if __name__ == "__main__":
    sys.exit(main())

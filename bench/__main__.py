"""Command line: `dltv-bench run` stands up a room or a whole school, `dltv-bench fault|mend` breaks and mends things in it."""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from bench import config
from bench.app import CONTROL, Bench
from bench.catalogue import catalogue
from bench.control import ask
from bench.desk import ALL, listing
from bench.errors import BenchError, NotRunning
from bench.school import School

DEMO = Path(__file__).parent / "classroom" / "bench.toml"
DIRECTORY = Path("var/bench")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return {"run": _run, "fault": _fault, "mend": _mend, "speaks": _speaks}[options.command](options)
    except BenchError as error:
        print(f"dltv-bench: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dltv-bench", description="Simulated classroom equipment on real ports")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="stand up the classroom until Ctrl-C")
    run.add_argument("settings", nargs="?", type=Path, default=DEMO, help="a bench.toml (default: the demo's)")
    fault = commands.add_parser("fault", help="break something; without a name: list what can be broken")
    fault.add_argument("name", nargs="?")
    mend = commands.add_parser("mend", help="mend something, or all")
    mend.add_argument("name", nargs="?", default=ALL)
    commands.add_parser("speaks", help="list what a [[device]] can speak, and the keys that it then has")
    for command in (run, fault, mend):
        command.add_argument(
            "--dir", type=Path, default=DIRECTORY, help=f"the bench's directory (default: {DIRECTORY})"
        )
    return parser


def _run(options: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    origin = _shown(options.settings)
    bench = Bench(config.load(origin), origin, options.dir)
    bench.open()
    try:
        print(*bench.places(), sep="\n", flush=True)
        bench.run(stop)
    finally:
        bench.close()
    return 0


def _shown(path: Path) -> Path:
    """As a person would name it from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _fault(options: argparse.Namespace) -> int:
    if options.name is None:
        return _list(options.dir)
    return _tell(options.dir, {"do": "fault", "name": options.name})


def _mend(options: argparse.Namespace) -> int:
    return _tell(options.dir, {"do": "mend", "name": options.name})


def _speaks(_options: argparse.Namespace) -> int:
    for name, simulator in catalogue().items():
        print(f"{name}  ({simulator.title})\n    {', '.join(simulator.settings.model_fields)}")
    return 0


def _list(directory: Path) -> int:
    """The demo's list helps without a bench as well; that none runs is said after it."""
    absent = None
    try:
        answer = ask(directory / CONTROL, {"do": "list"})
    except NotRunning as error:
        absent = error
        answer = {"active": [], "faults": listing(School.in_the_morning(config.load(DEMO), 0))}
    width = max(len(name) for name, _ in answer["faults"])
    for name, description in answer["faults"]:
        print(f"{'*' if name in answer['active'] else ' '} {name:<{width}}  {description}", flush=True)
    if absent:
        raise absent
    print("(* = active now; break: dltv-bench fault NAME, mend: dltv-bench mend NAME|all)")
    return 0


def _tell(directory: Path, request: dict[str, str]) -> int:
    answer = ask(directory / CONTROL, request)
    if not answer.get("ok"):
        print(f"dltv-bench: {answer.get('problem')}", file=sys.stderr)
        return 2
    active = ", ".join(answer.get("active", []))
    print(f"active faults: {active}" if active else "everything is in order")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make run`: a hub, the bench classroom and an agent for this computer, together until Ctrl-C.

1. the hub starts; bench and agent when it is ready: the agent never talks to a stranger's broker, and sees what the bench does
2. one block says where to look and what to try
3. Ctrl-C or SIGTERM ends the agent, then the bench, then the hub; whoever takes too long is killed by its id
4. if one of them ends by itself, that is said, the others are ended, and its exit code is ours
"""

import argparse
import http.client
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.programs import Program

ROOT = Path(__file__).parents[1]
CLASSROOM = ROOT / "bench" / "classroom"
READY_S = 60.0
TICK_S = 0.1
# How long each may take to end, in the order of ending: 8 s together.
PATIENCE_S = {"agent": 3.0, "bench": 1.0, "hub": 4.0}
_output = threading.Lock()


def say(line: str) -> None:
    with _output:
        print(line, flush=True)


class Signals:
    """The first Ctrl-C or SIGTERM asks for the end, a second one for a quick end."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.hurry = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: (self.hurry if self.asked.is_set() else self.asked).set())


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    options.dir.mkdir(parents=True, exist_ok=True)
    signals = Signals()
    programs = {name: _program(name, options) for name in PATIENCE_S}
    try:
        return run(programs, options.http, signals.asked)
    finally:
        _stop(programs, signals.hurry)


def run(programs: dict[str, Program], http_address: str, stop: threading.Event) -> int:
    """Starts them and stays until told to stop or until one ends by itself. Returns the exit code; ends nothing."""
    running = [programs["hub"]]
    programs["hub"].start()
    deadline = time.monotonic() + READY_S
    while not ready(http_address):
        if stop.wait(TICK_S):
            return 0
        if (ended := first_ended(running)) is not None:
            return _blame(ended)
        if time.monotonic() > deadline:
            say(f"make run: the hub is not ready after {READY_S:.0f} s; its lines above say why")
            return 1
    # The bench's morning begins with it: on a slow computer it would be over before anybody is there to see it.
    for name in ("bench", "agent"):
        programs[name].start()
        running.append(programs[name])
    say(_welcome(http_address))
    return _watch(running, stop)


def ready(address: str) -> bool:
    """Whether the hub there says that it lives and serves."""
    return all(_answers(address, path) for path in ("/healthz", "/readyz"))


def first_ended(programs: Sequence[Program]) -> Program | None:
    return next((program for program in programs if program.exit_code is not None), None)


def _watch(programs: Sequence[Program], stop: threading.Event) -> int:
    while not stop.wait(TICK_S):
        if (ended := first_ended(programs)) is not None:
            return _blame(ended)
    return 0


def _blame(program: Program) -> int:
    program.drain()
    say(f"make run: the {program.name} ended by itself (exit code {program.exit_code}): {program.last_line}")
    return program.exit_code or 1


def _stop(programs: dict[str, Program], hurry: threading.Event) -> None:
    for name, patience_s in PATIENCE_S.items():
        if not programs[name].stop(patience_s, hurry.is_set):
            say(f"make run: the {name} did not end within {patience_s:.0f} s and was killed")


def _answers(address: str, path: str) -> bool:
    connection = http.client.HTTPConnection(address, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _program(name: str, options: argparse.Namespace) -> Program:
    arguments: dict[str, Callable[[], list[str]]] = {
        "hub": lambda: [
            "serve",
            "--demo",
            "--config",
            _file(options, "hub.toml"),
            "--http",
            options.http,
            "--mqtt",
            options.mqtt,
        ],
        "bench": lambda: ["run", _file(options, "bench.toml")],
        "agent": lambda: ["run", "--config", _file(options, "agent.toml")],
    }
    env = {
        "PYTHONPATH": str(ROOT),
        "DLTV_HUB_INVENTORY": _file(options, "inventory.json"),
        "DLTV_AGENT_UPLINK__BROKER": f"mqtt://{options.mqtt}",
    }
    return Program(name, [sys.executable, "-m", name, *arguments[name]()], env, options.dir, say)


def _file(options: argparse.Namespace, name: str) -> str:
    """As a person in the programs' directory would name it: that is how their complaints read."""
    path: Path = options.classroom / name
    return str(path.relative_to(options.dir) if path.is_relative_to(options.dir) else path)


def _welcome(http_address: str) -> str:
    rule = "─" * 72
    return (
        f"{rule}\n"
        f"  dltv-fleet is running: open http://{http_address}\n"
        "  sign in           by one click, in any role; it is open to this computer only\n\n"
        "  break something   make bench-fault F=tv-dead   (make bench-fault lists more)\n"
        "  mend it           make bench-mend F=tv-dead\n"
        "  stop everything   Ctrl-C\n"
        f"{rule}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools.run", description="Hub, bench classroom and agent, together")
    parser.add_argument("--http", type=_address, default="127.0.0.1:8080", help="where the web stands (HOST:PORT)")
    parser.add_argument("--mqtt", type=_address, default="127.0.0.1:1883", help="where the broker stands (HOST:PORT)")
    parser.add_argument(
        "--dir", type=_absolute, default=ROOT, help="the directory that gets var/ (default: the project)"
    )
    parser.add_argument(
        "--classroom", type=_absolute, default=CLASSROOM, help="the directory of the four settings files"
    )
    return parser


def _absolute(text: str) -> Path:
    return Path(text).resolve()


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no address; write HOST:PORT, such as 127.0.0.1:8080")
    return text


if __name__ == "__main__":
    sys.exit(main())

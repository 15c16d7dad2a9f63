"""`dltv-hub serve`: take reports, judge them, show them, until a signal comes."""

import argparse
import atexit
import gc
import os
import signal
import sys
import threading
from typing import NoReturn

from pydantic import TypeAdapter, ValidationError

from hub.app import App
from hub.commands.options import add_settings, settings_of
from hub.config import Address, Listen
from hub.roles import CannotDivide, Process, Role

HELP = "take reports, judge them, show them"
_GARBAGE = (50_000, 20, 50)


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--group", dest="groups", nargs="+", action="extend", metavar="G", help="districts to serve")
    parser.add_argument(
        "--host-id", metavar="H", help="one Sparkplug host id for all groups; without it hub-GROUP for each"
    )
    parser.add_argument("--http", dest="http_listen", metavar="HOST:PORT", help="where the web stands")
    parser.add_argument("--mqtt", dest="mqtt_listen", metavar="HOST:PORT", help="where the embedded broker stands")
    parser.add_argument(
        "--broker", dest="broker_url", metavar="URL", help="an external broker instead: mqtt[s]://HOST[:PORT]"
    )
    parser.add_argument(
        "--demo",
        dest="accounts_demo",
        action="store_const",
        const=True,
        help="let everybody in by one click, in any role: only on loopback",
    )

    parser.add_argument(
        "--role",
        dest="roles",
        nargs="+",
        action="extend",
        choices=[*Role],
        metavar="ROLE",
        help="one of several processes on one PostgreSQL, and what it does: web, ingest, worker; without it this one does all",
    )
    parser.add_argument(
        "--metrics",
        dest="numbers",
        type=_address,
        metavar="HOST:PORT",
        help="where a process with a role shows its numbers (/metrics) and whether it is ready (/readyz) to anybody who asks",
    )


def _address(text: str) -> Listen:
    try:
        return TypeAdapter(Address).validate_python(text)
    except ValidationError:
        problem = f"{text!r} is no address to listen on; write HOST:PORT, such as 127.0.0.1:9464"
        raise argparse.ArgumentTypeError(problem) from None


def run(options: argparse.Namespace) -> int:
    # Before anything else: a signal must not end us halfway through the start.
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    settings = settings_of(options)
    if options.numbers is not None and not options.roles:
        raise CannotDivide(
            "--metrics is for a process with a --role: a hub that is one process shows its numbers on its pages"
        )
    roles = [Role(each) for each in options.roles or ()]
    apart = settings.judging.is_apart(len(os.sched_getaffinity(0)))
    app = Process(settings, roles, options.numbers) if roles else App(settings, apart=apart)
    app.start()
    # What reports are made of comes and goes by the thousand and holds no cycles: looking for those all the time takes a fifth
    # of the work on a report.
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    asked.wait()
    app.stop()
    _leave()


def _leave() -> NoReturn:
    """At once: to hand back, object by object, what a country's hub knows takes longer than all of its farewell.

    What is to be called at a program's end is: the log is closed, folders that were to last for a while only are cleared away.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)

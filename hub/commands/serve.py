"""`dltv-hub serve`: take reports, judge them, show them, until a signal comes."""

import argparse
import signal
import threading

from hub.app import App
from hub.commands.options import add_settings, settings_of

HELP = "take reports, judge them, show them"


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


def run(options: argparse.Namespace) -> int:
    # Before anything else: a signal must not end us halfway through the start.
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    app = App(settings_of(options))
    app.start()
    asked.wait()
    app.stop()
    return 0

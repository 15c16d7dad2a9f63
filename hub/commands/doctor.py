"""`dltv-hub doctor`: what is wrong with this hub and how to mend it. Exit code 1 where something is."""

import argparse

from hub.commands.options import add_settings, settings_of
from hub.doctor.examination import examine
from hub.doctor.findings import Level, report
from hub.mqtt.host_client import utc_ms

HELP = "say what is wrong with this hub, and how to mend it"


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--quiet", action="store_true", help="say only what is not in order")


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    findings = list(examine(settings, options.config, utc_ms()))
    for line in report(each for each in findings if each.level is not Level.GOOD or not options.quiet):
        print(line)
    return 1 if any(each.level is Level.BAD for each in findings) else 0

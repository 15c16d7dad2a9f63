"""`dltv-hub whatif`: which tickets would come and go, were a setting another."""

import argparse

from hub.commands.options import add_settings
from hub.replay.options import add_whatif_options
from hub.replay.whatif_command import run

__all__ = ["HELP", "add", "run"]
HELP = "which tickets would come and go, were a setting another"


def add(parser: argparse.ArgumentParser) -> None:
    add_whatif_options(parser)
    add_settings(parser)

"""`dltv-hub replay`: judge a recording, and write what comes out."""

import argparse

from hub.replay.command import run
from hub.replay.options import add_replay_options

__all__ = ["HELP", "add", "run"]
HELP = "judge a recording, and write what comes out"


def add(parser: argparse.ArgumentParser) -> None:
    add_replay_options(parser)

"""`dltv-hub evaluate`: the scorer is a part of the simulator, which knows nothing of the hub."""

from simulator.evaluation.__main__ import main

__all__ = ["HELP", "main"]

HELP = "score what a replay concluded against a recording's labels"

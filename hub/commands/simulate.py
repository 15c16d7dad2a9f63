"""`dltv-hub simulate`: the simulator is a program of its own, which knows nothing of the hub."""

from simulator.__main__ import main

__all__ = ["HELP", "main"]

HELP = "write the recording of an invented district, with labels"

"""Thousands of school computers in one process, and who orders them about (country_crowd.py has what they do).

Reads orders on its standard input (`dawn FACTOR`, `cut SHARE`, `sums FILE`, `end`), and says on its standard output what
country.py wants to know, a line of JSON each.
"""

import argparse
import json
import logging
import os
import select
import sys
import time

from benchmarks.country_crowd import Counts, Crowd
from benchmarks.country_school import told_of

_LOOK_S = 0.5
_SAMPLES = 100


def say(**told: object) -> None:
    print(json.dumps(told, separators=(",", ":")), flush=True)


def obey(crowd: Crowd, order: str) -> bool:
    """Whether it goes on."""
    word, _, value = order.strip().partition(" ")
    if word == "dawn":
        crowd.dawn(float(value))
    elif word == "cut":
        crowd.cut(float(value))
    elif word == "sums":
        with open(value, "w", encoding="utf-8") as file:  # noqa: PTH123  its name came as text
            for node in crowd.nodes:
                file.writelines(",".join(map(str, row)) + "\n" for row in told_of(node))
        say(summed=True)
    return word not in ("end", "")


class Orders:
    """What is written to the standard input, a line each; its end is an order, too."""

    def __init__(self) -> None:
        self._poll, self._rest = select.poll(), b""
        self._poll.register(sys.stdin.fileno(), select.POLLIN | select.POLLHUP)

    def come(self) -> list[str]:
        if not self._poll.poll(0):
            return []
        data = os.read(sys.stdin.fileno(), 4096)
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [line.decode() for line in lines] if data else ["end"]


def live(crowd: Crowd) -> None:
    look_at, orders = 0.0, Orders()
    while True:
        crowd.turn(_LOOK_S / 2)
        if time.monotonic() >= look_at:
            look_at = time.monotonic() + _LOOK_S
            crowd.look()
            names = Counts.__dataclass_fields__
            counts = {name: getattr(crowd.counts, name) for name in names}
            say(**counts, done=crowd.done, cpu=time.process_time(), samples=crowd.told())
        if not all(obey(crowd, order) for order in orders.come()):
            return


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.country_nodes", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host-id", required=True)
    parser.add_argument("--first", type=int, required=True)
    parser.add_argument("--nodes", type=int, required=True)
    parser.add_argument("--all", type=int, required=True, help="nodes in all processes together")
    parser.add_argument("--within", type=float, required=True, help="seconds in which they connect at the beginning")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    numbers = range(options.first, options.first + options.nodes)
    crowd = Crowd(options.port, options.host_id, numbers, max(1, options.all // _SAMPLES))
    crowd.begin(options.within)
    try:
        live(crowd)
    finally:
        crowd.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

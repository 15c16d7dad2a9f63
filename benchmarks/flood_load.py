"""A school computer that says as much as it is asked to, and comes back each second where it is cut off: a process of its own.

It waits until it is told on its standard input to begin, and says in the end what became of it.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.hub_load import School, connect, speak

_AGAIN_S = 1.0


@dataclass(slots=True)
class Fate:
    """cut_s: how long it could speak until it was cut off first; refused: how often it was not let in again"""

    sent: int = 0
    cut_s: float | None = None
    refused: int = 0


def flood(port: int, keys: Path | None, school: School, rate: float, seconds: float) -> Fate:
    """Its births, and then reports."""
    fate, begun = Fate(), time.monotonic()
    while (left := seconds - (time.monotonic() - begun)) > 0:
        try:
            link = connect(port, school.name, keys)
        except OSError:
            fate.refused += 1
        else:
            link.sendall(b"".join(school.births(time.time_ns() // 1_000_000)))
            said = speak([link], [school], rate, left)
            fate.sent += int(said["sent"])
            if said["cut"] and fate.cut_s is None:
                fate.cut_s = said["seconds"]
            school = School(school.number, school.journal + 1000, school.times)
        time.sleep(_AGAIN_S)
    return fate


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.flood_load", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--keys", type=Path, help="as for benchmarks.hub_load")
    parser.add_argument("--first", type=int, required=True, help="its number")
    parser.add_argument("--journal", type=int, default=0, help="another one each time")
    parser.add_argument("--times", type=int, default=1, help="so often each reading stands in a report")
    parser.add_argument("--rate", type=float, required=True, help="reports a second")
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    print("born", flush=True)
    sys.stdin.readline()
    school = School(options.first, options.journal, options.times)
    print(json.dumps(asdict(flood(options.port, options.keys, school, options.rate, options.seconds))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Command line: `dltv-hub simulate` (or `python -m simulator`) writes a district's recording with its inventory and labels."""

import argparse
import gzip
import io
import json
import sys
import time
from datetime import date
from pathlib import Path

from simulator.attenuation import NoItur, by_itur, by_table
from simulator.fades import Fades
from simulator.inventory import inventory
from simulator.labels import labels
from simulator.progress import Progress
from simulator.scenarios import SCENARIOS
from simulator.simulation import simulate
from simulator.truth import Truth
from simulator.world import World, plan


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    scenario = SCENARIOS[options.scenario]
    first = options.first or date.fromisoformat(scenario.first)
    if options.schools < 1 or options.days < 1:
        print("dltv-hub simulate: --schools and --days have to be at least 1", file=sys.stderr)
        return 2
    try:
        rain = by_itur() if options.attenuation == "itur" else by_table()
        options.out.mkdir(parents=True, exist_ok=True)
        write(plan(options.seed, scenario, options.schools, first, options.days, rain=rain), options.out)
    except NoItur as mistake:
        print(f"dltv-hub simulate: {mistake}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"dltv-hub simulate: cannot write to {options.out}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def write(world: World, out: Path) -> None:
    """The three files of a recording."""
    truth = Truth(world.calendar, world.faults, world.outages, world.heard)
    fades = Fades()
    progress = Progress("simulate", sys.stderr, time.monotonic)
    _write_json(out / "inventory.json", inventory(world.district, world.first, world.days))
    with (
        (out / "recording.ndjson.gz").open("wb") as raw,
        # No name and no time in the header: the same seed gives the same bytes.
        gzip.GzipFile("", "wb", 4, raw, mtime=0) as packed,
        io.TextIOWrapper(io.BufferedWriter(packed, 1 << 18), "utf-8") as file,
    ):
        for number, line in enumerate(simulate(world, truth, fades, progress.reach), 1):
            file.write(line)
            progress.count = number
    progress.end()
    _write_json(out / "labels.json", labels(world, truth, fades.found()))


def _write_json(path: Path, told: object) -> None:
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dltv-hub simulate", description="Write the recording of an invented district."
    )
    parser.add_argument("--schools", type=int, default=120, metavar="N", help="how many (default: 120)")
    parser.add_argument("--days", type=int, default=28, metavar="N", help="how long (default: 28)")
    parser.add_argument(
        "--from", dest="first", type=date.fromisoformat, metavar="DATE", help="its first day (default: the scenario's)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="another seed is another district (default: 1)"
    )
    parser.add_argument(
        "--scenario", choices=sorted(SCENARIOS), default="mixture", help="what happens (default: mixture)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the three files go")
    parser.add_argument(
        "--attenuation",
        choices=("table", "itur"),
        default="table",
        help="of rain: ITU-R P.838-3 as built in, or by itur",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

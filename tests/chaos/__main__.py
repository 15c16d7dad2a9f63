"""Rounds of misfortune: `make chaos ROUNDS=20 SEED=7`. Each round draws what happens from its own seed, which repeats it.

After each every report is held exactly once or listed as lost, with its range and a reason, by the agent and by the hub alike.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.district import District
from tests.chaos.faults import FAULTS, Fault, broker_killed, database_killed, hub_killed, journal_damaged
from tests.chaos.stage import go_apart

KEPT = Path("var/chaos")
REPORTS, FEW_REPORTS = 1200, 150
AHEAD_AT_MOST_MS = 86_400_000
_BETWEEN_S, _DURING_S = (0.2, 2.0), (0.3, 3.0)
_AT_ONCE = (broker_killed, hub_killed, database_killed)


class Round:
    def __init__(self, seed: int, names: list[str], store: str, fortnight: int) -> None:
        self.seed, self._chance = seed, random.Random(seed)
        drawn_store = self._chance.choice(("sqlite", "postgresql"))
        self.store = store or drawn_store
        drawn = self._chance.sample(FAULTS, 5)
        self.faults = [each for each in FAULTS if each.__name__ in names] if names else drawn
        self._fortnight = fortnight
        self._begun = time.monotonic()

    def run(self) -> list[str]:
        """What is wrong in the end."""
        folder = Path(tempfile.mkdtemp(prefix="dltv-chaos-"))
        folder.chmod(0o755)
        self._say(f"seed {self.seed}, {self.store}")
        district = District(folder, on_postgresql=self.store == "postgresql", fortnight=self._fortnight)
        try:
            wrong = self._play(district)
        except (AssertionError, TimeoutError) as error:
            wrong = [str(error)]
        finally:
            district.end()
        if wrong:
            kept = KEPT / str(self.seed)
            kept.mkdir(parents=True, exist_ok=True)
            for log in folder.glob("*.log"):
                shutil.copy(log, kept)
        shutil.rmtree(folder)
        return wrong

    def _play(self, district: District) -> list[str]:
        district.start()
        district.back_up()
        for fault in self.faults:
            time.sleep(self._chance.uniform(*_BETWEEN_S))
            self._suffer(district, fault)
        self._say("everything is mended")
        district.settle()
        lost = district.ledger.lost()
        self._say(f"{len(district.ledger.reports)} reports, lost: {', '.join(lost) or 'none'}")
        wrong = district.ledger.verdict(district.store_url, time.time_ns() // 1_000_000 - 60_000)
        if lost and journal_damaged not in self.faults:
            wrong.append("something was lost although no journal was damaged")
        return wrong

    def _suffer(self, district: District, fault: Fault) -> None:
        """Another may be killed in the midst of it."""
        going = fault(district, self._chance)
        self._say(next(going))
        time.sleep(self._chance.uniform(*_DURING_S))
        if self._chance.random() < 0.4:
            other = self._chance.choice(_AT_ONCE)(district, self._chance)
            self._say(f"  and {next(other)}")
            time.sleep(self._chance.uniform(*_BETWEEN_S))
            next(other, None)
        next(going, None)
        district.tend()

    def _say(self, what: str) -> None:
        print(f"  {time.monotonic() - self._begun:6.1f} s  {what}", flush=True)


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    go_apart(arguments)
    seed = random.SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
    fortnight = FEW_REPORTS if options.short else REPORTS
    failed = []
    for number in range(options.rounds):
        begun = time.monotonic()
        print(f"round {number + 1} of {options.rounds}", flush=True)
        wrong = Round(seed + number, options.fault, options.store, fortnight).run()
        for each in wrong[:20]:
            print(f"  WRONG: {each}")
        failed += [seed + number] if wrong else []
        verdict = f"FAILED; its logs are in {KEPT / str(seed + number)}" if wrong else "passed"
        print(
            f"round {number + 1}: {verdict} in {time.monotonic() - begun:.0f} s (ROUNDS=1 SEED={seed + number})",
            flush=True,
        )
    print(
        f"{options.rounds - len(failed)} of {options.rounds} rounds passed" + (f"; failed: {failed}" if failed else "")
    )
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, help="of the first round; the next ones count on")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="", help="in place of what is drawn")
    parser.add_argument("--fault", action="append", default=[], help="only these, in place of what is drawn")
    parser.add_argument("--short", action="store_true", help="a school that was away has little to tell")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""How good is detection? Districts are simulated, replayed and scored, with a plain threshold rule beside the hub.

Runs the commands that people type, and prints Markdown. With --into, recordings that lie there are not made again.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.evaluation.minutes import WORDS, Reason

SCENARIOS = ("quiet", "storms", "outages", "equinox", "degradation", "mixture")
HUB = "dltv-hub"
UPSTREAM = ("rain", "sun", "satellite", "power", "link")
Score = Mapping[str, Any]
"""What `evaluate --json` tells of one who judges."""
HEAD = (
    "| scenario | judged by | tickets | recall | precision | right cause | hard failures: h of class, median / p90 "
    "| duplicates | false on weather, sun, upstream | false otherwise | lesson minutes | of what could be seen | incidents |"
)


@dataclass(frozen=True, slots=True)
class District:
    """What is simulated."""

    schools: int
    days: int
    seed: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One scenario, scored: the hub first, then the plain rules. `pace`: lines a second of the replay, by the clock."""

    scenario: str
    lines: int
    pace: float
    scores: Mapping[str, Score]


def measure(district: District, scenario: str, place: Path) -> Measured:
    """Simulate what is not there, then replay and score it."""
    place.mkdir(parents=True, exist_ok=True)
    inventory, recording, labels, result = (
        place / name for name in ("inventory.json", "recording.ndjson.gz", "labels.json", "result.json")
    )
    if not labels.exists():
        size = ["--schools", district.schools, "--days", district.days, "--seed", district.seed]
        _run("simulate", *size, "--scenario", scenario, "--out", place)
    files = ["--inventory", inventory, "--recording", recording]
    _run("replay", *files, "--out", result)
    told = json.loads(_run("evaluate", *files, "--labels", labels, "--result", result, "--json"))
    counts = json.loads(result.read_bytes())["counts"]
    return Measured(scenario, counts["messages"], counts["messages"] / max(counts["seconds"], 0.001), told)


def _run(command: str, *arguments: object) -> str:
    said = [sys.executable, "-m", "hub", command, *map(str, arguments)]
    return subprocess.run(said, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def table(all_measured: Sequence[Measured]) -> Iterator[str]:
    """A row for each scenario and each who judges, then all of them together."""
    yield HEAD
    yield "|---|---|" + "---:|" * (HEAD.count("|") - 3)
    for each in all_measured:
        for who, score in each.scores.items():
            yield _row(each.scenario if who == HUB else "", who, score, _delay(score))
    for who in all_measured[0].scores:
        yield _row("all" if who == HUB else "", who, _pooled([each.scores[who] for each in all_measured]), "")


def _row(scenario: str, who: str, score: Score, delay: str) -> str:
    false = score["false_on"]
    cells = (
        scenario,
        who,
        score["tickets"],
        _percent(score["recall"]),
        _percent(score["precision"]),
        _percent(score["right_cause"]),
        delay,
        score["duplicates"],
        sum(false.get(what, 0) for what in UPSTREAM),
        false.get("nothing", 0),
        _error(score["lessons"], "error"),
        _error(score["lessons"], "seen_error"),
        _of(score["incidents"]),
    )
    return f"| {' | '.join(map(str, cells))} |"


def _pooled(scores: Sequence[Score]) -> Score:
    """The scores of several districts, as if they were one."""
    false = _sum(each["false_on"] for each in scores)
    seen, due = (sum(pair[n] for each in scores for pair in each["recall_by_cause"].values()) for n in (0, 1))
    pairs = [pair for each in scores for pair in each["confusion"]]
    right = sum(pair["count"] for pair in pairs if pair["true"] == pair["ticket"])
    found = sum(pair["count"] for pair in pairs)
    lessons = [each["lessons"] for each in scores if each["lessons"]]
    return {
        "tickets": sum(each["tickets"] for each in scores),
        "recall": seen / due if due else None,
        "precision": found / (found + false.total()) if found or false else None,
        "right_cause": right / found if found else None,
        "duplicates": sum(each["duplicates"] for each in scores),
        "false_on": false,
        "lessons": {
            "error": _apart(lessons, "told", "true"),
            "seen_error": _apart(lessons, "seen_told", "seen_true"),
        },
        "incidents": _sum_pairs(each["incidents"] for each in scores if each["incidents"]),
    }


def _apart(lessons: Sequence[Mapping[str, float]], told: str, true: str) -> float | None:
    whole = sum(each[true] for each in lessons)
    return sum(each[told] for each in lessons) / whole - 1 if whole else None


def _sum(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _sum_pairs(counts: Iterable[Mapping[str, Sequence[int]]]) -> Mapping[str, Sequence[int]]:
    total: dict[str, Sequence[int]] = {}
    for each in counts:
        for name, (seen, due) in each.items():
            was = total.get(name, (0, 0))
            total[name] = was[0] + seen, was[1] + due
    return total


def by_cause(all_measured: Sequence[Measured]) -> Iterator[str]:
    """Of each cause, the faults that were seen of those that could be, over all scenarios; and what they were taken for."""
    judges = list(all_measured[0].scores)
    seen = {who: _sum_pairs(each.scores[who]["recall_by_cause"] for each in all_measured) for who in judges}
    yield f"| cause | {' | '.join(judges)} | the hub took it for |"
    yield "|---|" + "---:|" * len(judges) + "---|"
    for cause in sorted(seen[HUB]):
        cells = [f"{seen[who][cause][0]} of {seen[who][cause][1]}" for who in judges]
        yield f"| `{cause}` | {' | '.join(cells)} | {_taken_for(all_measured, cause)} |"


def _taken_for(all_measured: Sequence[Measured], cause: str) -> str:
    pairs = [pair for each in all_measured for pair in each.scores[HUB]["confusion"] if pair["true"] == cause]
    wrong = _sum({pair["ticket"]: pair["count"]} for pair in pairs if pair["ticket"] != cause)
    return ", ".join(f"`{name}` {count}" for name, count in sorted(wrong.items()))


def minutes(all_measured: Sequence[Measured]) -> Iterator[str]:
    """Of all lesson minutes that the labels have, how many were told, and why others were not; by scenario."""
    yield f"| lesson minutes | {' | '.join(each.scenario for each in all_measured)} |"
    yield "|---|" + "---:|" * len(all_measured)
    accounts = [each.scores[HUB].get("minutes_by_reason", {}) for each in all_measured]
    whole = [each.scores[HUB]["lessons"]["true"] for each in all_measured]
    yield f"| lost, by the labels | {' | '.join(f'{true:,.0f}' for true in whole)} |"
    for reason in Reason:
        shares = [
            _percent(told.get(reason.value, 0) / true if true else None)
            for told, true in zip(accounts, whole, strict=True)
        ]
        yield f"| {WORDS[reason]} | {' | '.join(shares)} |"


def false_tickets(all_measured: Sequence[Measured]) -> str:
    """The causes of the hub's false tickets."""
    found = _sum(each.scores[HUB]["false_causes"] for each in all_measured)
    return ", ".join(f"`{cause}` {count}" for cause, count in sorted(found.items())) or "none"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _error(lessons: Mapping[str, float | None] | None, which: str) -> str:
    error = lessons[which] if lessons else None
    return "" if error is None else f"{100 * error:+.1f} %"


def _delay(score: Score) -> str:
    delay = score["hard_delay"]
    return "" if delay["median"] is None else f"{delay['median']:.1f} / {delay['p90']:.1f}"


def _of(incidents: Mapping[str, Sequence[int]] | None) -> str:
    if not incidents:
        return ""
    return f"{sum(pair[0] for pair in incidents.values())} of {sum(pair[1] for pair in incidents.values())}"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    district = District(options.schools, options.days, options.seed)
    measured = []
    with tempfile.TemporaryDirectory(prefix="dltv-detection-") as temporary:
        for scenario in options.scenarios:
            found = measure(district, scenario, (options.into or Path(temporary)) / scenario)
            print(f"{scenario}: {found.lines:,} lines, replayed at {found.pace:,.0f}/s", file=sys.stderr)
            measured.append(found)
    print(f"{district.schools} schools, {district.days} days, seed {district.seed}", end="\n\n")
    print(*table(measured), "", *by_cause(measured), "", *minutes(measured), "", sep="\n")
    print(f"False tickets of the hub by their cause: {false_tickets(measured)}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.detection", description=__doc__)
    parser.add_argument("--schools", type=int, default=60)
    parser.add_argument("--days", type=int, default=21)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--scenarios", nargs="+", choices=SCENARIOS, default=SCENARIOS)
    parser.add_argument("--into", type=Path, metavar="DIR", help="keep recordings and results here")
    return parser


if __name__ == "__main__":
    sys.exit(main())

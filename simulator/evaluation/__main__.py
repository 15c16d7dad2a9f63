"""Command line: `dltv-hub evaluate` scores the result of a replay against labels, with a plain threshold rule beside it."""

import argparse
import json
import sys
from pathlib import Path

from simulator.evaluation.minutes import Account, account
from simulator.evaluation.plain_rule import PlainRule, apply
from simulator.evaluation.scores import Score, score
from simulator.evaluation.table import as_json, minutes_text, text
from simulator.evaluation.told import Result, Unreadable, read_json, read_labels, read_result
from simulator.evaluation.watched import Watch, dishes_of
from simulator.schooldays import Calendar


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        scores = evaluate(options.labels, options.result, options.inventory, options.recording)
        lessons = reasons(options.labels, options.result, options.inventory, options.recording)
    except Unreadable as mistake:
        print(f"dltv-hub evaluate: {mistake}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(as_json(scores, lessons), ensure_ascii=False, indent=1))
    else:
        print(text(scores), *minutes_text(lessons), sep="\n")
    return 0


def reasons(labels: Path, result: Path | None, inventory: Path | None, recording: Path | None) -> Account | None:
    """Why lesson minutes are missing or too many; None where that cannot be known."""
    if result is None or inventory is None or recording is None:
        return None
    true, told, register = read_labels(labels), read_result(result), read_json(inventory)
    if told.lost is None:
        return None
    watch = Watch(Calendar.of(register.get("calendar", {})), dishes_of(register))
    apply(recording, (), watch)
    return account(true, told.lost, watch.missing(register, true.lost))


def evaluate(labels: Path, result: Path | None, inventory: Path | None, recording: Path | None) -> dict[str, Score]:
    """The scores by name, the hub's first."""
    calendar = Calendar.of(read_json(inventory).get("calendar", {}) if inventory else {})
    true = read_labels(labels)
    scores = {"dltv-hub": score(true, read_result(result), calendar)} if result else {}
    if recording is not None:
        always, in_class = apply(recording, (PlainRule(), PlainRule(calendar)))
        scores["plain rule"] = score(true, Result(tuple(always)), calendar)
        scores["plain rule, class hours"] = score(true, Result(tuple(in_class)), calendar)
    if not scores:
        raise Unreadable("there is nothing to score: give --result, --recording or both")
    return scores


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dltv-hub evaluate", description="Score a replay's result against labels.")
    parser.add_argument("--labels", type=Path, required=True, metavar="F", help="what was really so (labels.json)")
    parser.add_argument("--result", type=Path, metavar="F", help="what `dltv-hub replay` wrote")
    parser.add_argument("--inventory", type=Path, metavar="F", help="for the calendar; without it the usual Thai one")
    parser.add_argument("--recording", type=Path, metavar="F", help="score a plain threshold rule on it as well")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""The benchmark itself, in small: it runs the commands that people type, and adds up what they tell."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.detection import HUB, District, Measured, by_cause, false_tickets, main, measure, table


def score(seen: int, due: int, false: int = 0, took_for: str = "tv_failed") -> dict[str, Any]:
    """As `evaluate --json` has it."""
    return {
        "tickets": seen + false,
        "recall": seen / due,
        "recall_by_cause": {"tv_failed": [seen, due]},
        "precision": seen / (seen + false),
        "right_cause": 1.0,
        "confusion": [{"true": "tv_failed", "ticket": took_for, "count": seen}],
        "hard_delay": {"count": seen, "median": 1.04, "p90": 2.0},
        "duplicates": 0,
        "false_on": {"rain": false},
        "false_causes": {"lnb_failed": false} if false else {},
        "lessons": {
            "true": 100.0,
            "told": 96.0,
            "error": -0.04,
            "seen_true": 96.0,
            "seen_told": 96.0,
            "seen_error": 0.0,
        },
        "incidents": {"rain_fade": [1, 2]},
    }


@pytest.fixture
def two() -> list[Measured]:
    return [
        Measured("quiet", 9, 1.0, {HUB: score(3, 3), "plain rule": score(1, 3, 4)}),
        Measured("storms", 9, 1.0, {HUB: score(4, 5, 1, "tv_no_signal"), "plain rule": score(1, 5, 5)}),
    ]


def test_each_scenario_has_a_row_for_each_who_judges_and_all_have_one_together(two: list[Measured]) -> None:
    rows = list(table(two))[2:]
    assert rows[0] == (
        "| quiet | dltv-hub | 3 | 100.0 % | 100.0 % | 100.0 % | 1.0 / 2.0 | 0 | 0 | 0 | -4.0 % | +0.0 % | 1 of 2 |"
    )
    assert rows[1].startswith("|  | plain rule | 5 | 33.3 % | 20.0 % |")
    assert rows[4] == "| all | dltv-hub | 8 | 87.5 % | 87.5 % | 42.9 % |  | 0 | 1 | 0 | -4.0 % | +0.0 % | 2 of 4 |"
    assert len(rows) == 6


def test_each_cause_has_what_was_seen_of_it_and_what_it_was_taken_for(two: list[Measured]) -> None:
    assert list(by_cause(two))[2:] == ["| `tv_failed` | 7 of 8 | 2 of 8 | `tv_no_signal` 4 |"]
    assert false_tickets(two) == "`lnb_failed` 1"


def test_all_columns_of_the_tables_are_announced(two: list[Measured]) -> None:
    for lines in (list(table(two)), list(by_cause(two))):
        assert {line.count("|") for line in lines} == {lines[0].count("|")}


def test_a_district_is_simulated_once_and_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = measure(District(schools=2, days=2, seed=3), "quiet", tmp_path / "quiet")
    assert list(found.scores) == [HUB, "plain rule", "plain rule, class hours"]
    assert found.lines > 0
    made_at = (tmp_path / "quiet" / "labels.json").stat().st_mtime_ns
    assert main(["--schools", "2", "--days", "2", "--seed", "3", "--scenarios", "quiet", "--into", str(tmp_path)]) == 0
    assert (tmp_path / "quiet" / "labels.json").stat().st_mtime_ns == made_at
    assert "| quiet | dltv-hub |" in capsys.readouterr().out

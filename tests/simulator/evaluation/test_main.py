"""`dltv-hub evaluate`: figures from files, beside a plain rule, for people and for machines."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.evaluation.__main__ import evaluate, main

FILES = {"labels": "labels.json", "inventory": "inventory.json", "recording": "recording.ndjson.gz"}


@pytest.fixture
def perfect(tmp_path: Path, labels: dict[str, Any]) -> Path:
    """The result of a hub that knows everything."""
    tickets = [
        {
            **{key: fault[key] for key in ("school", "device", "dish", "cause", "onset_at")},
            "opened_at": fault["onset_at"],
        }
        for fault in labels["faults"]
    ]
    path = tmp_path / "result.json"
    told = {key: labels[key] for key in ("incidents", "lesson_minutes_lost", "usage_minutes")}
    path.write_text(json.dumps({"tickets": tickets, **told}), "utf-8")
    return path


def test_a_hub_that_knows_everything_has_every_mark(written: Path, perfect: Path) -> None:
    score = evaluate(written / "labels.json", perfect, written / "inventory.json", None)["dltv-hub"]
    assert (score.recall, score.precision, score.right_cause, score.duplicates) == (1.0, 1.0, 1.0, 0)
    assert (score.delay.median, score.hard_delay.p90, score.missed) == (0.0, 0.0, ())
    assert score.lessons is not None
    assert (score.lessons.error, score.lessons.scatter) == (0.0, 0.0)
    assert score.incidents is not None
    assert all(found == due for found, due in score.incidents.values())


def test_a_plain_rule_stands_beside_it_and_is_worse(written: Path, perfect: Path) -> None:
    scores = evaluate(written / "labels.json", perfect, written / "inventory.json", written / "recording.ndjson.gz")
    plain = scores["plain rule, class hours"]
    assert list(scores) == ["dltv-hub", "plain rule", "plain rule, class hours"]
    assert plain.precision is not None
    assert plain.precision < 0.5
    assert plain.false_on["rain"] > 0


def test_the_table_names_every_bar(written: Path, perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--labels", str(written / "labels.json"), "--result", str(perfect)]) == 0
    table = capsys.readouterr().out
    for words in ("recall", "precision", "right cause", "delay", "duplicates", "false on rain", "lesson minutes"):
        assert words in table


def test_with_a_recording_it_says_why_minutes_are_missing(
    written: Path, perfect: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [f"--{name}={written / file}" for name, file in FILES.items()]
    assert main([*files, "--result", str(perfect), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["dltv-hub"]
    assert told["minutes_by_reason"]["told"] == pytest.approx(told["lessons"]["true"], abs=1)
    assert main([*files, "--result", str(perfect)]) == 0
    assert "lesson minutes by reason" in capsys.readouterr().out


def test_the_figures_come_as_json(written: Path, perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--labels", str(written / "labels.json"), "--result", str(perfect), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["dltv-hub"]
    assert told["recall"] == 1.0
    assert all(each["true"] == each["ticket"] for each in told["confusion"])


@pytest.mark.parametrize("content", ["", "[]", '{"tickets": [{"school": "s1"}]}'])
def test_a_file_that_is_no_result_is_one_line(
    written: Path, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "result.json").write_text(content, "utf-8")
    assert main(["--labels", str(written / "labels.json"), "--result", str(tmp_path / "result.json")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_nothing_to_score_is_said(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--labels", str(written / "labels.json")]) == 2
    assert "--result" in capsys.readouterr().err

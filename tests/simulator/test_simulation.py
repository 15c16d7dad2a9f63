"""The same seed gives the same district, to the last byte; and what a day holds does not depend on the days after it."""

from datetime import date
from pathlib import Path

import pytest

from simulator.__main__ import main, write
from simulator.evaluation.plain_rule import read_recording
from simulator.scenarios import SCENARIOS
from simulator.world import plan

FILES = ("inventory.json", "recording.ndjson.gz", "labels.json")


def _run(out: Path, *options: str) -> list[bytes]:
    assert main(["--schools", "3", "--days", "2", "--from", "2026-06-08", "--out", str(out), *options]) == 0
    return [(out / name).read_bytes() for name in FILES]


def test_one_seed_is_one_district(tmp_path: Path) -> None:
    assert _run(tmp_path / "a", "--seed", "5") == _run(tmp_path / "b", "--seed", "5")


def test_another_seed_is_another_district(tmp_path: Path) -> None:
    assert _run(tmp_path / "a", "--seed", "5") != _run(tmp_path / "b", "--seed", "6")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_can_be_written(tmp_path: Path, scenario: str) -> None:
    world = plan(2, SCENARIOS[scenario], 3, date.fromisoformat(SCENARIOS[scenario].first), 1)
    write(world, tmp_path)
    assert sum(1 for _ in read_recording(tmp_path / "recording.ndjson.gz")) > 100


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--schools", "1", "--days", "1", "--out", str(tmp_path / "file" / "sub")]) == 2
    assert capsys.readouterr().err.startswith("dltv-hub simulate: cannot write to ")


def test_a_district_without_schools_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--schools", "0", "--out", str(tmp_path)]) == 2
    assert "--schools" in capsys.readouterr().err


def test_attenuation_by_a_package_that_is_not_there_names_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "itur.models", None)
    assert main(["--attenuation", "itur", "--out", str(tmp_path)]) == 2
    assert "dltv-fleet[simulate]" in capsys.readouterr().err

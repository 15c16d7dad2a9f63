"""The command `dltv-bench` as it is typed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import config
from bench.__main__ import DEMO, main
from bench.catalogue import catalogue
from bench.fault_book import FaultBook

DEMO_FAULTS = FaultBook(config.load(DEMO)).faults


@pytest.fixture
def running(settings_file: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench", "run", str(settings_file), "--dir", str(tmp_path / "run")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("faults"):
            break
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def typed(tmp_path: Path, *words: str) -> int:
    return main([*words, "--dir", str(tmp_path / "run")])


@pytest.mark.e2e
def test_break_list_and_mend(
    running: subprocess.Popen[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(tmp_path, "fault", "tv-dead") == 0
    assert capsys.readouterr().out == "active faults: tv-dead\n"
    assert typed(tmp_path, "fault") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(DEMO_FAULTS) + 1
    assert [line for line in lines if line.startswith("* ")] == [lines[0]]
    assert typed(tmp_path, "mend", "all") == 0
    assert capsys.readouterr().out == "everything is in order\n"


@pytest.mark.e2e
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_when_told(running: subprocess.Popen[str], tmp_path: Path, number: int) -> None:
    os.kill(running.pid, number)
    assert running.wait(60) == 0
    assert list((tmp_path / "run").iterdir()) == []


@pytest.mark.e2e
def test_an_unknown_fault_is_one_line_and_exit_code_2(
    running: subprocess.Popen[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(tmp_path, "fault", "tv-deda") == 2
    assert capsys.readouterr().err == "dltv-bench: no fault 'tv-deda'; did you mean 'tv-dead'?\n"
    assert typed(tmp_path, "mend", "tv-deda") == 2


def test_without_a_bench_one_line_says_how_to_start_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(tmp_path, "fault", "tv-dead") == 2
    assert capsys.readouterr().err.endswith("start it with 'make run' (or 'dltv-bench run')\n")


def test_the_list_is_shown_without_a_bench_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(tmp_path, "fault") == 2
    shown = capsys.readouterr()
    assert all(name in shown.out for name in DEMO_FAULTS)
    assert "make run" in shown.err


def test_a_typo_in_the_settings_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bench.toml"
    path.write_text('[[device]]\nkey = "p1-tv"\nroom = "p1"\nspeaks = "lg-rs232"\nset_idd = 1\n')
    assert typed(tmp_path, "run", str(path)) == 2
    assert capsys.readouterr().err == f"dltv-bench: {path}: p1-tv.set_idd: no such key; did you mean 'set_id'?\n"


def test_what_can_be_spoken_is_listed_with_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speaks"]) == 0
    shown = capsys.readouterr().out
    for name, simulator in catalogue().items():
        assert f"{name}  ({simulator.title})" in shown
    assert "psk" in shown

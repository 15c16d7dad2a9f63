"""dltv-hub replay, as a person meets it."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from hub.__main__ import main

pytestmark = pytest.mark.e2e


@pytest.fixture
def command(stage, days):
    """The command line for a recording of one day."""
    told = days.by_time([days.school_day(code, 2) for code in days.SCHOOLS])
    wish = stage.wish(told)
    return ["replay", *_option("inventory", wish), *_option("recording", wish), *_option("out", wish)]


def _option(name, wish):
    return f"--{name}", str(getattr(wish, name))


def complaint(capsys, *arguments: str) -> str:
    assert main(list(arguments)) == 2
    [line] = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("dltv-hub: ")
    return line


def test_it_writes_a_result_and_says_what_it_came_to(command, capsys):
    assert main(command) == 0
    found = orjson.loads(Path(command[-1]).read_bytes())
    assert set(found) == {"tickets", "incidents", "lesson_minutes_lost", "usage_minutes", "counts"}
    assert found["counts"]["messages"] > 300
    assert found["counts"]["rejected"] == 0
    [line] = capsys.readouterr().err.strip().splitlines()
    assert "tickets" in line


def test_evidence_is_told_in_english(command):
    assert main(command) == 0
    evidence = [
        each for ticket in orjson.loads(Path(command[-1]).read_bytes())["tickets"] for each in ticket["evidence"]
    ]
    assert evidence
    assert all(" " in each and each.isascii() for each in evidence)


@pytest.mark.parametrize(("option", "at"), [("--inventory", 2), ("--recording", 4), ("--out", 6)])
def test_a_file_that_is_not_there_is_named(command, capsys, option, at):
    command[at] = command[at] + "/nowhere"
    assert "nowhere" in complaint(capsys, *command)


def test_settings_are_read(command, capsys, tmp_path):
    (tmp_path / "hub.toml").write_text("[detection]\nsilent_class_min = -1\n")
    assert "silent_class_min" in complaint(capsys, *command, "--settings", str(tmp_path / "hub.toml"))


def test_progress_is_said_where_that_is_asked_for(command, capsys):
    assert main([*command, "--progress", "--batch", "100"]) == 0
    assert "replaying [" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)])
def test_stopped_it_leaves_no_result_and_goes_on_when_asked_again(command, tmp_path, number, code):
    whole, keep = Path(command[-1]), tmp_path / "kept.db"
    assert main(command) == 0
    expected = orjson.loads(whole.read_bytes())
    whole.unlink()
    again = [*command, "--keep", str(keep), "--batch", "3"]
    with subprocess.Popen([sys.executable, "-m", "hub", *again], stderr=subprocess.PIPE) as process:
        _wait_for_batches(keep)
        os.kill(process.pid, number)
        assert process.wait(90) == code
        assert b"Traceback" not in (process.stderr.read() if process.stderr else b"")
    assert not whole.exists()
    assert main(again) == 0
    found = orjson.loads(whole.read_bytes())
    for each in (found, expected):
        del each["counts"]["seconds"]
    assert found == expected


def _wait_for_batches(database: Path) -> None:
    """Until some of the recording is done, and most of it is not."""
    import sqlite3

    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
                if connection.execute("SELECT count(*) FROM report").fetchone()[0] > 40:
                    return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.005)
    raise AssertionError("nothing was replayed")

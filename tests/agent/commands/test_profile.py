"""`dltv-agent profile check`, as a person meets it."""

import shutil
from pathlib import Path

import pytest

from agent.__main__ import main

ROOT = Path(__file__).parents[3]
LG = ROOT / "firmware_profiles" / "lg" / "rs232.toml"
CASES = ROOT / "tests" / "transcripts" / "lg" / "rs232"


def test_a_fine_profile_is_said_to_be_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "check", str(LG)]) == 0
    assert capsys.readouterr().out == "fine: lg/rs232, a tv with 6 metrics in 6 polls\n"


def test_every_mistake_is_a_line_on_stderr_and_exit_code_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "lg" / "rs232.toml"
    file.parent.mkdir()
    file.write_text(LG.read_text("utf-8").replace("panel/temp_c", "panel/temperature"), "utf-8")
    assert main(["profile", "check", str(file)]) == 2
    line = capsys.readouterr().err.strip()
    assert "poll[3].read[0].metric" in line
    assert 'did you mean "panel/temp_c"?' in line


def test_all_sessions_of_a_folder_are_played(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "check", str(LG), "--transcript", str(CASES)]) == 0
    assert "fine: normal, 7 values as expected" in capsys.readouterr().out


def test_a_session_that_asks_something_else_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    case = tmp_path / "normal"
    shutil.copytree(CASES / "normal", case)
    session = (case / "session.txt").read_text("utf-8")
    (case / "session.txt").write_text(session.replace("> sv 01 02 ff", "> sv 01 03 ff"), "utf-8")
    assert main(["profile", "check", str(LG), "--transcript", str(case)]) == 2
    assert "normal: the profile says > sv 01 02 ff\\r, the recording has > sv 01 03 ff\\r" in capsys.readouterr().err


def test_a_value_that_differs_from_what_is_expected_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    case = tmp_path / "normal"
    shutil.copytree(CASES / "normal", case)
    expected = (case / "expected.toml").read_text("utf-8")
    (case / "expected.toml").write_text(expected.replace("7210", "7211"), "utf-8")
    assert main(["profile", "check", str(LG), "--transcript", str(case)]) == 2
    assert capsys.readouterr().err == "normal: panel/hours should be 7211 and is 7210\n"


def test_a_recording_that_goes_on_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    case = tmp_path / "normal"
    shutil.copytree(CASES / "normal", case)
    with (case / "session.txt").open("a") as session:
        session.write("> zz 01 ff\\r\n")
    assert main(["profile", "check", str(LG), "--transcript", str(case)]) == 2
    assert "the recording goes on with > zz 01 ff" in capsys.readouterr().err


@pytest.mark.parametrize("session", ["nothing of the sort", "> \\q"])
def test_a_session_that_is_none_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, session: str) -> None:
    case = tmp_path / "normal"
    shutil.copytree(CASES / "normal", case)
    (case / "session.txt").write_text(session)
    assert main(["profile", "check", str(LG), "--transcript", str(case)]) == 2
    assert "session.txt:1: " in capsys.readouterr().err


@pytest.mark.parametrize("file", ["/nonexistent/x/y.toml", str(ROOT)])
def test_a_file_that_cannot_be_read_is_one_line(capsys: pytest.CaptureFixture[str], file: str) -> None:
    assert main(["profile", "check", file]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_folder_without_sessions_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["profile", "check", str(LG), "--transcript", str(tmp_path)]) == 2
    assert "holds no session.txt" in capsys.readouterr().err

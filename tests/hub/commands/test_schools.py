"""`dltv-hub schools import` at the console."""

from pathlib import Path

import pytest

from hub.__main__ import main

LIST = "รหัสโรงเรียน,ชื่อโรงเรียน,จำนวนนักเรียน\n36030001,บ้านหนองน้ำใส,64\n36030002,บ้านโนนสะอาด,48\n"


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    path = tmp_path / "schools.csv"
    path.write_bytes(LIST.encode("cp874"))
    return path


def run(path: Path, *more: str) -> int:
    return main(["schools", "import", str(path), "--data-dir", str(path.parent / "data"), *more])


def test_without_apply_it_only_says_what_would_change(schools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(schools) == 0
    assert run(schools) == 0
    said = capsys.readouterr().out
    assert said.count("2 new, 0 changed, 0 the same") == 2
    assert "add --apply" in said


def test_with_apply_the_register_has_it(schools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(schools, "--apply") == 0
    schools.write_text(LIST.replace("64", "65"), "utf-8")
    assert run(schools, "--apply") == 0
    said = capsys.readouterr().out
    assert "36030001 บ้านหนองน้ำใส: pupils 64 -> 65" in said
    assert "0 new, 1 changed, 1 the same" in said


def test_what_was_taken_over_is_told(schools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(schools, "--apply")
    assert "taken over: 2 schools added to the register, 0 corrected in it" in capsys.readouterr().out
    run(schools, "--apply")
    assert "the register had all of it already; nothing was changed" in capsys.readouterr().out


def test_every_mistake_is_told_with_its_row_and_nothing_changes(
    schools: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schools.write_text(LIST + ",ไม่มีรหัส,5\n36030001,ซ้ำ,x\n", "utf-8")
    assert run(schools, "--apply") == 2
    told = capsys.readouterr().err
    assert "row 4 code: is empty" in told
    assert "row 5 pupils: is no number x" in told
    assert "nothing was changed" in told


def test_a_file_that_is_no_table_is_refused_in_one_line(schools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schools.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert run(schools) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1

"""`dltv-hub assets import` and `export` at the console."""

from pathlib import Path

import pytest

from hub.__main__ import main

SCHOOLS = "รหัสโรงเรียน,ชื่อโรงเรียน\n36030001,บ้านหนองน้ำใส\n"
LIST = (
    "หมายเลขครุภัณฑ์,ชนิด,รหัสโรงเรียน,ห้อง,ราคา (บาท),วันที่ได้มา\n"
    '7730-001-0001,โทรทัศน์,36030001,ป.1,"12,990.50",17/5/2567\n'
    "5820-001-0001,กล่องรับสัญญาณ,36030001,ป.1,,\n"
)


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    schools, path = tmp_path / "schools.csv", tmp_path / "assets.csv"
    schools.write_text(SCHOOLS, "utf-8")
    path.write_bytes(LIST.encode("cp874"))
    assert run("schools", "import", schools, "--apply") == 0
    return path


def run(command: str, verb: str, path: Path, *more: str) -> int:
    return main([command, verb, str(path), "--data-dir", str(path.parent / "data"), *more])


def test_without_apply_it_only_says_what_would_change(assets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("assets", "import", assets) == 0
    assert run("assets", "import", assets) == 0
    said = capsys.readouterr().out
    assert said.count("2 new, 0 changed, 0 the same") == 2
    assert "add --apply" in said


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_what_is_exported_comes_back_as_it_was(
    assets: Path, capsys: pytest.CaptureFixture[str], name: str, language: str
) -> None:
    assert run("assets", "import", assets, "--apply") == 0
    out = assets.parent / name
    assert run("assets", "export", out, "--language", language) == 0
    assert run("assets", "import", out) == 0
    assert "0 new, 0 changed, 2 the same; 0 that are not" in capsys.readouterr().out


def test_every_mistake_is_told_with_its_row_and_nothing_changes(
    assets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assets.write_text(LIST + "x,ยานอวกาศ,99,,free,\n", "utf-8")
    assert run("assets", "import", assets, "--apply") == 2
    told = capsys.readouterr().err
    assert "row 4 kind: ยานอวกาศ is no kind of equipment" in told
    assert "row 4 price: free is no number" in told
    assets.write_text(LIST, "utf-8")
    assert run("assets", "import", assets) == 0
    assert "2 new" in capsys.readouterr().out


def test_a_file_that_cannot_be_is_refused_in_one_line(assets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("assets", "import", assets.parent / "missing.csv") == 2
    assert run("assets", "export", assets.parent / "out.pdf") == 2
    (assets.parent / "folder.csv").mkdir()
    assert run("assets", "export", assets.parent / "folder.csv") == 2
    assert len(capsys.readouterr().err.splitlines()) == 3

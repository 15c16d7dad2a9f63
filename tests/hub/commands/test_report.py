"""`dltv-hub report`, as it is typed."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from hub.__main__ import main
from hub.store.opening import open_store
from hub.store.tables import school
from tests.stores import database


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    store = open_store(database(tmp_path / "hub.db"))
    with store.begin() as work:
        work.connection.execute(insert(school).values(group="cpm3", code="1", name="a", pupils=30))
    store.close()
    return ["--data-dir", str(tmp_path), "--out", str(tmp_path / "out")]


@pytest.mark.parametrize(
    ("asked", "files"),
    [
        (["--month", "2570-01"], ["F07-2570-01.pdf", "F17-2570-01.pdf", "F18-2570-01.pdf", "F19-2570-01.pdf"]),
        (
            ["--quarter", "2570-1"],
            ["F07-2570-q1.pdf", "F17-2570-q1.pdf", "F18-2570-q1.pdf", "F19-2570-q1.pdf", "M01-2570-q1.pdf"],
        ),
        (
            ["--year", "2570"],
            ["F07-2570.pdf", "F17-2570.pdf", "F18-2570.pdf", "F19-2570.pdf", "F28-2570.pdf", "M01-2570.pdf"],
        ),
    ],
)
def test_each_paper_is_a_file(place: list[str], tmp_path: Path, asked: list[str], files: list[str]) -> None:
    assert main(["report", *asked, *place]) == 0
    made = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert made[:-1] == files
    assert made[-1].startswith("report-2570")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--month", "2570-13"], "write 2570-01 for a month"),
        (["--year", "2027"], "is no period"),
        (["--group", "other"], "there are cpm3"),
    ],
)
def test_a_mistake_is_one_line_with_the_way_out(
    place: list[str], capsys: pytest.CaptureFixture[str], asked: list[str], words: str
) -> None:
    assert main(["report", *asked, *place]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert words in line

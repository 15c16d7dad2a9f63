import os
from pathlib import Path

import pytest

from agent.adapters.finds_file import NAME, FindsFile
from agent.core.finds import Find, Finds

TV = Find("tv", "/dev/a")


def kept(folder: Path) -> Finds:
    finds = Finds()
    finds.name(TV, {"new-tv-1"})
    FindsFile(folder).keep(finds)
    return finds


def test_what_is_kept_can_be_read(tmp_path: Path) -> None:
    finds = kept(tmp_path)
    assert FindsFile(tmp_path).read().as_text() == finds.as_text()
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


def test_without_a_file_nothing_was_found(tmp_path: Path) -> None:
    assert FindsFile(tmp_path).read().name(TV, ()) == "new-tv-1"


def test_a_broken_file_is_as_none(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"\xff{" + os.urandom(50))
    assert FindsFile(tmp_path).read().name(TV, ()) == "new-tv-1"


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / NAME).mkdir()
    FindsFile(tmp_path).read()
    kept(tmp_path)
    kept(tmp_path / "absent")
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 3

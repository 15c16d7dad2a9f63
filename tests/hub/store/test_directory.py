"""One hub a directory."""

from pathlib import Path

import pytest

from hub.store.directory import DataDirectory, DirectoryTaken, DirectoryUnusable


def test_it_is_made_where_it_is_missing(tmp_path: Path) -> None:
    DataDirectory(tmp_path / "a" / "b").release()
    assert (tmp_path / "a" / "b").is_dir()


def test_a_second_hub_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    first = DataDirectory(tmp_path)
    with pytest.raises(DirectoryTaken, match="--data-dir"):
        DataDirectory(tmp_path)
    first.release()
    DataDirectory(tmp_path).release()


def test_a_place_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DirectoryUnusable, match=r"file.*--data-dir"):
        DataDirectory(tmp_path / "file" / "hub")

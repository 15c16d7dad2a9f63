"""One hub a directory."""

from pathlib import Path

import pytest

from hub.store.directory import DataDirectory, DirectoryTaken, DirectoryUnusable, kept_secret


def test_it_is_made_where_it_is_missing(tmp_path: Path) -> None:
    DataDirectory(tmp_path / "a" / "b").release()
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


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


def test_a_secret_stays_the_same_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "feeds.key"
    secret = kept_secret(path)
    assert len(secret) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept_secret(path) == secret
    assert kept_secret(tmp_path / "other.key") != secret


@pytest.mark.parametrize("left", [b"", b"half"])
def test_a_secret_that_was_cut_short_is_made_anew(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "feeds.key"
    path.write_bytes(left)
    path.with_suffix(".new").write_bytes(left)
    assert len(kept_secret(path)) == 32
    assert path.stat().st_mode & 0o777 == 0o600

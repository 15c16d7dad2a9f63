import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provisioning.adapters.files import DiskFiles, told
from provisioning.errors import BadRelease, DiskFull, OperatorError


@pytest.fixture
def files() -> DiskFiles:
    return DiskFiles()


def test_a_file_is_flushed_before_its_name_and_the_name_before_anything_else(
    files: DiskFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a power cut leaves an empty file under the right name."""
    done: list[str] = []
    flush, rename = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        done.append("folder" if Path(f"/proc/self/fd/{handle}").resolve().is_dir() else "file")
        flush(handle)

    def replace(path: Path, target: Any) -> Path:
        done.append("name")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    files.write(tmp_path / "x", b"new")
    files.point(tmp_path / "link", tmp_path)
    assert done == ["file", "name", "folder", "name", "folder"]


def test_a_key_is_for_nobody_else_from_its_birth(files: DiskFiles, tmp_path: Path) -> None:
    seen: list[int] = []

    def look(event: str, arguments: tuple[object, ...]) -> None:
        if event == "os.rename" and str(arguments[0]).startswith(str(tmp_path)):
            seen.append(Path(str(arguments[0])).stat().st_mode & 0o777)

    sys.addaudithook(look)
    files.write(tmp_path / "key.pem", b"secret", 0o600)
    assert seen == [0o600]


def test_what_a_power_cut_left_beside_a_file_does_not_disturb(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "x.new").write_bytes(b"half")
    files.write(tmp_path / "x", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_link_is_replaced_in_one_step(files: DiskFiles, tmp_path: Path) -> None:
    for name in ("1", "2"):
        (tmp_path / "releases" / name).mkdir(parents=True)
        files.point(tmp_path / "current", tmp_path / "releases" / name)
    assert files.target(tmp_path / "current") == (tmp_path / "releases" / "2").resolve()
    assert str((tmp_path / "current").readlink()) == "releases/2"


def test_a_link_that_leads_nowhere_has_no_target(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("nowhere")
    assert files.target(tmp_path / "current") is None


def test_a_file_that_is_longer_than_it_may_be_is_none(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    assert files.read(tmp_path / "x", 5) == b"12345"
    assert files.read(tmp_path / "x", 4) is None
    assert files.read(tmp_path / "y", 4) is None


def test_a_folder_is_not_made_through_somebody_elses_link(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "identities").symlink_to(tmp_path)
    with pytest.raises(OperatorError, match="is a link"):
        files.folder(tmp_path / "identities")


def test_removing_follows_no_link(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to("kept")
    files.remove(tmp_path / "link")
    files.remove(tmp_path / "never there")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EROFS, OperatorError)]
)
def test_a_full_disk_is_told_from_a_broken_one(number: int, kind: type[Exception]) -> None:
    def fail() -> None:
        with told("x cannot be written"):
            raise OSError(number, "no")

    with pytest.raises(kind, match="x cannot be written"):
        fail()


def test_an_archive_is_unpacked(files: DiskFiles, tmp_path: Path, archive: Callable[..., Path]) -> None:
    files.extract(archive({"a/b": b"1"}), tmp_path / "into", 100)
    assert (tmp_path / "into" / "a" / "b").read_bytes() == b"1"


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a\\x", "c:x"])
def test_nothing_leads_out_of_an_archive(
    files: DiskFiles, tmp_path: Path, archive: Callable[..., Path], name: str
) -> None:
    with pytest.raises(BadRelease, match="outside"):
        files.extract(archive({name: b"1"}), tmp_path / "into", 100)
    assert not (tmp_path / "into").exists()


def test_an_archive_may_not_grow_past_what_is_allowed(
    files: DiskFiles, tmp_path: Path, archive: Callable[..., Path]
) -> None:
    with pytest.raises(BadRelease, match="more than"):
        files.extract(archive({"a": b"1" * 101}), tmp_path / "into", 100)


def test_what_is_no_archive_is_refused(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(BadRelease, match="no archive"):
        files.extract(tmp_path / "x.zip", tmp_path / "into", 100)


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Path]:
    import zipfile

    def make(members: dict[str, bytes]) -> Path:
        path = tmp_path / "archive.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, data in members.items():
                zipped.writestr(name, data)
        return path

    return make

"""One file that holds many, and says so when it is not whole."""

import io
import tarfile
from pathlib import Path

import pytest

from hub.backups.archive import MANIFEST, Manifest, digest, unpack, write
from hub.backups.errors import BackupMistake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    (made / "data" / "pki").mkdir(parents=True)
    (made / "database.sqlite3").write_bytes(b"x" * 100_000)
    (made / "data" / "pki" / "authority-1.key").write_text("secret")
    return made


def manifest_of(folder: Path) -> Manifest:
    files = {str(path.relative_to(folder)): digest(path) for path in folder.rglob("*") if path.is_file()}
    return Manifest(1_790_000_000_000, "1.0", "0007", files)


@pytest.fixture
def archive(folder: Path, tmp_path: Path) -> Path:
    write(tmp_path / "one.tar.gz", manifest_of(folder), folder)
    return tmp_path / "one.tar.gz"


def test_what_was_put_in_comes_out_readable_by_the_owner_only(archive: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert unpack(archive, tmp_path / "out") == manifest_of(folder)
    key = tmp_path / "out" / "data" / "pki" / "authority-1.key"
    assert key.read_text() == "secret"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700


def test_the_file_itself_is_readable_by_the_owner_only(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600


def test_a_failure_leaves_no_half_file(folder: Path, tmp_path: Path) -> None:
    manifest = Manifest(1, "1.0", "0007", {"missing": "0"})
    with pytest.raises(OSError, match="missing"):
        write(tmp_path / "two.tar.gz", manifest, folder)
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def test_a_file_that_was_cut_off_is_refused(archive: Path, tmp_path: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupMistake, match="use an earlier one"):
        unpack(archive, tmp_path / "out")


def hostile(path: Path, name: str, manifest: Manifest) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for member, data in ((MANIFEST, manifest.encode()), (name, b"evil")):
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("name", ["../evil", "/evil", "data/../../evil"])
def test_nothing_is_written_outside(name: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupMistake):
        unpack(hostile(tmp_path / "e", name, Manifest(1, "1", "1", {name: "0"})), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_what_is_not_on_the_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupMistake, match="not on its list"):
        unpack(hostile(tmp_path / "e", "more", Manifest(1, "1", "1", {})), tmp_path / "out")


def test_what_is_damaged_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupMistake, match="is damaged"):
        unpack(hostile(tmp_path / "e", "more", Manifest(1, "1", "1", {"more": "0"})), tmp_path / "out")


def test_something_else_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hello")
    with pytest.raises(BackupMistake, match="no whole backup"):
        unpack(tmp_path / "x", tmp_path)

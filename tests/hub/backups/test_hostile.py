"""A file that claims to be a backup, from somebody who knows how they are made."""

import io
import shutil
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.backups.archive import MANIFEST, Manifest, unpack, write
from hub.backups.errors import BackupMistake
from tests.abuse import times

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def packed(folder: Path, *members: tarfile.TarInfo, said: bytes | None = None) -> Path:
    """Each plain file among the members holds "abc"."""
    names = {member.name: ABC for member in members}
    told = Manifest(1, "1", "1", names).encode() if said is None else said
    head = tarfile.TarInfo(MANIFEST)
    head.size = len(told)
    with tarfile.open(folder / "b.tar.gz", "w:gz") as tar:
        tar.addfile(head, io.BytesIO(told))
        for member in members:
            tar.addfile(member, io.BytesIO(b"abc"))
    return folder / "b.tar.gz"


def member(name: str, kind: bytes = tarfile.REGTYPE, leads_to: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, leads_to, 3 if kind == tarfile.REGTYPE else 0
    return made


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_only_plain_files_are_taken(tmp_path: Path, kind: bytes) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupMistake, match="not on its list"):
        unpack(packed(tmp_path, member("data", kind, "/etc/passwd")), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupMistake, match="not on its list"):
        unpack(packed(tmp_path, member("data"), member("data")), tmp_path / "out")


@pytest.mark.parametrize(
    "said",
    [b"[" * 100_000, b"[]", b"7", b'{"files": [], "made_at": 1}', b'{"files": {"a": "b"}, "made_at": 1e999}', b"\xff"],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, said: bytes) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupMistake, match="no whole backup"):
        unpack(packed(tmp_path, said=said), tmp_path / "out")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "data").write_bytes(b"abc")
    write(folder / "b.tar.gz", Manifest(1, "1", "1", {"data": ABC}), folder)
    return (folder / "b.tar.gz").read_bytes()


@settings(max_examples=times(60))
@given(at=st.floats(0, 1), change=st.binary(max_size=6), cut=st.booleans())
def test_whatever_is_changed_in_it_it_is_whole_or_refused(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, at: float, change: bytes, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    place = int(at * len(whole))
    (folder / "b.tar.gz").write_bytes(whole[:place] + change + (b"" if cut else whole[place + len(change) :]))
    (folder / "out").mkdir()
    try:
        unpack(folder / "b.tar.gz", folder / "out")
        assert (folder / "out" / "data").read_bytes() == b"abc"
    except BackupMistake as mistake:
        assert "use an earlier one" in str(mistake)  # noqa: PT017 - whole, or this
    shutil.rmtree(folder)

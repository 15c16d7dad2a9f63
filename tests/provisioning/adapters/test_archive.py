"""Archives whose bytes somebody has changed, or made so that they hurt."""

import contextlib
import io
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.adapters.archive import MAX_FILES, extract
from provisioning.errors import BadRelease
from tests.abuse import times

MOST = 10_000


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made


def test_a_link_is_a_file_that_holds_where_it_would_lead(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    extract(zipped((link, b"/etc"), ("link2", b"x")), "a.zip", tmp_path, MOST)
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "link").read_bytes() == b"/etc"


def test_too_many_files_are_refused_before_one_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadRelease, match="more than"):
        extract(zipped(*((f"{number}", b"") for number in range(MAX_FILES + 1))), "a.zip", tmp_path, MOST)
    assert list(tmp_path.iterdir()) == []


def test_no_more_is_written_than_a_file_says_of_itself(tmp_path: Path) -> None:
    bomb = zipped(("a", b"0" * 5_000_000)).getvalue()
    said = (5_000_000).to_bytes(4, "little")
    with pytest.raises(BadRelease):
        extract(io.BytesIO(bomb.replace(said, (9_000).to_bytes(4, "little"))), "a.zip", tmp_path, MOST)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= MOST


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_one_file(tmp_path: Path) -> None:
    extract(zipped(("a", b"1"), ("a", b"22")), "a.zip", tmp_path, MOST)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


WHOLE = zipped(("folder/a", b"abc" * 100), ("b", b"x" * 50)).getvalue()


@settings(max_examples=times(100))
@given(at=st.integers(0, len(WHOLE)), change=st.binary(max_size=6), cut=st.booleans())
def test_whatever_is_changed_in_it_nothing_lands_outside_and_no_other_error_comes_out(
    tmp_path_factory: pytest.TempPathFactory, at: int, change: bytes, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("zip")
    changed = WHOLE[:at] + change + (b"" if cut else WHOLE[at + len(change) :])
    with contextlib.suppress(BadRelease, OSError):
        extract(io.BytesIO(changed), "a.zip", folder / "in" / "to", MOST)
    assert [path.name for path in folder.iterdir()] in ([], ["in"])
    assert [path.name for path in (folder / "in").iterdir()] == ["to"] if (folder / "in").exists() else True
    shutil.rmtree(folder)

from pathlib import Path

import pytest

from agent.adapters.handoff_files import HandoffFiles
from agent.core.wishes import Wish, WishKind
from wire.handoff import WANTED, Health, Wanted


def test_a_wish_leaves_those_of_other_kinds_alone(tmp_path: Path) -> None:
    files = HandoffFiles(tmp_path)
    files.want(Wish(WishKind.RELEASE, "1.0"))
    files.want(Wish(WishKind.PROFILES, "p1"))
    files.want(Wish(WishKind.RELEASE, "1.1"))
    assert Wanted.read(tmp_path) == Wanted("1.1", None, "p1")


def test_a_damaged_file_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / WANTED).write_text("{")
    HandoffFiles(tmp_path).want(Wish(WishKind.CONFIG, "c7"))
    assert Wanted.read(tmp_path) == Wanted(config="c7")


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = HandoffFiles(tmp_path / "missing")
    files.tell(Health("1.0", 1))
    files.want(Wish(WishKind.CONFIG, "c7"))
    assert len(caplog.records) == 1

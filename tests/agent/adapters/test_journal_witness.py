import os
import shutil
from pathlib import Path

import pytest

from agent.adapters.journal_witness import ATTRIBUTE, FILE_NAME, JournalWitness


def test_what_was_told_is_known_after_a_restart(tmp_path: Path) -> None:
    JournalWitness(tmp_path).tell("one", 7)
    assert JournalWitness(tmp_path).told("one") == 7


def test_of_another_epoch_nothing_is_known(tmp_path: Path) -> None:
    JournalWitness(tmp_path).tell("one", 7)
    assert JournalWitness(tmp_path).told("two") == 0


def test_what_was_told_does_not_shrink(tmp_path: Path) -> None:
    witness = JournalWitness(tmp_path)
    witness.tell("one", 7)
    witness.tell("one", 3)
    assert (witness.told("one"), JournalWitness(tmp_path).told("one")) == (7, 7)


def test_a_new_epoch_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    witness = JournalWitness(tmp_path)
    witness.tell("a-longer-name", 1_000_000)
    witness.tell("one", 1)
    assert (JournalWitness(tmp_path).told("one"), JournalWitness(tmp_path).told("a-longer-name")) == (1, 0)


@pytest.mark.parametrize("damage", [b"\xff" * 300, b"one 5 6", b"one 00000000000000000009 00000000\n"])
def test_a_damaged_witness_knows_nothing_and_says_that_it_is_damaged(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(damage)
    witness = JournalWitness(tmp_path)
    assert (witness.told("one"), witness.damaged) == (0, True)
    witness.begin("two", 5)
    assert (witness.damaged, JournalWitness(tmp_path).damaged) == (False, False)
    assert JournalWitness(tmp_path).told("two") == 5


@pytest.mark.parametrize("never_written", [b"", b"\0" * 64])
def test_what_a_power_cut_kept_from_being_written_is_no_damage(tmp_path: Path, never_written: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(never_written)
    assert not JournalWitness(tmp_path).damaged


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    witness = JournalWitness(tmp_path / "missing")
    witness.tell("one", 7)
    assert witness.told("one") == 7


def test_what_a_commit_adds_stands_beside_the_file(tmp_path: Path) -> None:
    """The file itself is not written again: that spares the card a block."""
    witness = JournalWitness(tmp_path)
    witness.tell("one", 7)
    before = (tmp_path / FILE_NAME).read_bytes()
    witness.tell("one", 8)
    witness.tell("one", 9)
    assert JournalWitness(tmp_path).told("one") == 9
    if _keeps_attributes(tmp_path):
        assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_copy_of_the_file_alone_is_whole_when_the_witness_was_closed(tmp_path: Path) -> None:
    witness = JournalWitness(tmp_path)
    for offset in (7, 8, 9):
        witness.tell("one", offset)
    witness.close()
    (tmp_path / "copy").mkdir()
    shutil.copyfile(tmp_path / FILE_NAME, tmp_path / "copy" / FILE_NAME)
    assert JournalWitness(tmp_path / "copy").told("one") == 9


@pytest.mark.parametrize("note", [b"9", b"9 00000000", b"\xff" * 20, b"x 12345678"])
def test_a_damaged_note_is_a_damaged_witness(tmp_path: Path, note: bytes) -> None:
    JournalWitness(tmp_path).tell("one", 7)
    if _keeps_attributes(tmp_path):
        os.setxattr(tmp_path / FILE_NAME, ATTRIBUTE, note)
        assert (JournalWitness(tmp_path).damaged, JournalWitness(tmp_path).told("one")) == (True, 0)


def test_what_was_noted_of_one_epoch_is_forgotten_with_the_next(tmp_path: Path) -> None:
    witness = JournalWitness(tmp_path)
    witness.tell("one", 7)
    witness.tell("one", 8)
    witness.tell("two", 3)
    assert (JournalWitness(tmp_path).told("two"), JournalWitness(tmp_path).damaged) == (3, False)
    witness.tell("two", 4)
    witness.begin("three", 2)
    assert (JournalWitness(tmp_path).told("three"), JournalWitness(tmp_path).damaged) == (2, False)


def _keeps_attributes(folder: Path) -> bool:
    try:
        os.setxattr(folder / FILE_NAME, "user.tried", b"1")
    except (OSError, AttributeError):
        return False
    return True

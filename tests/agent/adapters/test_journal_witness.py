from pathlib import Path

import pytest

from agent.adapters.journal_witness import FILE_NAME, JournalWitness


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
    witness.forget()
    assert (witness.damaged, JournalWitness(tmp_path).damaged) == (False, False)


@pytest.mark.parametrize("never_written", [b"", b"\0" * 64])
def test_what_a_power_cut_kept_from_being_written_is_no_damage(tmp_path: Path, never_written: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(never_written)
    assert not JournalWitness(tmp_path).damaged


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    witness = JournalWitness(tmp_path / "missing")
    witness.tell("one", 7)
    assert witness.told("one") == 7

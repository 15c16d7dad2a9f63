"""Copies of cards are noticed by what they say as they begin."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.equipment import NodeKey
from hub.enrolment.copies import Birth, Copies, tell_copies
from provisioning.core.contract import Hardware

NODE = NodeKey("cpm3", "36030001")
NOW = 1_800_000_000_000
MINUTE = 60_000
OURS, STRANGE = "10000000abc", "10000000fff"


def birth(bd_seq: int | None = None, serial: str = "", at: int = NOW) -> Birth:
    return Birth(NODE, at, bd_seq, Hardware(serial, "Raspberry Pi 4", "", ""))


def suspected(copies: Copies) -> list[str]:
    return [what for what, _ in copies.waiting]


@given(st.lists(st.integers(1, 100), max_size=50), st.integers(0, 255))
def test_one_computer_counts_on_whatever_connections_the_hub_did_not_hear_of(steps: list[int], first: int) -> None:
    copies, bd_seq = Copies(), first
    for step in steps:
        copies.born(birth(bd_seq % 256))
        copies.died(NODE)
        bd_seq += step
    assert not copies.waiting


def test_births_that_are_asked_for_again_are_nothing_strange() -> None:
    copies = Copies()
    for _ in range(20):
        copies.born(birth(7))
    assert not copies.waiting


@pytest.mark.parametrize("ahead", [0, 3, 100])
def test_two_that_push_one_another_out_are_noticed_wherever_their_counts_stand(ahead: int) -> None:
    copies = Copies()
    for turn in range(4):
        for bd_seq in (turn, turn + ahead):
            copies.born(birth(bd_seq))
            copies.died(NODE)
    assert "two_at_once" in suspected(copies)


def test_a_journal_that_was_lost_now_and_then_is_no_copy() -> None:
    copies = Copies()
    for day in range(9):
        copies.born(birth(200, at=NOW + 2 * day * 60 * MINUTE))
        copies.born(birth(0, at=NOW + (2 * day + 1) * 60 * MINUTE))
    assert not copies.waiting


def test_a_serial_number_is_looked_at_when_it_is_another_than_before() -> None:
    copies = Copies()
    for serial in (OURS, OURS, "", STRANGE, OURS):
        copies.born(birth(serial=serial))
    assert [each.hardware.serial for _, each in copies.waiting] == [OURS, STRANGE, OURS]


def test_the_office_is_told_of_another_machine_once_in_the_audit(office: Any, computer: Any) -> None:
    node = office.enrol(computer, office.code("36030001")).node
    assert node == NODE
    for _ in range(2):
        office.did(lambda rows: tell_copies(rows, [("other_hardware", birth(serial=STRANGE))], NOW))
    (trouble,) = office.views.troubles(0)
    assert (trouble.what, trouble.hardware.serial, trouble.times) == ("other_hardware", STRANGE, 2)
    assert office.audit().count("node.other_hardware") == 1


def test_the_machine_that_joined_is_no_other_however_its_number_is_written(office: Any, computer: Any) -> None:
    office.enrol(computer, office.code("36030001"))
    office.did(lambda rows: tell_copies(rows, [("other_hardware", birth(serial=f"{OURS.upper()} "))], NOW))
    assert office.views.troubles(0) == ()


def test_of_who_never_joined_or_was_shut_out_nothing_is_told(office: Any, computer: Any) -> None:
    suspects = [("two_at_once", birth()), ("other_hardware", birth(serial=STRANGE))]
    office.did(lambda rows: tell_copies(rows, suspects, NOW))
    office.enrol(computer, office.code("36030001"))
    office.did(lambda rows: rows.revoke(NODE, "stolen", NOW))
    office.did(lambda rows: tell_copies(rows, suspects, NOW))
    assert office.views.troubles(0) == ()

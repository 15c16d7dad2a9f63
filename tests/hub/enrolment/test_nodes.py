import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.enrolment.nodes import Known, Purpose, Skipped, choose_node, next_name

HAS_ONE = Known(schools={"361", "362"}, active={"361"}, ever={"361"}, taken={"362-2"})


@pytest.mark.parametrize(
    ("wanted", "purpose", "node"),
    [
        ("362", Purpose.FIRST, "362"),
        ("361", Purpose.FIRST, Skipped.HAS_COMPUTER),
        ("361", Purpose.FURTHER, "361-2"),
        ("362", Purpose.FURTHER, "362"),
        ("361", Purpose.REPLACE, "361"),
        ("362", Purpose.REPLACE, Skipped.NO_COMPUTER),
        ("999", Purpose.FIRST, Skipped.UNKNOWN_SCHOOL),
        ("999-2", Purpose.REPLACE, Skipped.UNKNOWN_SCHOOL),
    ],
)
def test_which_node_a_computer_becomes(wanted: str, purpose: Purpose, node: object) -> None:
    assert choose_node(wanted, purpose, HAS_ONE) == node


def test_a_name_that_another_district_has_is_not_given() -> None:
    known = Known(ever={"362"}, taken={"362-2"})
    assert choose_node("362", Purpose.FURTHER, known) is Skipped.NAME_TAKEN


def test_without_a_register_any_school_may_come() -> None:
    assert choose_node("999", Purpose.FIRST, Known()) == "999"


def test_a_school_whose_computer_was_shut_out_gets_its_name_again() -> None:
    assert choose_node("361", Purpose.FIRST, Known(active=(), ever={"361"})) == "361"


@given(st.integers(0, 20))
def test_a_further_computer_is_numbered_on(count: int) -> None:
    ever: set[str] = set()
    for _ in range(count):
        ever.add(next_name("36100042", ever))
    assert ever == {"36100042", *(f"36100042-{number}" for number in range(2, count + 1))} or count == 0

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.core.finds import MAX_FINDS, Find, Finds, telling

TV = Find("tv", "/dev/a")
NUMBERED = Find("projector", "tcp://192.0.2.7:4352", "SN0001")


def test_the_first_find_of_a_kind_is_number_one() -> None:
    assert Finds().name(TV, ()) == "new-tv-1"


def test_a_key_that_a_device_has_is_not_given() -> None:
    assert Finds().name(TV, {"new-tv-1"}) == "new-tv-2"


def test_a_find_keeps_its_key_whatever_is_found_before_it_the_next_time() -> None:
    finds = Finds()
    keys = [finds.name(TV, ()), finds.name(Find("tv", "/dev/b"), ())]
    later = Finds.of_text(finds.as_text())
    assert [later.name(Find("tv", "/dev/b"), ()), later.name(TV, ())] == keys[::-1]


def test_a_serial_number_is_the_same_set_at_another_address() -> None:
    finds = Finds()
    key = finds.name(NUMBERED, ())
    assert finds.name(Find("projector", "tcp://192.0.2.9:4352", "SN0001"), ()) == key


def test_another_serial_number_at_the_same_address_is_another_set() -> None:
    finds = Finds()
    key = finds.name(NUMBERED, ())
    assert finds.name(Find("projector", NUMBERED.address, "SN0002"), ()) != key


def test_another_kind_at_the_same_address_is_another_device() -> None:
    finds = Finds()
    finds.name(NUMBERED, ())
    assert finds.name(Find("tv", NUMBERED.address, "SN0001"), ()) == "new-tv-1"


def test_the_oldest_is_forgotten_first() -> None:
    finds = Finds()
    for number in range(MAX_FINDS + 1):
        finds.name(Find("tv", f"/dev/{number}"), ())
    kept = json.loads(finds.as_text())
    assert len(kept) == MAX_FINDS
    assert "new-tv-1" not in kept


@given(st.text())
def test_whatever_stands_in_the_file_nothing_is_raised(text: str) -> None:
    assert Finds.of_text(text).name(TV, ()) == "new-tv-1"


# A few leaves are every shape that can stand in the place of a word; a hundred took most of a minute to make up.
_JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=9,
)


@given(st.dictionaries(st.text(), _JSON | st.fixed_dictionaries({"kind": _JSON, "address": _JSON, "serial": _JSON})))
def test_whatever_document_stands_in_the_file_can_be_kept_again(told: object) -> None:
    finds = Finds.of_text(json.dumps(told))
    assert Finds.of_text(finds.as_text()).as_text() == finds.as_text()


@pytest.mark.parametrize("serial", ["", "0", "000-000-000", "n/a", "    ", "FFFFFFFF"])
def test_a_number_that_makers_fill_in_tells_nothing(serial: str) -> None:
    assert telling(serial) == ""


def test_a_serial_number_has_one_spelling() -> None:
    assert telling(" ab:cd-12 ") == telling("ABCD12") == "ABCD12"

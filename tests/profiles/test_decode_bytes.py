from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from firmware_profiles.decode import decode
from firmware_profiles.polls import Question


def value(reply: str, place: tuple[int, int], **read: Any) -> Any:
    """What one read makes of the bytes at a place."""
    answer = {"format": "bytes", "fields": {"x": place}}
    asked = {"name": "q", "request": "11", "answer": answer, "read": [{"metric": "m", "field": "x", **read}]}
    return decode(Question.model_validate(asked), reply)["m"]


def test_a_field_is_so_many_bytes_from_its_place() -> None:
    assert value("000002002900", (4, 1), number="hex") == 0x29


def test_a_field_without_a_length_goes_to_the_end() -> None:
    assert value("0000a90e", (0, 0), number="hex") == 0xA90E


@pytest.mark.parametrize("place", [(2, 1), (1, 2), (2, 0), (9, 0)])
def test_bytes_past_the_end_are_nothing(place: tuple[int, int]) -> None:
    assert value("0102", place) is None


@pytest.mark.parametrize("reply", ["refused: 01", "", "0x", "0g"])
def test_what_is_no_bytes_is_nothing(reply: str) -> None:
    assert value(reply, (0, 0)) is None


def test_codes_are_looked_up_by_their_digits() -> None:
    assert value("0c", (0, 1), table={"0c": "av"}) == "av"


@pytest.mark.parametrize(
    "spelled", ["514d353552", "514d35355200", "514d353552000001", "514d3535522020", "514d353552ffff"]
)
def test_text_of_bytes_ends_where_its_padding_begins(spelled: str) -> None:
    assert value(spelled, (0, 0), text="ascii") == "QM55R"


@pytest.mark.parametrize("spelled", ["00", "ff", "0051", "514de9", "5101", "2020"])
def test_bytes_that_are_no_text_are_nothing(spelled: str) -> None:
    assert value(spelled, (0, 0), text="ascii") is None


CODES = {"matches": "[0-9a-f]{2}", "table": {"01": 2}}


def test_any_other_code_may_have_a_value() -> None:
    assert [value(code, (0, 1), **CODES, otherwise=0) for code in ("01", "06", "")] == [2, 0, None]


def test_otherwise_needs_to_know_what_is_a_code() -> None:
    with pytest.raises(ValidationError, match="matches to say what is a code"):
        value("01", (0, 1), table={"01": 2}, otherwise=0)


@given(st.text() | st.binary().map(bytes.hex), st.integers(0, 9), st.integers(0, 9))
def test_no_reply_raises(reply: str, start: int, length: int) -> None:
    for read in ({"text": "ascii"}, {"number": "hex", "bit": 3}, {**CODES, "otherwise": 0}, {}):
        value(reply, (start, length), **read)


def test_a_number_may_stand_in_two_words() -> None:
    answer = {"format": "bytes", "fields": {"upper": [4, 2], "lower": [0, 2]}}
    read = {"metric": "m", "field": "upper", "then": "lower", "number": "hex"}
    asked = Question.model_validate({"name": "q", "request": "11", "answer": answer, "read": [read]})
    assert decode(asked, "9a28000000 06".replace(" ", "")) == {"m": 0x69A28}
    assert decode(asked, "9a280000") == {"m": None}

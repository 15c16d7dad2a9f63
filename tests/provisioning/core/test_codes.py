import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.core.codes import ALPHABET, LENGTH, make_code, read_code, show_code
from provisioning.core.problems import CodeMistyped

codes = st.lists(st.integers(0, len(ALPHABET) - 1), min_size=LENGTH - 1, max_size=LENGTH - 1).map(make_code)
places = st.integers(0, LENGTH - 1)


@given(codes)
def test_a_code_is_read_as_it_was_made_however_it_is_written(code: str) -> None:
    assert len(code) == LENGTH
    assert read_code(show_code(code)) == code
    assert read_code(f" {show_code(code).lower().replace('-', ' ')}\t") == code


@given(codes, places, st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_told(code: str, place: int, sign: str) -> None:
    typed = code[:place] + sign + code[place + 1 :]
    if typed == code:
        assert read_code(typed) == code
        return
    with pytest.raises(CodeMistyped):
        read_code(typed)


@given(codes, places, places)
def test_two_signs_that_changed_places_are_told(code: str, one: int, other: int) -> None:
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    if signs == list(code):
        return
    with pytest.raises(CodeMistyped):
        read_code("".join(signs))


@given(codes, places)
def test_a_sign_too_few_or_too_many_is_told(code: str, place: int) -> None:
    for typed in (code[:place] + code[place + 1 :], code[:place] + code[place] + code[place:]):
        with pytest.raises(CodeMistyped):
            read_code(typed)


def test_no_sign_looks_like_another() -> None:
    assert not set(ALPHABET) & set("0O1IL2Z5S8BUQ")
    assert len(set(ALPHABET)) == len(ALPHABET) == 23


@given(st.text(min_size=4, max_size=40))
def test_any_other_text_is_no_code_and_is_not_quoted(text: str) -> None:
    with pytest.raises(CodeMistyped) as told:
        read_code(text)
    assert text not in str(told.value)

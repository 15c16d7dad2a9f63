"""Logins: one way to write each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.accounts.errors import LoginRefused
from hub.accounts.person import login_of, name_of, normal_login


@pytest.mark.parametrize("typed", ["malee", " Malee ", "MALEE", "ｍａｌｅｅ", "ma\x00lee"])
def test_a_login_is_the_same_however_it_is_typed(typed: str) -> None:
    assert login_of(typed) == normal_login(typed) == "malee"


@pytest.mark.parametrize("login", ["a1", "malee.jaidee", "malee@office.example", "m_j+x-1"])
def test_a_login_has_what_addresses_have(login: str) -> None:
    assert login_of(login) == login


@given(st.text(max_size=300))
def test_whatever_is_typed_can_be_looked_up_and_kept(text: str) -> None:
    for kept in (normal_login(text), name_of(text, "malee")):
        assert kept.isprintable()
        assert len(kept) <= 200


@given(st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9._@+-]{1,63}", fullmatch=True))
def test_a_login_is_kept_as_it_is_looked_up(text: str) -> None:
    assert login_of(text) == normal_login(text) == login_of(login_of(text))


@given(
    st.text(max_size=80).filter(
        lambda text: not normal_login(text)[:1].isascii() or not normal_login(text)[:1].isalnum()
    )
)
def test_what_does_not_begin_with_a_letter_or_digit_is_no_login(text: str) -> None:
    with pytest.raises(LoginRefused):
        login_of(text)


def test_who_has_no_name_is_called_by_the_login() -> None:
    assert name_of("  \n ", "malee") == "malee"
    assert name_of(" Malee \n Jaidee ", "malee") == "Malee Jaidee"

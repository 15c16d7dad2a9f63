"""Which passwords are too weak: short, tried by everybody, or made of the own name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.accounts.flaws import PasswordFlaw, flaw_of, normal

OWN = ("malee.jaidee", "Malee Jaidee")


def flaw(password: str) -> PasswordFlaw | None:
    return flaw_of(password, OWN, 12)


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "กขคงจฉชซ"])
def test_what_is_short_is_refused(password: str) -> None:
    assert flaw(password) is PasswordFlaw.TOO_SHORT


@pytest.mark.parametrize(
    "password",
    [
        *("password1234", "P@ssw0rd!2026", "passwordpassword", "letmein123456", "dltvdltvdltv2026", "Admin@123456"),
        *("123456789012", "qwertyuiop12", "1q2w3e1q2w3e", "zxcvbnmzxcvbnm", "abcdefghijkl", "987654321098"),
        *("aaaaaaaaaaaaaaa", "abababababab", "            ", "------------", "Satellite2026", "1qaz2wsx3edc"),
    ],
)
def test_what_everybody_tries_is_refused(password: str) -> None:
    assert flaw(password) is PasswordFlaw.TOO_COMMON


@pytest.mark.parametrize(
    "password", ["maleejaidee1", "Malee.Jaidee!", "jaideemalee123", "MALEE-2026-01", "malee malee malee"]
)
def test_the_own_name_is_refused(password: str) -> None:
    assert flaw(password) in {PasswordFlaw.OWN_NAME, PasswordFlaw.TOO_COMMON}


@pytest.mark.parametrize(
    "password",
    [
        "elephants walk slowly",
        "correct horse battery staple",
        "ช้างสามตัวเดินทางไกล",
        "xK9#mQ2$vL7!",
        "malee likes tigers",
    ],
)
def test_what_is_long_and_one_s_own_is_taken_whatever_letters_it_has(password: str) -> None:
    assert flaw(password) is None


def test_what_is_too_long_to_be_typed_is_refused() -> None:
    assert flaw("elephants walk " * 20) is PasswordFlaw.TOO_LONG


def test_length_is_that_of_the_normal_form() -> None:
    assert normal("ﬁ") == "fi"
    assert flaw_of("ﬃxklmqvwzr", (), 12) is None


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_is_judged(password: str, own: list[str]) -> None:
    flaw_of(password, own, 12)


@given(st.binary(min_size=16, max_size=16))
def test_what_chance_makes_is_taken(chance: bytes) -> None:
    hexadecimal = chance.hex()
    if len(set(hexadecimal)) > 8:
        assert flaw(hexadecimal) is None

"""What the hub hands out: long enough, known by its form, kept as a hash."""

import re
import secrets

from hypothesis import given
from hypothesis import strategies as st

from hub.accounts.secret import TOKEN_PATTERN, digest, is_secret, is_token, new_secret, new_token

CHANCE = st.binary(min_size=32, max_size=32)


@given(CHANCE)
def test_a_secret_is_known_by_its_form(chance: bytes) -> None:
    assert is_secret(new_secret(lambda _: chance))


@given(CHANCE)
def test_a_token_is_found_in_the_midst_of_a_text(chance: bytes) -> None:
    token = new_token(lambda _: chance)
    assert is_token(token)
    assert re.findall(TOKEN_PATTERN, f'{{"token": "{token}"}}') == [token]


@given(CHANCE, st.integers(0, 77), st.sampled_from("0123456789abcdef_x"))
def test_a_token_with_another_letter_is_none(chance: bytes, place: int, letter: str) -> None:
    token = new_token(lambda _: chance)
    changed = f"{token[:place]}{letter}{token[place + 1 :]}"
    assert is_token(changed) == (changed == token)


def test_they_take_256_bits_of_chance_each() -> None:
    asked: list[int] = []

    def chance(size: int) -> bytes:
        asked.append(size)
        return secrets.token_bytes(size)

    assert new_secret(chance) != new_secret(chance)
    assert new_token(chance) != new_token(chance)
    assert asked == [32] * 4


def test_a_digest_is_that_of_sha_256() -> None:
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

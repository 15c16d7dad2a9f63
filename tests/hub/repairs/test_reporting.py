"""What somebody sends from a sticker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.repairs.reporting import (
    LONGEST_NAME,
    LONGEST_WORDS,
    RATINGS,
    TROUBLES,
    Picture,
    Report,
    Unclear,
    checked,
)
from hub.workflows.loading import load_definitions


def test_the_choices_are_those_of_the_workflow() -> None:
    fields = load_definitions()["repair"].fields
    assert (tuple(fields["trouble"].choices), tuple(fields["rating"].choices)) == (TROUBLES, RATINGS)


def test_what_is_wrong_is_said_in_words_or_by_the_choice() -> None:
    assert Report("no_sound").symptom == "symptom.no_sound"
    assert Report("no_sound", "เสียงหาย").symptom == "เสียงหาย"


@pytest.mark.parametrize("trouble", ["", "nonsense", "NO_SOUND"])
def test_without_a_choice_it_says_nothing(trouble: str) -> None:
    with pytest.raises(Unclear, match="what"):
        checked(Report(trouble, "words"), None)


@pytest.mark.parametrize("data", [b"", b"MZ", b"<svg", b"%PDF"])
def test_only_pictures_are_taken(data: bytes) -> None:
    with pytest.raises(Unclear, match="picture"):
        checked(Report("other"), Picture("a.png", data))
    assert checked(Report("other"), Picture("a.jpg", b"\xff\xd8\xff\xe0")) == Report("other")


@given(st.text(), st.text(), st.text())
def test_whatever_is_typed_is_plain_and_no_longer_than_it_may_be(words: str, reporter: str, phone: str) -> None:
    found = checked(Report("other", words, reporter, phone), None)
    assert len(found.words) <= LONGEST_WORDS
    assert len(found.reporter) <= LONGEST_NAME
    assert all(sign.isprintable() or sign == "\n" for sign in found.words + found.reporter + found.phone)

"""The same word, typed in another order."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.spelling import folded, holds, in_order, likeness

THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), max_size=20)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("น้ำพุ", "น\u0e4d\u0e49าพุ"),  # nikhahit, tone, sara aa
        ("น้ำพุ", "น\u0e49\u0e4dาพุ"),
        ("ที่ดิน", "ท\u0e48\u0e35ดิน"),
        ("แม่แจ่ม", "เเม่เเจ่ม"),
        ("ผู้ใหญ่", "ผ\u0e49\u0e39ใหญ่"),
        ("หนอง แค", "หนองแค"),
        ("บ้านโคก ๒", "บ้านโคก2"),
        ("บ้านน้้ำใส", "บ้านน้ำใส"),
        ("โรงเรียนบ้านดง", "รร.บ้านดง"),
        ("โรงเรียนบ้านดง", "ร.ร.บ้านดง"),
        ("ABC-01/2569", "abc 012569"),
    ],
)
def test_what_looks_the_same_is_the_same(typed: str, written: str) -> None:
    assert folded(typed) == folded(written)


def test_the_order_in_which_signs_of_a_consonant_were_typed_does_not_count() -> None:
    spellings = {folded("ก" + "".join(order) + "บ") for order in itertools.permutations("\u0e34\u0e48\u0e4c")}
    assert len(spellings) == 1


def test_other_words_stay_other_words() -> None:
    assert folded("เก่า") != folded("เก้า")
    assert folded("มา") != folded("หมา")


def test_a_name_that_is_only_the_word_for_school_is_found_by_nothing() -> None:
    assert likeness("โรงเรียน", "โรงเรียนบ้านดง") is None


def test_the_beginning_is_likest_and_forgotten_tone_marks_least() -> None:
    name = "โรงเรียนบ้านป่าแดง"
    assert likeness("บ้านป่า", name) == 0
    assert likeness("ป่าแดง", name) == 1
    assert likeness("บานปาแดง", name) == 2
    assert likeness("ทุ่ง", name) is None


def test_nothing_is_found_by_signs_alone() -> None:
    assert likeness("", "บ้าน") is None
    assert likeness(" -/. ", "บ้าน") is None
    assert likeness("\u0e48", "บ้าน") is None


@given(THAI)
def test_spaces_and_signs_without_width_do_not_count(text: str) -> None:
    assert folded("ก" + "\u200b ".join(text)) == folded(f"ก{text}")


@given(THAI, THAI)
def test_whatever_stands_in_a_text_is_found_there(before: str, sought: str) -> None:
    # Between consonants, so that no sign of one joins the signs of the other.
    if folded(f"ก{sought}ก"):
        assert likeness(f"ก{sought}ก", f"ก{before}กก{sought}ก") in {0, 1}


def test_names_sort_as_a_dictionary_does() -> None:
    names = ["โรงเรียนบ้านเขาแดง", "บ้านกุด", "โรงเรียนบ้านแก้ง", "บ้านขาม", "เกาะ", "กบ", "แกง"]
    assert sorted(names, key=in_order) == [
        "กบ",
        "เกาะ",
        "แกง",
        "บ้านกุด",
        "โรงเรียนบ้านแก้ง",
        "บ้านขาม",
        "โรงเรียนบ้านเขาแดง",
    ]


def test_tone_marks_sort_only_what_is_alike_without_them() -> None:
    assert sorted(["ข้าว", "ขาว", "ขาวา"], key=in_order) == ["ขาว", "ข้าว", "ขาวา"]


@given(st.lists(THAI))
def test_an_order_is_the_same_however_the_names_came(names: list[str]) -> None:
    assert [in_order(each) for each in sorted(names, key=in_order)] == sorted(map(in_order, reversed(names)))


def test_every_word_is_sought_in_any_of_the_texts() -> None:
    assert holds("ทุ่ง 3001", ("โรงเรียนบ้านทุ่ง", None, "30010012"))
    assert not holds("ทุ่ง 4001", ("โรงเรียนบ้านทุ่ง", None, "30010012"))
    assert holds("", ())
    assert holds(" - ", ("บ้าน",))

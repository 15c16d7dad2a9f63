"""A list of items: every mistake of every row, what it would change, and the way round from a file to a file."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.supply.listing import FIELDS, Known, cells, compare, headings, read_items
from hub.supply.stock import Item

LNB = Item("LNB-U", "หัวรับสัญญาณ", "ตัว", "lnb", 5, 35_050, "", True, 3, 1)
HEAD = ("รหัส", "รายการ", "หน่วย", "ขั้นต่ำ", "ราคา", "คงเหลือ", "สี")


def listed(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> Any:
    return read_items([(number, row) for number, row in enumerate((head, *rows), 1)])


def test_titles_may_stand_above_the_heading_and_unknown_columns_are_named() -> None:
    found = read_items([(1, ("คลังพัสดุ",)), (2, HEAD), (3, ("LNB-U", "หัวรับ", "ตัว", "", "", "4", "ดำ"))])
    assert (found.items[0].given, found.ignored, found.mistakes) == (
        {"name": "หัวรับ", "unit": "ตัว", "count": 4},
        ("สี",),
        (),
    )


def test_every_mistake_of_every_row_is_told() -> None:
    found = listed(
        ("", "ไม่มีรหัส", "ตัว", "", "", "", ""),
        ("A/B", "ก", "ตัว", "x", "แพง", "-1", ""),
        ("A", "ก", "ตัว", "", "", "", ""),
        ("A", "ข", "ตัว", "", "", "", ""),
    )
    assert [(each.row, each.field, each.code) for each in found.mistakes] == [
        (2, "code", "missing"),
        (3, "code", "bad-code"),
        (3, "least", "no-count"),
        (3, "price", "no-amount"),
        (3, "count", "no-count"),
        (5, "code", "repeated"),
    ]


def test_without_a_column_of_codes_it_is_no_list() -> None:
    assert [each.code for each in listed(("x",), head=("ชื่อ",)).mistakes] == ["missing-column"]


def test_an_empty_cell_changes_nothing_and_nothing_is_taken_away() -> None:
    changes = compare(
        [Known(LNB, 6), Known(Item("F", "หัวต่อ", "ตัว", id=2))], listed(("LNB-U", "", "", "8", "", "6", ""))
    )
    assert [(each.then.code, each.fields, each.count) for each in changes.changes] == [
        ("LNB-U", (("least", "5", "8"),), None)
    ]
    assert (changes.same, changes.absent) == (0, 1)


def test_a_new_item_needs_a_name_and_a_unit() -> None:
    changes = compare([], listed(("NEW", "", "", "", "", "", "")))
    assert [(each.field, each.code) for each in changes.mistakes] == [("name", "missing"), ("unit", "missing")]


def test_nobody_counts_away_what_was_promised() -> None:
    changes = compare([Known(LNB, 6, reserved=4)], listed(("LNB-U", "", "", "", "", "3", "")))
    assert [(each.field, each.code) for each in changes.mistakes] == [("count", "short")]


@pytest.mark.parametrize("language", ["th", "en"])
def test_what_is_written_is_read_as_it_was(language: str) -> None:
    row = tuple("" if cell is None else str(cell) for cell in cells(Known(LNB, 6)))
    changes = compare([Known(LNB, 6)], read_items([(1, headings(language)), (2, row)]))
    assert (changes.changes, changes.same, changes.mistakes) == ((), 1, ())


@given(st.lists(st.lists(st.text(max_size=8), max_size=9), max_size=6))
def test_whatever_stands_in_a_file_is_taken_or_told(rows: list[list[str]]) -> None:
    found = read_items([(1, [*headings("en")]), *((number, row) for number, row in enumerate(rows, 2))])
    assert all(each.field in FIELDS for each in found.mistakes)
    compare([Known(LNB, 6)], found)

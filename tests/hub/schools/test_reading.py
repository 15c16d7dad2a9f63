"""Lists of schools, with the mistakes that real ones have."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.schools.reading import read_schools
from hub.schools.records import RowMistake, SchoolList, SchoolRecord

HEADING = ["รหัสโรงเรียน", "ชื่อโรงเรียน", "ละติจูด", "ลองจิจูด", "จำนวนนักเรียน"]


def read(*rows: Sequence[str], heading: Sequence[str] = tuple(HEADING)) -> SchoolList:
    return read_schools([(number, row) for number, row in enumerate((heading, *rows), 1)])


def test_a_thai_list_is_read() -> None:
    found = read(["๓๖๐๓๐๐๐๑", "บ้าน  หนองน้ำใส", "15.8", "102.03", "1,064"])
    assert found.schools == (SchoolRecord("36030001", "บ้าน หนองน้ำใส", 15.8, 102.03, 1064),)
    assert found.mistakes == ()


@pytest.mark.parametrize("heading", [["School Code", "School_name"], ["CODE", "Name "], ["รหัส  โรงเรียน", "โรงเรียน"]])
def test_headings_are_known_however_they_are_written(heading: list[str]) -> None:
    assert read(["1", "a"], heading=heading).schools == (SchoolRecord("1", "a"),)


def test_titles_may_stand_above_the_heading() -> None:
    rows = [(1, ["ทะเบียนโรงเรียน ปีการศึกษา 2569"]), (3, ["code", "name"]), (4, ["1", "a"])]
    assert read_schools(rows).schools == (SchoolRecord("1", "a"),)


def test_a_list_without_a_needed_column_says_which() -> None:
    assert read(["1"], heading=["code"]).mistakes == (RowMistake(0, "name", "missing-column"),)
    assert read_schools([]).mistakes == (
        RowMistake(0, "code", "missing-column"),
        RowMistake(0, "name", "missing-column"),
    )


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (["", "a"], "code", "missing"),
        (["1 2", "a"], "code", "bad-code"),
        (["1", ""], "name", "missing"),
        (["1", "x" * 201], "name", "too-long"),
        (["1", "a", "north"], "lat", "no-number"),
        (["1", "a", "nan"], "lat", "out-of-range"),
        (["1", "a", "15", "190"], "lon", "out-of-range"),
        (["1", "a", "102.0", "15.8"], "lat", "swapped"),
        (["1", "a", "", "", "many"], "pupils", "no-number"),
        (["1", "a", "", "", "99999"], "pupils", "out-of-range"),
    ],
)
def test_a_mistake_names_its_row_and_column(row: list[str], field: str, code: str) -> None:
    found = read(["9", "fine"], row)
    assert [(each.row, each.field, each.code) for each in found.mistakes] == [(3, field, code)]
    assert len(found.schools) == 1


def test_all_mistakes_of_a_list_are_told_at_once() -> None:
    assert [each.row for each in read(["", ""], ["1", "a"], ["1", "b"]).mistakes] == [2, 2, 4]


def test_a_school_abroad_is_a_doubt_and_no_mistake() -> None:
    found = read(["1", "a", "48.1", "11.5"])
    assert [(each.field, each.code) for each in found.doubts] == [
        ("lat", "outside-thailand"),
        ("lon", "outside-thailand"),
    ]
    assert len(found.schools) == 1


def test_columns_that_mean_nothing_are_named() -> None:
    assert read(["1", "a", "x"], heading=["code", "name", "ตำบล"]).ignored == ("ตำบล",)


@given(st.lists(st.tuples(st.integers(0, 99), st.lists(st.text(max_size=9), max_size=7)), max_size=6))
def test_no_rows_make_it_stumble(rows: list[tuple[int, list[str]]]) -> None:
    heading = (0, HEADING)
    found = read_schools([heading, *rows])
    assert len({each.code for each in found.schools}) == len(found.schools)

"""Files as offices send them, made by other programs than ours where there are some."""

import contextlib
import csv
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hub.sheets.errors import SheetMistake
from hub.sheets.rows import MOST_ROWS, read_rows

THAI = [["รหัสโรงเรียน", "ชื่อโรงเรียน"], ["36030001", "บ้านหนองน้ำใส"]]


def workbook(rows: list[list[Any]], hidden: bool = False) -> bytes:
    book = Workbook()
    if hidden:
        book.active.sheet_state = "hidden"
        sheet = book.create_sheet("รายชื่อ")
    else:
        sheet = book.active
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


def texts(data: bytes) -> list[list[str]]:
    return [list(row.cells) for row in read_rows(data)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_thai_csv_is_read_in_every_encoding_that_excel_writes(encoding: str, delimiter: str) -> None:
    assert texts(as_csv(THAI, delimiter).encode(encoding)) == THAI


def test_a_workbook_is_read_as_a_person_sees_it() -> None:
    assert texts(workbook([["code", "name", "pupils"], [36030001.0, " บ้านหนองน้ำใส ", None], [36030002, "x", 64]])) == [
        ["code", "name", "pupils"],
        ["36030001", "บ้านหนองน้ำใส"],
        ["36030002", "x", "64"],
    ]


def test_a_hidden_sheet_is_not_what_the_office_means() -> None:
    assert texts(workbook(THAI, hidden=True)) == THAI


def test_rows_keep_the_number_that_the_office_sees() -> None:
    rows = read_rows(workbook([["title"], [], ["code"], [1]]))
    assert [row.number for row in rows] == [1, 3, 4]
    assert [row.number for row in read_rows(b'code,name\n\n1,"two\nlines"\n3,four\n')] == [1, 4, 5]


def test_json_is_a_table_too() -> None:
    assert texts(b'[{"code": "1", "name": "a"}, {"code": 2, "pupils": 5}]') == [
        ["code", "name", "pupils"],
        ["1", "a", ""],
        ["2", "", "5"],
    ]


def test_objects_that_have_no_key_in_common_are_not_spread_out() -> None:
    with pytest.raises(SheetMistake, match="too-many-columns"):
        read_rows(json.dumps([{f"k{number}": None} for number in range(101)]).encode())


def test_the_schools_of_an_inventory_are_found() -> None:
    assert texts(b'{"devices": [{"a": 1}], "schools": [{"code": "1"}]}') == [["code"], ["1"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-rows"),
        (b",,\n", "no-rows"),
        (b"\xd0\xcf\x11\xe0 old excel", "not-a-table"),
        (b"PK\x03\x04 broken", "not-a-table"),
        (b'{"name": 1}', "not-a-table"),
        (b"[" * 100_000, "not-a-table"),
        (b"a,b\n" * (MOST_ROWS + 2), "too-many-rows"),
        (b",".join([b"x"] * 200), "too-many-columns"),
        (b"\x00" * (9 * 1024 * 1024), "too-large"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "bad-encoding"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, code: str) -> None:
    with pytest.raises(SheetMistake) as mistake:
        read_rows(data)
    assert mistake.value.code == code


def test_a_zip_bomb_is_not_opened() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 1024 * 1024))
    with pytest.raises(SheetMistake) as mistake:
        read_rows(file.getvalue())
    assert mistake.value.code == "too-large"


@given(st.binary(max_size=2000) | st.binary(max_size=500).map(lambda tail: workbook(THAI)[:-200] + tail))
def test_no_file_makes_it_stumble(data: bytes) -> None:
    with contextlib.suppress(SheetMistake):
        read_rows(data)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1), min_size=2, max_size=2
        ),
        min_size=1,
    )
)
def test_what_a_csv_writer_wrote_is_read_back(rows: list[list[str]]) -> None:
    heading = [["code", "name"]]
    assert texts(as_csv(heading + rows).encode()) == heading + rows

"""What is written is read again as it was, and nothing of it is ever calculated."""

import csv
import io

import pytest
from openpyxl import load_workbook

from hub.schools.reading import read_schools
from hub.sheets.rows import read_rows
from hub.sheets.writing import write_csv, write_workbook

HEADING = ("รหัสโรงเรียน", "ชื่อโรงเรียน", "ละติจูด", "จำนวนนักเรียน")
EVIL = ['=HYPERLINK("http://x.example","โรงเรียน")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]


def table(name: str) -> list[tuple[str, str, float, int]]:
    return [("30010012", name, -1.5, 64)]


@pytest.mark.parametrize("name", EVIL)
def test_no_cell_of_a_csv_is_a_formula(name: str) -> None:
    text = write_csv(HEADING, table(name)).decode("utf-8-sig")
    (_, row) = csv.reader(io.StringIO(text, newline=""))
    assert row[1] == f"'{name}"
    assert row[2] == "-1.5"


@pytest.mark.parametrize("name", EVIL)
def test_no_cell_of_a_workbook_is_a_formula(name: str) -> None:
    sheet = load_workbook(io.BytesIO(write_workbook("x", HEADING, table(name)))).active
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "n", "n"]


@pytest.mark.parametrize("name", ["โรงเรียนบ้านทุ่งดอกจาน", *EVIL[:4]])
@pytest.mark.parametrize("write", [write_csv, lambda *told: write_workbook("โรงเรียน", *told)], ids=["csv", "xlsx"])
def test_what_is_written_is_read_again_as_it_was(write: object, name: str) -> None:
    assert callable(write)
    found = read_schools([(row.number, row.cells) for row in read_rows(write(HEADING, table(name)))])
    assert found.mistakes == ()
    assert [(each.code, each.name, each.lat, each.pupils) for each in found.schools] == table(name)


def test_codes_keep_the_zeros_before_them() -> None:
    book = write_workbook("x", HEADING, [("0042", "a", None, None)], spare_rows=3)
    assert read_rows(book)[1].cells[0] == "0042"
    sheet = load_workbook(io.BytesIO(book)).active
    assert [sheet.cell(number, 1).number_format for number in range(2, 6)] == ["@"] * 4

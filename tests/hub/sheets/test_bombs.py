"""Workbooks that are made to hurt whoever opens them: each is refused in a moment, whatever it says of itself."""

import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.sheets.errors import SheetMistake
from hub.sheets.rows import read_rows
from tests.abuse import times

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""",
}
ENTITIES = "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(8))
LAUGHS = f'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'


def book(rows: str, *, head: str = "", strings: str = "", sheets: int = 1, **more: Any) -> bytes:
    """A workbook of the parts that Excel wants, and no other."""
    names = "".join(f'<sheet name="s{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, sheets + 1))
    parts = {
        **_PARTS,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{names}</sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
        **more,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


WIDE = "".join(row(number, cell(f"A{number}", "1"), f'<c r="ZZZ{number}"/>') for number in range(1, 1_001))


def test_a_book_of_no_more_than_excel_wants_is_read() -> None:
    assert [each.cells[0] for each in read_rows(book(row(1, cell("A1", "รหัส")) + row(3, cell("A3", "x"))))] == [
        "รหัส",
        "x",
    ]


@pytest.mark.parametrize(
    ("made", "code"),
    [
        pytest.param(lambda: book(row(1, cell("A1", "&i;")), head=LAUGHS), "not-a-table", id="a billion laughs"),
        pytest.param(
            lambda: book(row(1, cell("A1", "&x;")), head='<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
            "not-a-table",
            id="a file of the hub",
        ),
        pytest.param(lambda: book("<row/>" * 10_000_000), "too-large", id="rows"),
        pytest.param(lambda: book(f"<row>{'<c/>' * 9_000_000}</row>"), "too-large", id="cells"),
        pytest.param(lambda: book("", strings="<si/>" * 9_000_000), "too-large", id="shared texts"),
        pytest.param(
            lambda: book("", strings=f"<si><t>{'a' * 70_000_000}</t></si>"), "too-large", id="one shared text"
        ),
        pytest.param(lambda: book("", sheets=20_000), "too-large", id="sheets"),
        pytest.param(
            lambda: book(row(1, cell("A1", "x")) + row(10**12, cell(f"A{10**12}", "x"))),
            "too-many-rows",
            id="a row far away",
        ),
        pytest.param(
            lambda: book(row(1, cell("A1", "x"), cell("CX1", "x"))), "too-many-columns", id="a column too many"
        ),
        pytest.param(lambda: book(WIDE), "too-large", id="rows that claim to be wide"),
        pytest.param(lambda: book("</row><row>"), "not-a-table", id="broken"),
        pytest.param(
            lambda: book(row(1, '<c r="A1" t="s"><v>7</v></c>')), "not-a-table", id="a text that is not there"
        ),
        pytest.param(
            lambda: book(row(1, f'<c r="A1"><v>{"9" * 5000}</v></c>')), "not-a-table", id="a number of many digits"
        ),
        pytest.param(lambda: book(row(1, '<c r="1A"><v>1</v></c>')), "not-a-table", id="a place that is none"),
    ],
)
def test_a_book_that_is_to_hurt_is_refused(made: Callable[[], bytes], code: str) -> None:
    data, began = made(), time.process_time()
    with pytest.raises(SheetMistake) as mistake:
        read_rows(data)
    assert mistake.value.code == code
    assert time.process_time() - began < 20


def test_entities_are_refused_by_what_reads_and_not_only_bounded_by_expat() -> None:
    assert openpyxl.DEFUSEDXML is True


@settings(max_examples=times(60))
@given(
    st.lists(
        st.text("<>&;\"'/=!?-[] rctvsi0123456789AZ:éก", max_size=12)
        | st.sampled_from(
            ["<row>", "</row>", '<row r="2">', '<c t="s">', '<c r="A1" t="n">', "<v>", "</v>", "</c>", "1"]
        ),
        max_size=12,
    )
)
def test_no_sheet_makes_it_stumble(parts: list[str]) -> None:
    try:
        read_rows(book("".join(parts)))
    except SheetMistake as mistake:
        assert mistake.code in ("not-a-table", "no-rows")  # noqa: PT017 - either a table or one of these

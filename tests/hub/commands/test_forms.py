"""`dltv-hub forms`: files that an office can open."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from hub.__main__ import main
from hub.documents.catalogue import load_forms
from hub.documents.filling import filled
from hub.documents.tabulating import table_of
from hub.office.papering.record import record_forms
from hub.sheets.rows import read_rows
from hub.workflows.loading import load_definitions

RECORDS = ("F12", "F15", "F21", "F26", "F27", "F30", "F31", "F32")
"""Forms of the manuals that are made of a type of request."""


def test_one_of_each_is_written_with_its_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "--sample", "--out", str(tmp_path)]) == 0
    papers = {path.name[:3] for path in tmp_path.glob("*.pdf")}
    assert papers == {*load_forms(), *RECORDS}
    tables = {path.name[:3] for path in tmp_path.glob("*.xlsx")}
    assert tables == {form_id for form_id, form in load_forms().items() if form.declaration.workbook}
    assert set(capsys.readouterr().out.split()) == {str(path) for path in tmp_path.iterdir()}
    for path in tmp_path.glob("*.xlsx"):
        table = table_of(load_forms()[path.name[:3]], load_forms()[path.name[:3]].sample["values"])
        sheet = load_workbook(path).active
        assert table is not None
        assert sheet is not None
        assert [*sheet.iter_rows(values_only=True)] == [table.heading, *table.rows]


def test_a_table_opens_as_a_workbook_with_numbers_and_sums_left_out(tmp_path: Path) -> None:
    assert main(["forms", "--sample", "--out", str(tmp_path), "F10"]) == 0
    rows = read_rows((tmp_path / "F10-purchase-request.xlsx").read_bytes())
    assert rows[0].cells[0] == "รายการ"
    assert rows[1].cells[1:] == ("21", "ตัว", "350.5", "7360.5")
    assert len(rows) == 4


def test_empty_ones_have_no_table(tmp_path: Path) -> None:
    assert main(["forms", "--blank", "--out", str(tmp_path), "--digits", "thai", "f10", "F11"]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"F10-purchase-request.pdf", "F11-loan.pdf"}


def test_the_list_names_each_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:3] for line in lines] == sorted({*load_forms(), *RECORDS})


@pytest.mark.parametrize("form_id", RECORDS)
def test_the_sample_of_a_record_says_something_in_every_field(form_id: str) -> None:
    form = record_forms(load_definitions().values())[form_id]
    assert form.declaration.fields.keys() == form.sample["values"].keys()
    assert filled(form.declaration, form.sample["values"])


def test_a_form_that_is_not_there_is_told_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "--blank", "F99"]) == 2
    assert "F99: no such form; there are F01" in capsys.readouterr().err


def test_an_office_whose_name_is_too_long_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "--blank", "--out", str(tmp_path), "--office", "x" * 600, "F01"]) == 2
    assert "office" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    assert main(["forms", "--blank", "--out", str(tmp_path / "taken"), "F01"]) == 2
    assert "--out" in capsys.readouterr().err

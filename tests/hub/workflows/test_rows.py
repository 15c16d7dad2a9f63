"""Fields of rows: every cell is read as a field is, and what is wrong names the row and its column."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_profiles.toml_mistakes import TomlMistake
from hub.core.people import Role
from hub.workflows.engine import carried
from hub.workflows.loading import load_one
from hub.workflows.refusals import Refused
from hub.workflows.schema import FieldModel
from hub.workflows.values import MOST_ROWS, read

FIELD = FieldModel.model_validate(
    {
        "kind": "rows",
        "th": "รายการ",
        "en": "Items",
        "columns": {
            "item": {"kind": "item", "th": "รหัส", "en": "Item"},
            "what": {"kind": "text", "required": True, "unless": "item", "th": "ชื่อ", "en": "What"},
            "quantity": {
                "kind": "number",
                "whole": True,
                "required": True,
                "least": 1,
                "th": "จำนวน",
                "en": "Quantity",
            },
        },
    }
)
LNB = {"item": "LNB-U", "quantity": 2}


@pytest.fixture
def taken(office: Any) -> Callable[[object], Any]:
    """The rows that are taken, and what is wrong as (code, row, column)."""

    def take(rows: object) -> Any:
        values, faults = read({"items": FIELD}, {"items": rows}, office.engine.calendar, office)
        return values.get("items"), [(each.code, each.row, each.column) for each in faults]

    return take


def test_a_row_is_read_cell_by_cell(taken: Any) -> None:
    rows = [{"item": " LNB-U ", "quantity": "2"}, {"what": "รีโมท", "quantity": 1.0, "item": ""}]
    assert taken(rows) == ([LNB, {"what": "รีโมท", "quantity": 1}], [])


def test_rows_that_say_nothing_are_left_out(taken: Any) -> None:
    assert taken([{"item": "", "quantity": None}, LNB, {}]) == ([LNB], [])
    assert taken([{}]) == (None, [])
    assert taken("") == taken(None) == taken([]) == (None, [])


def test_what_is_wrong_names_the_row_and_the_column(taken: Any) -> None:
    rows = [{}, {"item": "NONE", "quantity": 1}, {"what": "รีโมท"}, {"quantity": 1.5, "what": "x"}, {"quantity": 1}]
    assert taken(rows)[1] == [
        ("unknown_item", 2, "item"),
        ("missing", 2, "what"),
        ("missing", 3, "quantity"),
        ("not_whole", 4, "quantity"),
        ("missing", 5, "what"),
    ]


def test_columns_that_nobody_asked_for_are_told(taken: Any) -> None:
    assert taken([{**LNB, "price": 1}])[1] == [("not_asked", 1, "price")]


@pytest.mark.parametrize("rows", ["LNB-U", {"item": "LNB-U"}, ["LNB-U"], 3])
def test_what_is_no_table_is_told(taken: Any, rows: object) -> None:
    assert taken(rows) == (None, [("no_rows", None, None)])


def test_there_is_a_most_of_rows(taken: Any) -> None:
    assert taken([LNB] * (MOST_ROWS + 1))[1] == [("too_many_rows", None, None)]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_is_given_is_taken_or_told(given_rows: object) -> None:
    class Nobody:
        def knows(self, kind: object, value: str) -> bool:
            return False

        def file(self, number: int) -> None:
            return None

    values, faults = read({"items": FIELD}, {"items": given_rows}, None, Nobody())  # type: ignore[arg-type]
    assert all(each.field == "items" for each in faults)
    assert set(values) <= {"items"}


def test_only_columns_that_both_have_are_carried_over() -> None:
    assert carried([{**LNB, "note": "ด่วน"}], FIELD) == [LNB]
    assert carried("ข้อความ", FIELD) == "ข้อความ"


def test_a_purchase_that_a_request_opens_has_its_rows(office: Any) -> None:
    walk = office.open("material_request", Role.TECHNICIAN, purpose="ซ่อมจาน", items=[{**LNB, "note": "ด่วน"}])
    walk.by(Role.SUPPLY, "approve").by(Role.SUPPLY, "buy")
    assert walk.step.effects.opens.values == {"subject": "ซ่อมจาน", "items": [LNB]}


def test_a_mistake_in_a_row_refuses_the_step(office: Any) -> None:
    with pytest.raises(Refused) as caught:
        office.open("material_request", Role.TECHNICIAN, purpose="ซ่อมจาน", items=[{"item": "LNB-U", "quantity": 0}])
    assert [(each.code, each.field, each.row, each.column) for each in caught.value.faults] == [
        ("too_small", "items", 1, "quantity")
    ]


TABLE = """
[fields.parts]
kind = "rows"
th = "รายการ"
en = "Parts"
columns.what = { kind = "text", th = "ชื่อ", en = "What" }
"""


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (TABLE.replace("columns.what", "# "), "fields.parts: columns belong to rows, and rows have some"),
        (TABLE.replace('"text"', '"signature"'), "fields.parts.columns.what: a cell cannot be a signature"),
        (TABLE.replace('"text"', '"choice"'), "fields.parts.columns.what: choices belong to a choice"),
        (TABLE.replace('en = "What"', 'en = "What", unless = "wat"'), 'there is no column "wat"'),
        (TABLE.replace("columns.what", 'starts = "amount"\ncolumns.what'), 'fields.parts.starts: "amount" is a number'),
    ],
)
def test_mistakes_in_a_table_are_told(tmp_path: Path, definition_text: Any, table: str, told: str) -> None:
    path = tmp_path / "small.toml"
    path.write_text(definition_text({"[states.done]": f"{table}\n[states.done]"}), "utf-8")
    with pytest.raises(TomlMistake) as caught:
        load_one(path)
    assert told in str(caught.value)

"""From what the hub knows to a sheet, to what a school says of it, to what the office looks at."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_profiles.toml_mistakes import TomlMistake
from hub.documents.catalogue import load_forms
from hub.documents.declaration import Kind as PaperKind
from hub.surveys.answers import ROW, rows_of
from hub.surveys.comparing import differences
from hub.surveys.knowing import Known, Piece, Room, Shape
from hub.surveys.loading import SHIPPED, load_surveys
from hub.surveys.prefilling import Today, prefilled
from hub.surveys.reading import read, typed_of
from hub.surveys.schema import Definition, Kind
from hub.surveys.sheet import (
    Deed,
    Refusal,
    Sheet,
    SheetState,
    Survey,
    SurveyRefused,
    accepted,
    answered,
    asked_back,
    is_due_for_reminder,
    progress,
)

TODAY = Today(date(2026, 11, 20), lambda cause: f"<{cause}>")
SETS = (
    Piece("tv", Shape.MENDABLE, "LG 43UR640S", "7730-001-0007", date(2024, 1, 5), 5, troubles=("tv_failed",)),
    Piece("tv", Shape.WORKS, "LG 43UR640S", "7730-001-0008", date(2019, 11, 5), 5),
    Piece("receiver", Shape.LOST),
    Piece("notebook", Shape.WORKS, acquired_on=date(2020, 1, 1), life_years=4),
)
ROOMS = (Room("ป.1", 16.04, 0.97), Room("ป.2", 15.0, 0.7), Room("ป.3", 14.2, None))
SCHOOL = Known("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน", 64, ROOMS, SETS, 0.9312, 0.07, 12.43, True)
NEEDS, USAGE = load_surveys()["needs"], load_surveys()["usage"]
SURVEY = Survey("needs", "1/2570", "cpm3", date(2026, 12, 20), 0, "person:1", id=1)
SHEET = Sheet(1, "cpm3", "30010012", "x", {}, "t")
DEED = Deed("", "ครูมานี", 1, 5)


def known(definition: Definition = NEEDS, school: Known = SCHOOL) -> Any:
    return prefilled(definition, school, TODAY)


def said(definition: Definition = NEEDS, **typed: Any) -> dict[str, list[str]]:
    """A sheet confirmed as it was sent, but for these; what nobody could know is filled in."""
    answered = {"responsible": ["ครูมานี"], "phone": ["044 000 000"], "path": ["ku"]}
    return typed_of(definition, known(definition)) | answered | {key: [value] for key, value in typed.items()}


class TestDefinitions:
    @pytest.mark.parametrize("definition", load_surveys().values(), ids=lambda each: each.id)
    def test_each_fits_its_paper(self, definition: Definition) -> None:
        if definition.form is None:
            return
        fields = load_forms()[definition.form].declaration.fields
        assert definition.turn_as in fields
        for name, question in definition.questions.items():
            assert name in fields, name
            assert set(question.choices) <= set(fields[name].choices), name
            if question.kind is Kind.TABLE:
                assert fields[name].type is PaperKind.TABLE
                columns = fields[name].columns
                assert {question.name, *question.columns} <= set(columns), name
                for key, column in question.columns.items():
                    assert set(column.choices) <= set(columns[key].choices), key

    def test_one_with_a_source_that_is_none_says_which_there_are(self, tmp_path: Path) -> None:
        text = (SHIPPED / "usage.toml").read_text("utf-8").replace('known = "rooms.use"', 'known = "rooms.colour"')
        (tmp_path / "usage.toml").write_text(text, "utf-8")
        with pytest.raises(TomlMistake, match=r"no source rooms\.colour; there are equipment"):
            load_surveys(tmp_path)

    def test_a_question_that_stands_on_no_page_is_a_mistake(self, tmp_path: Path) -> None:
        text = (SHIPPED / "usage.toml").read_text("utf-8").replace('"why_not", ', "")
        (tmp_path / "usage.toml").write_text(text, "utf-8")
        with pytest.raises(TomlMistake, match="why_not must stand in exactly one part"):
            load_surveys(tmp_path)

    def test_a_new_survey_is_a_file_and_nothing_else(self, tmp_path: Path) -> None:
        words = 'th = "น้ำ"\nen = "Water"'
        text = (
            f'id = "water"\n{words}\nabout = {{ th = "น้ำ", en = "Water" }}\n[[parts]]\n{words}\nquestions = ["pupils"]\n'
            f'[questions.pupils]\nkind = "number"\nknown = "school.pupils"\n{words}\n'
        )
        assert tomllib.loads(text)
        (tmp_path / "water.toml").write_text(text, "utf-8")
        assert prefilled(load_surveys(tmp_path)["water"], SCHOOL, TODAY) == {"pupils": 64}


class TestPrefilling:
    def test_what_is_known_stands_on_the_sheet(self) -> None:
        sheet = known()
        assert (sheet["pupils"], sheet["dltv_rooms"], sheet["power"], sheet["power_loss_pct"]) == (
            64,
            3,
            "failing",
            7.0,
        )
        assert sheet["eligibility"] == ["size", "power", "internet"]
        assert "teachers" not in sheet

    def test_equipment_is_counted_by_the_rows(self) -> None:
        rows = {str(row[ROW]): row for row in rows_of(known(), "items")}
        assert len(rows) == 8
        assert rows["โทรทัศน์"] == {
            ROW: "โทรทัศน์",
            "unit": "เครื่อง",
            "all": 2,
            "works": 1,
            "mendable": 1,
            "lost": 0,
            "model": "LG 43UR640S",
            "asset_number": "7730-001-0007, 7730-001-0008",
            "year": "2563, 2567",
            "symptom": "<tv_failed>",
            "need": "repair",
            "need_qty": 1,
        }
        assert rows["กล่องรับสัญญาณ"]["need"] == "replace"
        assert rows["รีโมท"] == {ROW: "รีโมท", "unit": "อัน"}

    def test_the_use_of_rooms_is_measured(self) -> None:
        sheet = known(USAGE)
        assert [(row[ROW], row["measured"], row.get("reception")) for row in rows_of(sheet, "grades")] == [
            ("ป.1", 16, "good"),
            ("ป.2", 15, "fair"),
            ("ป.3", 14.2, None),
        ]
        assert (sheet["use"], sheet["quality"], sheet["received_pct"]) == ("full", 12.4, 93.1)
        assert sheet["obstacles"] == ["equipment"]

    def test_what_is_old_is_told_by_its_useful_life(self) -> None:
        rows = {row[ROW]: row for row in rows_of(known(load_surveys()["dlit"]), "equipment")}
        assert (rows["โน้ตบุ๊ก"]["old"], rows["สมาร์ททีวี"]["old"]) == (1, 1)

    def test_of_a_school_that_nobody_knows_nothing_is_said(self) -> None:
        empty = known(USAGE, Known("cpm3", "1", ""))
        assert empty == {}


class TestReading:
    def test_a_sheet_that_is_confirmed_says_what_was_known(self) -> None:
        for definition in (NEEDS, USAGE):
            found = read(definition, known(definition), said(definition))
            assert found.faults == ()
            assert differences(definition, known(definition), found.answers) == ()

    def test_thai_digits_and_separators_are_numbers(self) -> None:
        assert read(NEEDS, known(), said(pupils="๑,๐๖๔")).answers["pupils"] == 1064

    @pytest.mark.parametrize(
        ("place", "typed", "code"),
        [
            ("pupils", "", "missing"),
            ("pupils", "viele", "number"),
            ("pupils", "64.5", "whole"),
            ("pupils", "-1", "range"),
            ("power", "maybe", "choice"),
            ("phone", "x" * 301, "long"),
            ("eligibility", "rich", "choice"),
            ("items.5.all", "3", "balance"),
            ("items.5.rank", "4", "range"),
        ],
    )
    def test_each_fault_names_its_place(self, place: str, typed: str, code: str) -> None:
        found = read(NEEDS, known(), said(**{place: typed}))
        assert [(each.place, each.code) for each in found.faults] == [(place, code)]

    def test_all_faults_are_told_at_once(self) -> None:
        assert [each.place for each in read(NEEDS, {}, {}).faults] == [
            "pupils",
            "dltv_rooms",
            "responsible",
            "phone",
            "items",
        ]

    def test_a_school_adds_rows_of_its_own(self) -> None:
        answers = read(NEEDS, known(), said(**{"items.8.row": "ลำโพง", "items.8.all": "1"})).answers
        assert rows_of(answers, "items")[8] == {ROW: "ลำโพง", "all": 1}

    def test_a_row_that_is_added_needs_a_name(self) -> None:
        found = read(NEEDS, known(), said(**{"items.9.all": "1"}))
        assert [(each.place, each.code) for each in found.faults] == [("items.9.row", "missing")]

    @given(
        st.dictionaries(st.sampled_from(["pupils", "power", "items.0.all", "items.9.row", "note"]), st.lists(st.text()))
    )
    def test_whatever_is_typed_is_read_or_refused(self, typed: dict[str, list[str]]) -> None:
        assert read(NEEDS, known(), typed).faults


class TestComparing:
    def test_what_the_school_says_otherwise_is_told_with_its_place(self) -> None:
        typed = said(pupils="61", power="steady", **{"items.5.works": "2", "items.5.mendable": "0"})
        found = differences(NEEDS, known(), read(NEEDS, known(), typed).answers)
        assert [(each.question, each.row, each.column, each.known, each.said) for each in found] == [
            ("pupils", "", "", 64, 61),
            ("power", "", "", "failing", "steady"),
            ("items", "โทรทัศน์", "works", 1, 2),
            ("items", "โทรทัศน์", "mendable", 1, 0),
        ]

    def test_what_nobody_knew_is_no_difference(self) -> None:
        assert differences(NEEDS, known(), read(NEEDS, known(), said(teachers="5")).answers) == ()

    def test_what_the_school_took_away_is_one(self) -> None:
        (found,) = differences(NEEDS, known(), read(NEEDS, known(), said(power="")).answers)
        assert (found.question, found.said) == ("power", None)


class TestSheet:
    def test_it_is_answered_asked_back_answered_anew_and_accepted(self) -> None:
        sheet = answered(SURVEY, SHEET, {"pupils": 1}, DEED)
        assert (sheet.state, sheet.version, sheet.answered_name) == (SheetState.ANSWERED, 2, "ครูมานี")
        back = asked_back(SURVEY, sheet, Deed("person:1", "", 2, 6), "กี่เครื่อง")
        assert (back.state, back.note, back.answers) == (SheetState.ASKED_BACK, "กี่เครื่อง", {"pupils": 1})
        again = answered(SURVEY, back, {"pupils": 2}, replace(DEED, version=3))
        done = accepted(again, Deed("person:1", "", 4, 7))
        assert (done.state, done.answers, done.decided_by, done.note) == (
            SheetState.ACCEPTED,
            {"pupils": 2},
            "person:1",
            "",
        )

    def test_whoever_saw_an_older_one_changes_nothing(self) -> None:
        sheet = answered(SURVEY, SHEET, {}, DEED)
        for act in (lambda: answered(SURVEY, sheet, {}, DEED), lambda: accepted(sheet, DEED)):
            with pytest.raises(SurveyRefused) as refused:
                act()
            assert refused.value.refusal is Refusal.STALE

    def test_what_is_closed_is_not_answered_but_can_be_accepted(self) -> None:
        closed = replace(SURVEY, closed_at=1)
        with pytest.raises(SurveyRefused, match="closed"):
            answered(closed, SHEET, {}, DEED)
        sheet = answered(SURVEY, SHEET, {}, DEED)
        assert accepted(sheet, replace(DEED, version=2)).state is SheetState.ACCEPTED

    def test_only_what_was_answered_can_be_decided(self) -> None:
        for act in (lambda: accepted(SHEET, DEED), lambda: asked_back(SURVEY, SHEET, DEED, "x")):
            with pytest.raises(SurveyRefused, match="not_from_here"):
                act()
        done = replace(SHEET, state=SheetState.ACCEPTED)
        with pytest.raises(SurveyRefused, match="not_from_here"):
            answered(SURVEY, done, {}, DEED)

    def test_a_school_is_reminded_once_and_only_while_it_has_not_answered(self) -> None:
        assert not is_due_for_reminder(SURVEY, SHEET, date(2026, 12, 16), 3)
        assert is_due_for_reminder(SURVEY, SHEET, date(2026, 12, 17), 3)
        for other in (replace(SHEET, reminded_at=1), answered(SURVEY, SHEET, {}, DEED)):
            assert not is_due_for_reminder(SURVEY, other, date(2026, 12, 17), 3)
        assert not is_due_for_reminder(replace(SURVEY, closed_at=1), SHEET, date(2026, 12, 17), 3)

    def test_progress_is_the_share_that_has_answered(self) -> None:
        assert (
            progress({SheetState.WAITING: 2, SheetState.ASKED_BACK: 1, SheetState.ANSWERED: 1, SheetState.ACCEPTED: 4})
            == 5 / 8
        )
        assert progress({}) == 0.0

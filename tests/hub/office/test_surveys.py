"""Surveys carried out: what is frozen on a sheet, who is told, and reminders in time."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from hub.config import HubSettings
from hub.core.assets import Asset, Component, Deed
from hub.core.findings import RoomDay
from hub.core.people import AT_THE_CONSOLE
from hub.office.office import Office
from hub.office.surveys import Surveys
from hub.store.assets import AssetRows
from hub.store.lessons import keep_room_days
from hub.store.message_tables import message
from hub.store.messages import unspread
from hub.store.opening import open_store
from hub.store.tables import device, node, registered, school, ticket
from hub.store.unit_of_work import Store
from hub.surveys.answers import ROW, rows_of
from hub.surveys.reading import typed_of
from hub.surveys.sheet import Refusal, Sheet, SurveyRefused
from hub.web.survey_pages import NewSurvey
from tests.stores import database

NOW, DAY = 1_795_157_100_000, 86_400_000
"""20 November 2026, 13:45."""
DUE = date(2026, 12, 4)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(database(tmp_path / "hub.db"))
    with store.begin() as work:
        write(work.connection)
    yield store
    store.close()


def write(connection: object) -> None:
    """A school with a dish that fails, a receiver that nobody registered, and a television in the register."""
    run = connection.execute  # type: ignore[attr-defined]
    run(insert(school).values(group="cpm3", code="1", name="โรงเรียนบ้านทดลอง", pupils=64))
    run(insert(school).values(group="cpm3", code="2", name="โรงเรียนอื่น", pupils=300))
    row = insert(node).values(group="cpm3", name="1", school="1", online=True, properties={})
    node_id = run(row).inserted_primary_key[0]
    latest = {"signal/cnr_db": [12.44, NOW]}
    told = {"node_id": node_id, "room": "ป.1", "properties": {"model": "S2 HD"}}
    run(insert(device).values(key="p1-receiver", kind="receiver", latest=latest, **told))
    run(insert(device).values(key="p1-tv", kind="tv", latest={}, **told))
    run(
        insert(device).values(
            node_id=node_id, key="", kind="computer", latest={"net/internet": [True, NOW]}, properties={}
        )
    )
    run(insert(registered).values(group="cpm3", node="1", device="p1-receiver", dish="roof"))
    fault = {"node_id": node_id, "device": "", "dish": "roof", "cause": "dish_misaligned", "state": "reported"}
    run(insert(ticket).values(**fault, open=True, onset_at=NOW, opened_at=NOW, signs=[], version=1))
    rows, deed = AssetRows(connection), Deed("added", "x", "", NOW)  # type: ignore[arg-type]
    rows.add(Asset("cpm3", "tv", "7730-1", school="1", device="p1-tv", acquired_on=date(2024, 11, 1)), deed)
    dish = rows.add(Asset("cpm3", "dish", school="1", dish="roof"), deed)
    rows.fit(Component(dish.id, "lnb"), deed)
    days = [
        RoomDay("cpm3", "1", "ป.1", f"2026-11-{at:02}", {"school_power_outage": 42.0}, 210.0) for at in range(16, 20)
    ]
    keep_room_days(connection, days)  # type: ignore[arg-type]


@pytest.fixture
def surveys(store: Store) -> Surveys:
    return Office(store, HubSettings(groups=("cpm3",)), ZoneInfo("Asia/Bangkok"), lambda: NOW).surveys


def started(surveys: Surveys, kind: str = "needs", **more: object) -> Sheet:
    number = surveys.start(NewSurvey(kind, "1/2570", "cpm3", DUE, small=True, **more), AT_THE_CONSOLE)  # type: ignore[arg-type]
    found = surveys.one(number, AT_THE_CONSOLE)
    assert found is not None
    (sheet,) = found[1]
    return sheet


def confirmed(surveys: Surveys, sheet: Sheet, kind: str = "needs", **more: str) -> dict[str, list[str]]:
    told = {"responsible": ["ครู"], "phone": ["1"], "informant": ["ครูมานี"]}
    return typed_of(surveys.definitions[kind], sheet.known) | told | {key: [value] for key, value in more.items()}


def told(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(message.c.code).order_by(message.c.id)).scalars())


def test_assets_parts_and_what_only_reports_are_on_the_sheet(surveys: Surveys) -> None:
    rows = {row[ROW]: row for row in rows_of(started(surveys).known, "items")}
    assert (rows["โทรทัศน์"]["all"], rows["โทรทัศน์"]["works"], rows["โทรทัศน์"]["asset_number"]) == (1, 1, "7730-1")
    assert (rows["กล่องรับสัญญาณ"]["all"], rows["กล่องรับสัญญาณ"]["model"]) == (1, "S2 HD")
    assert (rows["จานรับสัญญาณ"]["mendable"], rows["จานรับสัญญาณ"]["need"]) == (1, "repair")
    assert rows["หัวรับสัญญาณ (LNB)"]["all"] == 1


def test_use_and_signal_are_measured(surveys: Surveys) -> None:
    known = started(surveys, "usage").known
    assert (known["quality"], known["pupils"], known["use"]) == (12.4, 64, "some")
    (room,) = rows_of(known, "grades")
    # Fourteen hours in the five class days since the room is known, of which a twelfth went with the power.
    assert (room[ROW], room["measured"], room["reception"]) == ("ป.1", 14, "fair")


def test_what_we_knew_stays_whatever_changes_since(surveys: Surveys, store: Store) -> None:
    sheet = started(surveys)
    with store.begin() as work:
        work.connection.execute(school.update().values(pupils=1))
    found = surveys.by_token(sheet.token)
    assert found is not None
    assert found[1].known["pupils"] == 64


def test_a_school_that_has_not_answered_is_reminded_once(surveys: Surveys, store: Store) -> None:
    started(surveys)
    assert [surveys.tick(NOW + days * DAY) for days in (0, 10, 11, 12)] == [0, 0, 1, 0]
    assert told(store) == ["survey.started", "survey.due_soon"]


def test_the_office_is_told_once_of_a_survey_that_is_past_its_due_day(surveys: Surveys, store: Store) -> None:
    started(surveys)
    for days in (12, 15, 16):
        surveys.tick(NOW + days * DAY)
    assert told(store) == ["survey.started", "survey.due_soon", "survey.overdue"]
    with store.reading() as connection:
        (news,) = [each for each in unspread(connection, 9) if each.code == "survey.overdue"]
    assert news.whom[-2:] == ("clerk", "group_head")


def test_one_that_has_answered_is_not_and_one_that_is_asked_back_is_told(surveys: Surveys, store: Store) -> None:
    sheet = started(surveys)
    surveys.answer(sheet.token, confirmed(surveys, sheet), 1, AT_THE_CONSOLE)
    assert surveys.tick(NOW + 12 * DAY) == 0
    surveys.ask_back(sheet.id, 2, "นับใหม่", AT_THE_CONSOLE)
    assert told(store) == ["survey.started", "survey.asked_back"]


def test_a_reminder_makes_no_page_stale_that_somebody_is_filling_in(surveys: Surveys) -> None:
    sheet = started(surveys)
    assert surveys.tick(NOW + 12 * DAY) == 1
    assert surveys.answer(sheet.token, confirmed(surveys, sheet), 1, AT_THE_CONSOLE).version == 2


def test_what_is_refused_changes_nothing(surveys: Surveys, store: Store) -> None:
    sheet = started(surveys)
    with pytest.raises(SurveyRefused) as refused:
        surveys.answer(sheet.token, confirmed(surveys, sheet, pupils="x"), 1, AT_THE_CONSOLE)
    assert refused.value.refusal is Refusal.FAULTS
    found = surveys.by_token(sheet.token)
    assert found is not None
    assert (found[1].version, found[1].answers) == (1, None)


def test_pupils_go_into_the_register_with_the_acceptance(surveys: Surveys, store: Store) -> None:
    sheet = started(surveys)
    surveys.answer(sheet.token, confirmed(surveys, sheet, pupils="61"), 1, AT_THE_CONSOLE)
    with store.reading() as connection:
        assert connection.execute(select(school.c.pupils).where(school.c.code == "1")).scalar_one() == 64
    surveys.accept(sheet.id, 2, AT_THE_CONSOLE)
    with store.reading() as connection:
        assert connection.execute(select(school.c.pupils).where(school.c.code == "1")).scalar_one() == 61


def test_agents_can_report_while_a_survey_looks_at_its_district(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    surveys = Office(store, HubSettings(groups=("cpm3",)), ZoneInfo("Asia/Bangkok"), lambda: NOW).surveys
    held: list[bool] = []
    bells = surveys._tools.bells
    minutes = bells.minutes

    def looked(school_code: str, start: int, end: int) -> float:
        held.append(store._one_writer.locked())
        return minutes(school_code, start, end)

    monkeypatch.setattr(bells, "minutes", looked)
    assert started(surveys).school == "1"
    assert set(held) == {False}

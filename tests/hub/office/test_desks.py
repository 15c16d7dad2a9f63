"""Tickets at a Request Tracker that truly runs: handed over once, kept up both ways."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hub.helpdesks.settings import DeskSettings
from hub.messages.desk_cases import DeskCase
from hub.messages.events import Event
from hub.office.desks import Desks
from hub.requesting import make_engine
from hub.store.desk_cases import DeskCaseRows
from hub.store.engine import open_engine, upgrade
from hub.store.events import EventRows
from hub.store.message_tables import message
from hub.store.unit_of_work import Store
from hub.web.message_words import MessageWords
from hub.workflows.settings import OfficeSettings
from tests.hub.helpdesks.conftest import tracker  # noqa: F401  a fixture
from tests.hub.helpdesks.request_tracker import PASSWORD, USER, Tracker
from tests.stores import database

pytestmark = pytest.mark.e2e
ZONE = ZoneInfo("Asia/Bangkok")
NOW, MINUTE = 1_795_157_100_000, 60_000
ENGINE = make_engine(OfficeSettings.model_validate({}), ZONE)
NUMBERS = iter(range(100, 10_000))


class World:
    """A hub's database and its help desk. Each has a ticket of another number: the help desk is the same for all tests."""

    def __init__(self, store: Store, url: str) -> None:
        self.store, self.now, self.url, self.number = store, NOW, url, next(NUMBERS)
        self.desks().keep_up(threading.Event())

    def desks(self, **more: Any) -> Desks:
        """A hub that has just been started."""
        given = {"name": "rt", "kind": "request_tracker", "url": self.url, "username": USER, "secret": PASSWORD}
        settings = DeskSettings.model_validate({**given, **more})
        words = MessageWords(ZONE, "https://hub.example")
        return Desks(self.store, [settings], ENGINE.definitions, words, lambda: self.now)

    def keep_up(self, **more: Any) -> None:
        self.desks(**more).keep_up(threading.Event())

    def happens(self, kind: str, state: str = "reported") -> None:
        body = {
            "number": self.number, "group": "cpm3", "school": "30010012", "school_name": "โรงเรียนบ้านทุ่งดอกจาน",
            "device": "p1-tv", "dish": "", "cause": "tv_failed", "state": state, "open": kind != "ticket.closed",
            "url": f"https://hub.example/tickets/{self.number}",
        }  # fmt: skip
        with self.store.begin() as work:
            key = f"{self.number}:{kind}:{state}"
            EventRows(work.connection).add(
                Event(key, kind, f"ticket:{self.number}", self.now, body, "cpm3", "30010012")
            )

    @property
    def case(self) -> DeskCase:
        with self.store.reading() as connection:
            found = DeskCaseRows(connection).get("rt", f"ticket:{self.number}")
        assert found is not None
        return found

    def told(self) -> list[tuple[str, Any]]:
        with self.store.reading() as connection:
            return [(row.code, row.params) for row in connection.execute(select(message))]


@pytest.fixture
def world(tmp_path: Path, tracker: Tracker) -> Iterator[World]:  # noqa: F811
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    yield World(store, tracker.url)
    store.close()


def there(tracker: Tracker, number: int) -> list[Any]:  # noqa: F811
    query = f"/tickets?query=Subject LIKE '[dltv ticket:{number}]'&fields=Subject,Status"
    found: list[Any] = tracker.ask("GET", query).json()["items"]
    return found


def test_a_ticket_is_handed_over_once_and_its_end_is_told_there(world: World, tracker: Tracker) -> None:  # noqa: F811
    world.happens("ticket.opened")
    for _ in range(2):
        world.keep_up()
    (made,) = there(tracker, world.number)
    assert f"ใบแจ้งซ่อมใหม่ #{world.number}" in made["Subject"]
    assert (world.case.reference, world.case.state) == (made["id"], "new")
    world.happens("ticket.changed", "in_repair")
    world.keep_up()
    world.happens("ticket.closed", "closed")
    world.keep_up()
    (ended,) = there(tracker, world.number)
    assert ended["Status"] == "resolved"
    assert (world.case.state, world.case.done) == ("resolved", True)


def test_a_hub_killed_before_it_noted_the_reference_makes_no_second_one(
    world: World,
    tracker: Tracker,  # noqa: F811
) -> None:
    world.happens("ticket.opened")
    world.keep_up()
    with world.store.begin() as work:
        lost = replace(world.case, reference=None, url=None, due_at=world.now)
        assert DeskCaseRows(work.connection).change(lost)
    world.keep_up()
    (made,) = there(tracker, world.number)
    assert world.case.reference == made["id"]


def test_a_hub_killed_before_it_noted_what_it_told_says_it_once(world: World, tracker: Tracker) -> None:  # noqa: F811
    def comments() -> int:
        return int(tracker.ask("GET", f"/ticket/{world.case.reference}/history").json()["total"])

    world.happens("ticket.opened")
    world.keep_up()
    opened = world.case
    world.happens("ticket.changed", "in_repair")
    world.keep_up()
    told, count = world.case, comments()
    assert told.telling == told.told > opened.told
    with world.store.begin() as work:
        assert DeskCaseRows(work.connection).change(replace(told, told=opened.told, due_at=world.now))
    world.keep_up()
    assert (world.case.told, comments()) == (told.told, count)


def test_what_they_answer_is_kept_and_told_to_those_who_work_on_it(world: World, tracker: Tracker) -> None:  # noqa: F811
    world.happens("ticket.opened")
    world.keep_up()
    reference = world.case.reference
    said = {"Content": "เปลี่ยนสาย HDMI แล้ว", "ContentType": "text/plain"}
    tracker.ask("POST", f"/ticket/{reference}/correspond", said)
    tracker.ask("PUT", f"/ticket/{reference}", {"Status": "resolved"})
    world.keep_up()
    assert world.case.state == "new"
    world.now += 6 * MINUTE
    for _ in range(2):
        world.keep_up()
    assert (world.case.state, world.case.done, world.case.solution) == ("resolved", True, "เปลี่ยนสาย HDMI แล้ว")
    ((code, params),) = world.told()
    assert code == "ticket.desk_done"
    assert (params["reference"], params["solution"]) == (reference, "เปลี่ยนสาย HDMI แล้ว")


def test_a_help_desk_that_refuses_is_tried_later_and_says_why(world: World, tracker: Tracker) -> None:  # noqa: F811
    world.happens("ticket.opened")
    world.keep_up(secret="wrong")
    assert (world.case.reference, world.case.trouble, world.case.tries) == (None, "refused", 1)
    world.keep_up()
    assert world.case.reference is None
    world.now += MINUTE
    world.keep_up()
    assert world.case.trouble is None
    assert len(there(tracker, world.number)) == 1


def test_a_help_desk_gets_what_it_takes_and_nothing_of_before(world: World, tracker: Tracker) -> None:  # noqa: F811
    world.happens("ticket.opened")
    world.keep_up(takes=("request",))
    with world.store.reading() as connection:
        assert DeskCaseRows(connection).newest(10) == ()
    world.keep_up(name="later")
    assert there(tracker, world.number) == []

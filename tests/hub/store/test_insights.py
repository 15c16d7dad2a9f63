"""Incidents, lesson time and use, read from what detection told."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from hub.core.equipment import NodeKey
from hub.core.findings import Incident, RoomDay
from hub.core.insights import IncidentSchool
from hub.store.engine import open_engine, upgrade
from hub.store.incidents import keep_incidents
from hub.store.insights import StoreInsights
from hub.store.lessons import keep_room_days
from hub.store.tables import device, epoch, node, registered, report, school
from hub.store.unit_of_work import Store
from tests.stores import database

MORNING, HOUR, DAY = 1_795_139_100_000, 3_600_000, 86_400_000
"""20 Nov 2026, 08:45 in Thailand."""


def day(
    date: str, room: str = "p1", used: float = 0.0, *, code: str = "s1", group: str = "d1", **lost: float
) -> RoomDay:
    return RoomDay(group, code, room, date, lost, used)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    opened = Store(engine)
    with opened.begin() as work:
        work.connection.execute(insert(school).values(group="d1", code="s1", name="One"))
        work.connection.execute(
            insert(node).values(id=1, group="d1", name="s1", school="s1", online=True, properties={})
        )
    yield opened
    opened.close()


def every_day(_school: str, first: str, last: str) -> list[str]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(begin + timedelta(days=n)).isoformat() for n in range((end - begin).days + 1)]


@pytest.fixture
def insights(store: Store) -> StoreInsights:
    return StoreInsights(store, ZoneInfo("Asia/Bangkok"), every_day)


def keep(store: Store, *days: RoomDay) -> None:
    with store.begin() as work:
        keep_room_days(work.connection, days)


def equipment(store: Store, key: str, kind: str, room: str | None, latest: Any = None, *, stale: bool = False) -> int:
    row = {"node_id": 1, "key": key, "kind": kind, "room": room, "properties": {}, "stale": stale}
    with store.begin() as work:
        return int(work.connection.execute(insert(device).values(**row, latest=latest or {})).inserted_primary_key[0])


def receiver(
    store: Store,
    room: str | None,
    lock: bool | None,
    *,
    stale: bool = False,
    key: str = "p1-receiver",
    since: int | None = None,
) -> None:
    latest = {} if lock is None else {"signal/lock": [lock, MORNING]}
    number = equipment(store, key, "receiver", room, latest, stale=stale)
    if since is not None:
        with store.begin() as work:
            journal = {"node_id": 1, "uuid": key, "ours": False, "newest": 1, "judged": 1, "first_seen": 0}
            epoch_id = work.connection.execute(insert(epoch).values(**journal)).inserted_primary_key[0]
            work.connection.execute(
                insert(report).values(epoch_id=epoch_id, offset=1, device_id=number, t=since, body=b"[]")
            )


def tell(store: Store, *incidents: Incident) -> None:
    with store.begin() as work:
        keep_incidents(work.connection, incidents)


def test_lesson_time_is_summed_by_cause_school_and_day(store: Store, insights: StoreInsights) -> None:
    keep(
        store,
        day("2026-11-19", used=100, rain_fade=30),
        day("2026-11-19", "p2", rain_fade=10, tv_failed=50),
        day("2026-11-20", code="s2", rain_fade=20),
        day("2026-11-21", tv_failed=500),
        day("2026-11-20", group="d2", tv_failed=500),
    )
    view = insights.lesson_time(["d1"], "2026-11-19", "2026-11-20")
    assert view.by_cause == (("rain_fade", 60), ("tv_failed", 50))
    assert [(each.school, each.name, each.used_min, dict(each.lost)) for each in view.schools] == [
        ("s1", "One", 100, {"tv_failed": 50, "rain_fade": 40}),
        ("s2", None, 0, {"rain_fade": 20}),
    ]
    assert view.days == (("2026-11-19", 90), ("2026-11-20", 20))
    assert (view.lost_min, view.used_min) == (110, 100)
    together = insights.lesson_time(["d1"], "2026-11-19", "2026-11-20", shown=False)
    assert (together.lost_min, together.used_min, together.days) == (110, 100, view.days)
    assert [each.used_min for each in together.schools] == [0, 0]


def test_all_districts_are_summed_where_none_is_named(store: Store, insights: StoreInsights) -> None:
    keep(store, day("2026-11-20", rain_fade=5), day("2026-11-20", group="d2", rain_fade=7))
    assert insights.lesson_time(None, "2026-11-20", "2026-11-20").lost_min == 12
    assert insights.groups() == ("d1", "d2")


def test_a_day_without_any_loss_has_none(insights: StoreInsights) -> None:
    view = insights.lesson_time(None, "2026-11-20", "2026-11-20")
    assert (view.lost_min, view.by_cause, view.schools, view.days) == (0, (), (), ())
    assert insights.lesson_time(None, "2026-11-20", "2026-11-20", shown=False).used_min == 0


def test_idle_are_the_class_days_after_the_last_on_which_something_was_shown(
    store: Store, insights: StoreInsights
) -> None:
    keep(store, day("2026-11-16", used=60), day("2026-11-18", used=5))
    keep(store, day("2026-11-17", "p2", tv_failed=30))
    first, second = insights.rooms(["d1"], "2026-11-11", "2026-11-21")
    assert (first.room, first.days, first.used_days, first.used_min) == ("p1", 11, 2, 65)
    assert (first.idle_days, first.last_used) == (2, "2026-11-18")
    assert (second.idle_days, second.last_used, dict(second.lost)) == (10, None, {"tv_failed": 30})
    assert first.school_name == "One"


def test_a_set_that_was_never_used_is_idle_since_its_receiver_first_reported(
    store: Store, insights: StoreInsights
) -> None:
    receiver(store, "p1", True, since=MORNING - 5 * DAY)
    equipment(store, "p1-tv", "tv", "p1")
    (room,) = insights.rooms(None, "2026-11-01", "2026-11-20")
    assert (room.days, room.idle_days, room.used_days, room.last_used) == (6, 5, 0, None)


def test_a_room_with_nothing_to_show_a_picture_on_is_no_room_in_use(store: Store, insights: StoreInsights) -> None:
    receiver(store, "rack", True, since=MORNING - 5 * DAY)
    receiver(store, None, True, key="spare", since=MORNING - 5 * DAY)
    equipment(store, "p2-tv", "tv", "p2")
    assert insights.rooms(None, "2026-11-01", "2026-11-20") == ()


def test_what_was_used_on_the_last_day_is_not_idle(store: Store, insights: StoreInsights) -> None:
    keep(store, day("2026-11-20", used=10))
    assert insights.rooms(None, "2026-11-01", "2026-11-20")[0].idle_days == 0


@pytest.mark.parametrize(
    ("lock", "stale", "could"), [(True, False, True), (False, False, False), (None, False, False), (True, True, False)]
)
def test_a_room_could_be_used_where_its_receiver_has_lock_now(
    store: Store, insights: StoreInsights, lock: bool | None, stale: bool, could: bool
) -> None:
    keep(store, day("2026-11-20"))
    receiver(store, "p1", lock, stale=stale)
    (room,) = insights.rooms(None, "2026-11-01", "2026-11-30")
    assert (room.has_picture, room.node) == (could, NodeKey("d1", "s1"))


def test_the_register_knows_the_room_better_than_the_device(store: Store, insights: StoreInsights) -> None:
    keep(store, day("2026-11-20"))
    receiver(store, "elsewhere", True)
    with store.begin() as work:
        work.connection.execute(insert(registered).values(group="d1", node="s1", device="p1-receiver", room="p1"))
    assert [room.has_picture for room in insights.rooms(["d1"], "2026-11-01", "2026-11-30", "s1")] == [True]


def test_one_receiver_with_lock_is_enough(store: Store, insights: StoreInsights) -> None:
    keep(store, day("2026-11-20"))
    receiver(store, "p1", True)
    receiver(store, "p1", False, key="p1-receiver-2")
    assert insights.rooms(None, "2026-11-01", "2026-11-30")[0].has_picture


def test_an_incident_names_its_schools_and_what_they_lost_on_its_days(store: Store, insights: StoreInsights) -> None:
    members = {"s2": (MORNING, None), "s1": (MORNING - HOUR, MORNING)}
    tell(store, Incident("d1", "rain/1", "rain_fade", MORNING - HOUR, MORNING + HOUR, members))
    keep(store, day("2026-11-20", rain_fade=30, tv_failed=99), day("2026-11-20", code="s2", rain_fade=12))
    keep(
        store,
        day("2026-11-19", rain_fade=99),
        day("2026-11-21", rain_fade=99),
        day("2026-11-20", code="s3", rain_fade=99),
    )
    view = insights.incident("d1", "rain/1")
    assert view is not None
    assert view.schools == (
        IncidentSchool("s1", "One", MORNING - HOUR, MORNING),
        IncidentSchool("s2", None, MORNING, None),
    )
    assert (view.lost_min, view.running) == (42, False)
    assert insights.incident("d1", "rain") is None
    assert insights.incident("d2", "rain/1") is None


def test_incidents_are_listed_the_newest_first_and_part_by_part(store: Store, insights: StoreInsights) -> None:
    for n in range(3):
        end = None if n == 1 else MORNING + n * DAY + HOUR
        tell(store, Incident("d1", f"i{n}", "rain_fade", MORNING + n * DAY, end, {"s1": (MORNING, None)}))
    assert [view.key for view in insights.incidents(limit=2)] == ["i2", "i1"]
    assert [view.key for view in insights.incidents(skip=2, limit=2)] == ["i0"]
    assert [view.key for view in insights.incidents(running=True)] == ["i1"]
    assert insights.incidents(["d2"]) == ()

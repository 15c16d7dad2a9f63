"""What is concluded and who is to be told of it stand in the database together, or not at all."""

from collections.abc import Sequence
from typing import Any, cast

import pytest

from hub.core.findings import Conclusion, Incident, RoomDay
from hub.core.notices import Person
from hub.detection.service import Detection
from hub.judging import COUNTED_MS, Judging, Telling
from hub.store.engine import open_engine, upgrade
from hub.store.incidents import incidents
from hub.store.judgements import Judgements
from hub.store.lessons import keep_room_days, room_days
from hub.store.outbox import keep_notices, waiting
from hub.store.unit_of_work import Store, UnitOfWork
from hub.tickets.service import Tickets
from hub.tickets.settings import TicketSettings
from tests.stores import database

NOW = 1_795_157_100_000
PERSON = Person("somchai@school.example", "th", frozenset({"area_outage"}), 0)


class Concluding:
    """Detection that has come to one conclusion."""

    forgot = False

    def tick(self, *_asked: object, **_how: object) -> list[Conclusion]:
        return [Incident("cpm3", "k", "area_outage", NOW, None, {"1": (NOW, None)})]

    def rooms_so_far(self) -> list[RoomDay]:
        return [RoomDay("cpm3", "1", "p1", "2026-11-20", {"tv_failed": 20.0}, 5.0)]

    def forget(self) -> None:
        self.forgot = True


def note(work: UnitOfWork, told: Sequence[Incident], now: int) -> None:
    keep_notices(work.connection, [PERSON], told, now)


def note_and_fail(work: UnitOfWork, told: Sequence[Incident], now: int) -> None:
    note(work, told, now)
    raise RuntimeError("the power is gone")


@pytest.fixture
def store(tmp_path: Any) -> Any:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    opened = Store(engine)
    yield opened
    opened.close()


def judging(store: Store, detection: Concluding, tell: Telling) -> Judging:
    return Judging(store, cast(Detection, detection), Tickets(TicketSettings()), tell=tell)


def kept(store: Store) -> tuple[int, int]:
    """How many incidents, and how many notices that wait."""
    with store.reading() as connection:
        return len(incidents(connection)), len(waiting(connection, NOW))


def test_an_incident_is_kept_with_who_is_to_be_told(store: Store) -> None:
    judging(store, Concluding(), note).tick(NOW, listening=True)
    assert kept(store) == (1, 1)


def test_where_one_fails_neither_is_kept(store: Store) -> None:
    detection = Concluding()
    with pytest.raises(RuntimeError):
        judging(store, detection, note_and_fail).tick(NOW, listening=True)
    assert kept(store) == (0, 0)
    assert detection.forgot


def test_others_write_while_it_is_judged(store: Store) -> None:
    class Interrupted(Concluding):
        def tick(self, *_asked: object, **_how: object) -> list[Conclusion]:
            with store.begin() as work:
                keep_room_days(work.connection, [RoomDay("cpm3", "1", "p1", "2026-11-20", {"tv_failed": 7.0})])
            return super().tick()

    judging(store, Interrupted(), note).tick(NOW, listening=True)
    assert kept(store) == (1, 1)
    with store.reading() as connection:
        assert [day.lost for day in room_days(connection)] == [{"tv_failed": 7.0}]


STATE = {"devices": [{"key": "p1-tv", "since": NOW}]}


class Saving(Concluding):
    """Detection that has folded a school, and come to nothing but what it is told to."""

    def __init__(self, *concluded: Conclusion) -> None:
        self.concluded = concluded

    def tick(self, *asked: Any, **_how: object) -> list[Conclusion]:
        stored, *_ = asked
        stored.save({("cpm3", "1"): {"older": True}}, {})
        stored.save({("cpm3", "1"): STATE}, {})
        return list(self.concluded)


def folded(store: Store) -> list[Any]:
    with store.reading() as connection:
        return [state for _, _, state in Judgements(connection).states()]


def test_what_was_folded_last_is_kept(store: Store) -> None:
    judging(store, Saving(), note).tick(NOW, listening=True)
    assert folded(store) == [STATE]


def test_where_what_was_concluded_cannot_be_kept_nothing_was_folded(store: Store) -> None:
    detection = Saving(*Concluding().tick())
    with pytest.raises(RuntimeError):
        judging(store, detection, note_and_fail).tick(NOW, listening=True)
    assert (kept(store), folded(store)) == ((0, 0), [])
    assert detection.forgot


def test_where_there_is_nothing_to_keep_nobody_waits(store: Store) -> None:
    class Idle(Concluding):
        def tick(self, *_asked: object, **_how: object) -> list[Conclusion]:
            return []

    with store.begin():
        assert judging(store, Idle(), note).tick(NOW, listening=True) == frozenset()


def test_lessons_that_are_being_lost_are_counted_every_few_minutes(store: Store) -> None:
    counting = judging(store, Concluding(), note)

    def lost() -> list[RoomDay]:
        with store.reading() as connection:
            return list(room_days(connection))

    counting.count_lessons(NOW)
    (day,) = lost()
    assert day.lost == {"tv_failed": 20.0}
    with store.begin() as work:
        keep_room_days(work.connection, [RoomDay("cpm3", "1", "p1", "2026-11-20")])
    counting.count_lessons(NOW + COUNTED_MS - 1)
    assert lost()[0].lost == {}
    counting.count_lessons(NOW + COUNTED_MS)
    assert lost()[0].lost == {"tv_failed": 20.0}

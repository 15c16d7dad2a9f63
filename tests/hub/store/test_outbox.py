"""Nothing is told twice, too early, or of the past."""

import pytest

from hub.core.findings import Incident
from hub.core.notices import Notice, Person, Turn
from hub.store.outbox import keep_notices, settle, waiting
from hub.store.unit_of_work import Store

NOW, MINUTE, HOUR, DAY = 1_795_157_100_000, 60_000, 3_600_000, 86_400_000
SOMCHAI = Person("somchai@school.example", "th", frozenset({"area_outage"}), 10 * MINUTE)
OFFICE = Person("office@district.example", "en", frozenset({"rain_fade", "area_outage"}), 0)
BOTH = frozenset({Turn.BEGUN, Turn.ENDED})


def outage(start: int = NOW, end: int | None = None, cause: str = "area_outage", *, none: bool = False) -> Incident:
    return Incident("cpm3", "k1", cause, start, end, {} if none else {"1": (start, end)})


def keep(store: Store, told: Incident, now: int = NOW, *people: Person) -> None:
    with store.begin() as work:
        keep_notices(work.connection, people or (SOMCHAI,), [told], now)


def due(store: Store, now: int) -> list[Notice]:
    with store.reading() as connection:
        return list(waiting(connection, now))


def turns(store: Store, now: int) -> list[frozenset[Turn]]:
    return [each.turns for each in due(store, now)]


def send_all(store: Store, now: int) -> None:
    for each in due(store, now):
        with store.begin() as work:
            settle(work.connection, each, sent=True)


def test_an_incident_is_told_when_it_has_lasted(store: Store) -> None:
    keep(store, outage())
    assert turns(store, NOW + 10 * MINUTE - 1) == []
    assert due(store, NOW + 10 * MINUTE) == [
        Notice(SOMCHAI.address, "cpm3", "k1", frozenset({Turn.BEGUN}), "area_outage", NOW)
    ]


def test_each_is_told_of_what_they_asked_for(store: Store) -> None:
    keep(store, outage(cause="rain_fade"), NOW, SOMCHAI, OFFICE)
    assert [each.address for each in due(store, NOW + HOUR)] == [OFFICE.address]


@pytest.mark.parametrize("again", [outage(), outage(NOW, NOW + HOUR)])
def test_what_was_sent_does_not_wait_again(store: Store, again: Incident) -> None:
    keep(store, outage(NOW, again.end))
    send_all(store, NOW + 2 * HOUR)
    for _ in range(3):
        keep(store, again, NOW + 2 * HOUR)
    assert turns(store, NOW + 3 * HOUR) == []


def test_the_end_of_what_was_told_is_told(store: Store) -> None:
    keep(store, outage())
    send_all(store, NOW + HOUR)
    keep(store, outage(NOW, NOW + HOUR), NOW + HOUR)
    assert turns(store, NOW + HOUR) == [frozenset({Turn.ENDED})]


def test_begin_and_end_that_wait_together_are_one_letter(store: Store) -> None:
    keep(store, outage(NOW, NOW + HOUR), NOW + HOUR)
    assert turns(store, NOW + HOUR) == [BOTH]


def test_what_did_not_last_is_not_told(store: Store) -> None:
    keep(store, outage())
    keep(store, outage(NOW, NOW + 9 * MINUTE), NOW + 9 * MINUTE)
    assert turns(store, NOW + HOUR) == []


def test_what_goes_on_after_a_pause_is_told_and_is_not_over(store: Store) -> None:
    keep(store, outage(NOW, NOW + 12 * MINUTE))
    keep(store, outage())
    assert turns(store, NOW + HOUR) == [frozenset({Turn.BEGUN})]


def test_what_was_taken_back_in_time_is_not_told(store: Store) -> None:
    keep(store, outage())
    keep(store, outage(none=True), NOW + MINUTE)
    assert turns(store, NOW + HOUR) == []


def test_what_was_taken_back_too_late_is_told_so_once(store: Store) -> None:
    keep(store, outage())
    send_all(store, NOW + HOUR)
    for _ in range(2):
        keep(store, outage(none=True), NOW + HOUR)
        assert turns(store, NOW + HOUR) == [frozenset({Turn.ENDED})]
    send_all(store, NOW + HOUR)
    keep(store, outage(none=True), NOW + HOUR)
    assert turns(store, NOW + HOUR) == []


def test_the_past_is_not_told(store: Store) -> None:
    keep(store, outage(NOW - DAY - 1))
    keep(store, outage(NOW - DAY - 1, NOW))
    assert turns(store, NOW) == []


def test_what_could_not_be_told_for_a_day_is_no_news(store: Store) -> None:
    keep(store, outage())
    assert turns(store, NOW + 10 * MINUTE + DAY + 1) == []


def test_without_people_nothing_is_written(store: Store) -> None:
    with store.begin() as work:
        keep_notices(work.connection, (), [outage()], NOW)
    assert turns(store, NOW + HOUR) == []

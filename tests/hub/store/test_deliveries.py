"""The outbox in the database: claimed by one, settled once, kept as long as it is of use."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from hub.messages.choices import Choice, Due
from hub.messages.deliveries import Outcome, State, settled
from hub.messages.events import Event
from hub.messages.spreading import Telling
from hub.messages.views import KeptWay, Webhook
from hub.store.deliveries import DeliveryRows, Letter
from hub.store.events import EventRows, WebhookRows
from hub.store.message_tables import event, message
from hub.store.message_ways import ChoiceRows, WayRows, everybody
from hub.store.messages import keep_tellings, tell, unspread
from hub.store.unit_of_work import Store

NOW, DAY = 1_795_157_100_000, 86_400_000


def way(owner: str = "technician", service: str = "line") -> KeptWay:
    return KeptWay(0, owner, "", service, "sealed", None, NOW)


@pytest.fixture
def letter(store: Store) -> Letter:
    with store.begin() as work:
        number = WayRows(work.connection).add(way())
        for code in ("request.moved", "stock.low"):
            tell(work.connection, code, {}, ("technician",), NOW)
        for each in unspread(work.connection, 10):
            keep_tellings(work.connection, each.id, [Telling(number, Due(NOW))], NOW)
        (due,) = DeliveryRows(work.connection).due(NOW)
    return due


def states(store: Store) -> set[State]:
    with store.reading() as connection:
        return set(DeliveryRows(connection).counts())


def test_a_message_is_spread_once(store: Store, letter: Letter) -> None:
    with store.begin() as work:
        keep_tellings(work.connection, 1, [Telling(letter.way, Due(NOW))], NOW)
        assert unspread(work.connection, 10) == ()
        assert len(DeliveryRows(work.connection).some(State, 10)) == 2


def test_a_letter_is_claimed_by_one(store: Store, letter: Letter) -> None:
    with store.begin() as work:
        assert DeliveryRows(work.connection).claim(letter, NOW)
    with store.begin() as work:
        assert not DeliveryRows(work.connection).claim(letter, NOW)
        assert DeliveryRows(work.connection).due(NOW + DAY) == ()


def test_a_letter_that_waits_again_stays_the_letter_that_it_was(store: Store, letter: Letter) -> None:
    with store.begin() as work:
        rows = DeliveryRows(work.connection)
        rows.claim(letter, NOW)
        rows.settle(letter, settled(Outcome.LATER, 0, NOW, known_again=False), "later", NOW)
        tell(work.connection, "survey.sent", {}, ("technician",), NOW)
        keep_tellings(work.connection, 3, [Telling(letter.way, Due(NOW))], NOW)
        again, news = sorted(rows.due(NOW + DAY), key=lambda each: -len(each.news))
    assert (again.id, again.deliveries, again.tries) == (letter.id, letter.deliveries, 1)
    assert news.id != letter.id


def test_what_was_claimed_by_a_hub_that_is_no_more_is_unsure(store: Store, letter: Letter) -> None:
    with store.begin() as work:
        rows = DeliveryRows(work.connection)
        rows.claim(letter, NOW)
        assert rows.recover(NOW) == 2
    assert states(store) == {State.UNSURE}


def test_a_way_that_was_taken_away_is_not_claimed_and_its_secret_is_gone(store: Store, letter: Letter) -> None:
    with store.begin() as work:
        assert WayRows(work.connection).stop(letter.way, "technician", NOW)
        assert not DeliveryRows(work.connection).claim(letter, NOW)
        assert WayRows(work.connection).get(letter.way) is None
        assert everybody(work.connection, ZoneInfo("UTC")).ways == {}
    assert states(store) == {State.DROPPED}


def test_what_was_told_is_forgotten_and_what_waits_is_not(store: Store, letter: Letter) -> None:
    with store.begin() as work:
        rows = DeliveryRows(work.connection)
        rows.forget(NOW + DAY)
        assert work.connection.execute(select(func.count()).select_from(message)).scalar_one() == 2
        rows.claim(letter, NOW)
        rows.settle(letter, settled(Outcome.TAKEN, 0, NOW, known_again=False), "", NOW)
        rows.forget(NOW + DAY)
        assert work.connection.execute(select(func.count()).select_from(message)).scalar_one() == 0


def test_a_choice_is_kept_over_the_version_that_was_read_only(store: Store) -> None:
    with store.begin() as work:
        rows = ChoiceRows(work.connection)
        assert rows.put("person:1", Choice("en", quiet=None))
        assert not rows.put("person:1", Choice("th"))
        kept = rows.get("person:1")
    assert kept is not None
    assert (kept.language, kept.quiet, kept.version) == ("en", None, 1)


def test_an_event_is_kept_once_and_waits_for_those_who_were_there_before_it(store: Store) -> None:
    one = Event("k:1", "ticket.opened", "ticket:1", NOW, {})
    with store.begin() as work:
        events, hooks = EventRows(work.connection), WebhookRows(work.connection)
        first = events.add(one)
        hook = Webhook(0, "desk", "", frozenset({"ticket.opened"}), True, NOW, 1, "", "")
        number = hooks.add(hook, "person:1")
        assert events.add(one) is None
        second = events.add(Event("k:2", "ticket.opened", "ticket:2", NOW, {}))
        events.add(Event("k:3", "ticket.closed", "ticket:2", NOW, {}))
        due = hooks.due(NOW, 10)
        assert [(each.webhook, each.event.id) for each in due] == [(number, second)]
        assert [each.id for each in events.after(first or 0, 10)] == [second, (second or 0) + 1]
        assert hooks.claim(due[0].id, NOW)
        assert not hooks.claim(due[0].id, NOW)
        events.forget(NOW + DAY)
        left = set(work.connection.execute(select(event.c.id)).scalars())
    assert left == {second}

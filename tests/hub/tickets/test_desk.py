"""People's wishes, by compare-and-set."""

from typing import Any

import pytest

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import FindingCleared, FindingCorrected, FindingOpened, Place
from hub.core.texts import Text
from hub.tickets.desk import Desk, Outcome
from hub.tickets.machine import State
from hub.tickets.service import Tickets
from hub.tickets.ticket import EntryKind

DAY = 86_400_000
NODE = NodeKey("cpm3", "36030001")
DESK, TICKETS = Desk(), Tickets()


def opened(t: int, device: str = "p1-tv", cause: str = "tv_failed", node: NodeKey = NODE) -> FindingOpened:
    return FindingOpened(Place(DeviceKey(node, device)), cause, "silent", t - 50, t, (Text("evidence.any", {"n": t}),))


def cleared(t: int, device: str = "p1-tv", cause: str = "tv_failed") -> FindingCleared:
    return FindingCleared(Place(DeviceKey(NODE, device)), cause, "silent", t, (Text("cleared.any"),))


def follow(store: Any, to: str, number: int = 1, now: int = 500) -> None:
    DESK.follow(store, number, State(to), note="", now=now)


def test_a_step_of_the_repair_is_written_into_the_history(store: Any) -> None:
    TICKETS.apply(store, [opened(100)])
    DESK.follow(store, 1, State.INSPECTING, note="on my way", now=500)
    entry = store.history[1][-1]
    assert (entry.t, entry.kind) == (500, EntryKind.MOVED)
    assert entry.text == Text("ticket.moved", {"from": "reported", "to": "inspecting", "note": "on my way"})


@pytest.mark.parametrize("to", ["closed", "cancelled", "irreparable", "duplicate_of"])
def test_an_end_has_its_time(store: Any, to: str) -> None:
    TICKETS.apply(store, [opened(100)])
    follow(store, to)
    assert (store.tickets[1].closed_at, store.tickets[1].state.is_open) == (500, False)


def test_who_read_an_older_version_is_told_so(store: Any) -> None:
    TICKETS.apply(store, [opened(100), cleared(110)])
    assert DESK.snooze(store, 1, 900, version=1, note="", now=500) is Outcome.STALE
    assert DESK.merge(store, 1, 2, version=1, note="", now=500) is Outcome.STALE
    assert store.tickets[1].state is State.REPORTED


def test_a_ticket_that_stands_there_already_or_is_done_does_not_follow(store: Any) -> None:
    TICKETS.apply(store, [opened(100)])
    for to in ("reported", "closed", "repairing"):
        follow(store, to)
    assert (store.tickets[1].state, len(store.history[1])) == (State.CLOSED, 2)


def test_a_ticket_that_is_not_there_cannot_be_moved(store: Any) -> None:
    follow(store, "closed", 7)
    assert DESK.snooze(store, 7, None, version=1, note="", now=500) is Outcome.NO_SUCH_TICKET
    assert DESK.merge(store, 7, 1, version=1, note="", now=500) is Outcome.NO_SUCH_TICKET


def test_a_repair_of_what_is_well_already_is_verified_at_once(store: Any) -> None:
    TICKETS.apply(store, [opened(100), cleared(200)])
    for to in ("inspecting", "repairing", "verifying"):
        follow(store, to)
    assert store.history[1][-1].kind is EntryKind.VERIFIED
    assert store.history[1][-1].text == Text("ticket.well", {"well_since_at": 200})


def test_a_ticket_that_is_put_off_stays_open_and_says_until_when(store: Any) -> None:
    TICKETS.apply(store, [opened(100)])
    assert DESK.snooze(store, 1, 500 + DAY, version=1, note="lamp is ordered", now=500) is Outcome.MOVED
    assert (store.tickets[1].state, store.tickets[1].snoozed_until) == (State.REPORTED, 500 + DAY)
    assert store.history[1][-1].text == Text("ticket.snoozed", {"until_at": 500 + DAY, "note": "lamp is ordered"})


def test_a_ticket_that_is_put_off_can_be_taken_up_again(store: Any) -> None:
    TICKETS.apply(store, [opened(100)])
    DESK.snooze(store, 1, 500 + DAY, version=1, note="", now=500)
    assert DESK.snooze(store, 1, None, version=2, note="", now=600) is Outcome.MOVED
    assert store.tickets[1].snoozed_until is None
    assert store.history[1][-1].text.code == "ticket.woken"


@pytest.mark.parametrize("until", [499, 500, 500 + 401 * DAY])
def test_nothing_is_put_off_into_the_past_or_for_ever(store: Any, until: int) -> None:
    TICKETS.apply(store, [opened(100)])
    assert DESK.snooze(store, 1, until, version=1, note="", now=500) is Outcome.NOT_ALLOWED


def test_what_is_done_cannot_be_put_off(store: Any) -> None:
    TICKETS.apply(store, [opened(100)])
    DESK.snooze(store, 1, 500 + DAY, version=1, note="", now=500)
    follow(store, "closed")
    assert store.tickets[1].snoozed_until is None
    assert DESK.snooze(store, 1, 900 + DAY, version=3, note="", now=900) is Outcome.NOT_ALLOWED


def test_of_two_merged_tickets_one_ends_and_the_other_goes_on_for_both(store: Any) -> None:
    TICKETS.apply(store, [opened(100), opened(120, "p1-receiver", "receiver_failed")])
    assert DESK.merge(store, 2, 1, version=1, note="one plug", now=500) is Outcome.MOVED
    one, other = store.tickets[1], store.tickets[2]
    assert (other.state, other.merged_into, other.signs) == (State.DUPLICATE_OF, 1, ())
    assert one.signs == ("silent", "receiver_failed.silent@36030001/p1-receiver")
    assert [entries[-1].kind for entries in store.history.values()] == [EntryKind.MERGED, EntryKind.MERGED]


def test_what_is_told_of_a_merged_fault_goes_to_the_ticket_that_goes_on(store: Any) -> None:
    TICKETS.apply(store, [opened(100), opened(120, "p1-receiver", "receiver_failed")])
    DESK.merge(store, 2, 1, version=1, note="", now=500)
    told = [cleared(600), cleared(700, "p1-receiver", "receiver_failed"), opened(800, "p1-receiver", "receiver_failed")]
    assert TICKETS.apply(store, told) == {1}
    assert store.tickets[1].signs == ("receiver_failed.silent@36030001/p1-receiver",)


def test_a_merged_fault_can_still_be_corrected(store: Any) -> None:
    TICKETS.apply(store, [opened(100), opened(120, "p1-receiver", "receiver_failed")])
    DESK.merge(store, 2, 1, version=1, note="", now=500)
    place = Place(DeviceKey(NODE, "p1-receiver"))
    TICKETS.apply(store, [FindingCorrected(place, "receiver_failed", "lnb_failed", "silent", 600, ())])
    assert (store.tickets[1].cause, store.tickets[2].cause) == ("tv_failed", "lnb_failed")
    assert store.tickets[1].signs == ("silent", "lnb_failed.silent@36030001/p1-receiver")
    TICKETS.apply(store, [cleared(700), cleared(800, "p1-receiver", "lnb_failed")])
    assert store.tickets[1].recovered_at == 800


def test_a_ticket_that_goes_on_can_itself_be_merged(store: Any) -> None:
    TICKETS.apply(store, [opened(100), opened(120, "p1-receiver", "receiver_failed"), opened(130, "p2-tv")])
    DESK.merge(store, 2, 1, version=1, note="", now=500)
    DESK.merge(store, 1, 3, version=2, note="", now=600)
    assert [store.tickets[number].merged_into for number in (1, 2, 3)] == [3, 3, None]
    assert store.tickets[3].signs == (
        "silent",
        "tv_failed.silent@36030001/p1-tv",
        "receiver_failed.silent@36030001/p1-receiver",
    )
    assert TICKETS.apply(store, [cleared(700, "p1-receiver", "receiver_failed")]) == {3}


def test_two_that_are_well_are_well_since_the_later(store: Any) -> None:
    TICKETS.apply(store, [opened(100), opened(120, "p2-tv"), cleared(200), cleared(300, "p2-tv")])
    DESK.merge(store, 2, 1, version=2, note="", now=500)
    assert store.tickets[1].recovered_at == 300


def test_only_open_tickets_of_one_school_are_merged(store: Any) -> None:
    elsewhere, further = NodeKey("cpm3", "36030002"), NodeKey("cpm3", "36030001-2")
    TICKETS.apply(store, [opened(100), opened(110, node=elsewhere), opened(120, node=further), opened(130, "p2-tv")])
    follow(store, "closed", 4, 400)
    into = [DESK.merge(store, 1, other, version=1, note="", now=500) for other in (1, 2, 4, 9, 3)]
    assert into == [*[Outcome.NOT_ALLOWED] * 4, Outcome.MOVED]

"""What is told late, and began before what its dish's ticket tells of."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.findings import Alternative, Finding, FindingCleared, FindingCorrected, FindingOpened, Place
from hub.core.texts import Text
from hub.tickets.desk import Desk
from hub.tickets.hindsight import misplaced, mistaken, set_right
from hub.tickets.machine import State
from hub.tickets.service import Tickets
from hub.tickets.settings import TicketSettings
from hub.tickets.ticket import Entry, EntryKind, Ticket

HOUR = 3_600_000
NODE = NodeKey("cpm3", "36030001")
DISH, RECEIVER = Place(DeviceKey(NODE, HOST), "d1"), Place(DeviceKey(NODE, "p1-receiver"))
TICKETS, DESK = Tickets(TicketSettings(same_fault_h=72)), Desk()
MOVED = Ticket(DISH, "dish_misaligned", 500, 600, ("reception",), id=7, version=2)
PASSED = replace(MOVED, signs=(), recovered_at=800, state=State.INSPECTING, snoozed_until=9_000)
SINKS = FindingOpened(
    DISH,
    "signal_degrading",
    "trend",
    400,
    1000,
    (Text("evidence.signal_degrading.trend"),),
    (Alternative("signal_degrading", 1.0),),
)


def opened(t: int, cause: str, onset: int, place: Place = DISH, sign: str = "reception") -> FindingOpened:
    return FindingOpened(place, cause, sign, onset, t, (Text(f"evidence.{cause}.{sign}", {"onset_at": onset}),))


def cleared(t: int, cause: str, place: Place = DISH, sign: str = "reception") -> FindingCleared:
    return FindingCleared(place, cause, sign, t, (Text(f"cleared.{cause}.{sign}", {"cleared_at": t}),))


def test_what_began_before_another_fault_of_the_dish_was_that_fault() -> None:
    assert mistaken(SINKS, [MOVED]) == MOVED
    assert mistaken(SINKS, [PASSED]) == PASSED
    assert mistaken(replace(SINKS, onset_at=500), [MOVED]) == MOVED


def test_what_began_after_it_is_another_fault() -> None:
    assert mistaken(replace(SINKS, onset_at=501), [MOVED]) is None


def test_its_own_ticket_did_not_mistake_it() -> None:
    assert mistaken(replace(SINKS, cause="dish_misaligned"), [MOVED]) is None


def test_of_several_the_newest_is_set_right() -> None:
    dark = replace(MOVED, cause="lnb_failed", id=9)
    assert mistaken(SINKS, [dark, MOVED]) == mistaken(SINKS, [MOVED, dark]) == dark


@pytest.mark.parametrize("device", [HOST, "p1-tv"])
def test_a_device_or_a_computer_may_have_two_faults_at_once(device: str) -> None:
    place = Place(DeviceKey(NODE, device))
    assert mistaken(replace(SINKS, place=place), [replace(MOVED, place=place)]) is None


def test_a_ticket_that_is_set_right_goes_on_under_the_right_name() -> None:
    change = set_right(MOVED, SINKS)
    assert change.ticket == replace(
        MOVED, cause="signal_degrading", onset_at=400, signs=("trend",), alternatives=SINKS.alternatives
    )
    told = Text("ticket.corrected", {"was": "dish_misaligned", "cause": "signal_degrading"})
    assert change.entries == (
        Entry(1000, EntryKind.CORRECTED, told),
        Entry(1000, EntryKind.EVIDENCE, SINKS.evidence[0]),
    )


def test_one_that_was_said_to_be_gone_stands_again_and_is_taken_up_where_it_was() -> None:
    change = set_right(PASSED, SINKS)
    assert (change.ticket.signs, change.ticket.recovered_at, change.ticket.snoozed_until) == (("trend",), None, None)
    assert (change.ticket.state, change.ticket.opened_at) == (State.INSPECTING, 600)
    assert [entry.kind for entry in change.entries] == [EntryKind.CORRECTED, EntryKind.RECURRED]


def test_what_a_merged_ticket_brought_stays() -> None:
    brought = "receiver_failed.silent@36030001/p1-receiver"
    change = set_right(replace(MOVED, signs=("reception", brought)), SINKS)
    assert change.ticket.signs == (brought, "trend")


def test_a_decline_that_was_told_as_a_moved_dish_is_one_ticket_and_ends_as_a_decline(store: Any) -> None:
    findings: list[Finding] = [opened(600, "dish_misaligned", 500), cleared(800, "dish_misaligned"), SINKS]
    assert TICKETS.apply(store, findings) == {1}
    assert store.tickets[1].recovered_at is None
    assert TICKETS.apply(store, [cleared(2000, "signal_degrading", sign="trend")]) == {1}
    assert (store.tickets[1].cause, store.tickets[1].recovered_at) == ("signal_degrading", 2000)
    assert [each.kind for each in store.history[1]] == [
        EntryKind.OPENED,
        EntryKind.RECOVERED,
        EntryKind.CORRECTED,
        EntryKind.RECURRED,
        EntryKind.RECOVERED,
    ]


def test_a_moved_dish_on_a_dish_that_sinks_is_a_second_ticket(store: Any) -> None:
    assert TICKETS.apply(store, [SINKS, opened(1600, "dish_misaligned", 1500)]) == {1, 2}


def test_a_dead_set_and_a_moved_dish_are_two_tickets_whichever_began_first(store: Any) -> None:
    tv = Place(DeviceKey(NODE, "p1-tv"))
    assert TICKETS.apply(store, [opened(600, "tv_failed", 500, tv, "silent"), opened(700, "dish_misaligned", 400)]) == {
        1,
        2,
    }


@pytest.mark.parametrize("end", [State.CLOSED, State.CANCELLED])
def test_what_people_have_ended_stays_as_they_ended_it(store: Any, end: State) -> None:
    TICKETS.apply(store, [opened(600, "dish_misaligned", 500), cleared(800, "dish_misaligned")])
    DESK.follow(store, 1, end, note="", now=900)
    assert TICKETS.apply(store, [SINKS]) == {2}
    assert (store.tickets[1].cause, store.tickets[1].state) == ("dish_misaligned", end)


def test_where_its_own_ticket_has_been_well_for_long_that_one_is_closed_and_the_mistaken_one_goes_on(
    store: Any,
) -> None:
    own = [opened(10, "signal_degrading", 5, sign="trend"), cleared(20, "signal_degrading", sign="trend")]
    late = 100 * HOUR
    told = [opened(late + 600, "dish_misaligned", late + 500), replace(SINKS, onset_at=late, opened_at=late + 900)]
    assert TICKETS.apply(store, [*own, *told]) == {1, 2}
    assert store.tickets[1].state is State.CLOSED
    assert (store.tickets[2].cause, store.tickets[2].onset_at) == ("signal_degrading", late)


NO_LOCK = FindingOpened(
    RECEIVER,
    "receiver_failed",
    "no_lock",
    500,
    1000,
    (Text("evidence.receiver_failed.no_lock"),),
    taken_for=((DISH, "lnb_failed"),),
)
TOLD_OF_DISH: list[Finding] = [opened(600, "lnb_failed", 510), cleared(800, "lnb_failed")]
TOLD_OF_RECEIVER = opened(600, "receiver_failed", 500, RECEIVER, "no_lock")
WEAK = replace(opened(1000, "dish_misaligned", 700), taken_for=((RECEIVER, "receiver_failed"),))


def test_of_tickets_of_another_place_the_newest_that_was_said_to_be_gone_goes_on() -> None:
    assert misplaced([PASSED, replace(PASSED, id=9), replace(MOVED, id=11)]) == replace(PASSED, id=9)
    assert misplaced([MOVED]) is None


def test_what_was_told_of_a_dish_goes_on_as_its_receivers_and_ends_as_that(store: Any) -> None:
    assert TICKETS.apply(store, [*TOLD_OF_DISH, NO_LOCK]) == {1}
    ticket = store.tickets[1]
    assert (ticket.place, ticket.cause, ticket.signs) == (RECEIVER, "receiver_failed", ("no_lock",))
    assert (ticket.onset_at, ticket.opened_at, ticket.recovered_at) == (500, 600, None)
    assert TICKETS.apply(store, [cleared(2000, "receiver_failed", RECEIVER, "no_lock")]) == {1}
    assert store.tickets[1].recovered_at == 2000
    assert [each.kind for each in store.history[1]] == [
        EntryKind.OPENED,
        EntryKind.RECOVERED,
        EntryKind.CORRECTED,
        EntryKind.RECURRED,
        EntryKind.RECOVERED,
    ]


def test_where_the_lock_was_lost_again_since_the_ticket_keeps_when_it_began(store: Any) -> None:
    TICKETS.apply(store, [*TOLD_OF_DISH, replace(NO_LOCK, onset_at=900)])
    assert store.tickets[1].onset_at == 510


def test_a_fault_of_the_dish_that_comes_later_is_its_own_ticket(store: Any) -> None:
    assert TICKETS.apply(store, [*TOLD_OF_DISH, NO_LOCK, opened(3000, "lnb_failed", 2500)]) == {1, 2}
    assert store.tickets[2].place == DISH


def test_a_receiver_that_has_its_ticket_already_takes_that_of_its_dish_over(store: Any) -> None:
    before = [
        opened(100, "receiver_failed", 50, RECEIVER, "no_lock"),
        cleared(300, "receiver_failed", RECEIVER, "no_lock"),
    ]
    assert TICKETS.apply(store, [*before, *TOLD_OF_DISH, NO_LOCK]) == {1, 2}
    own, of_dish = store.tickets[1], store.tickets[2]
    assert (own.signs, own.recovered_at) == (("no_lock",), None)
    assert (of_dish.state, of_dish.merged_into) == (State.DUPLICATE_OF, 1)
    assert TICKETS.apply(store, [opened(3000, "lnb_failed", 2500)]) == {3}


def test_what_was_told_of_a_receiver_ends_in_the_ticket_of_its_weak_dish_until_both_are_well(store: Any) -> None:
    assert TICKETS.apply(store, [TOLD_OF_RECEIVER, WEAK]) == {1, 2}
    receiver, dish = store.tickets[1], store.tickets[2]
    assert (receiver.state, receiver.merged_into) == (State.DUPLICATE_OF, 2)
    assert (dish.cause, dish.onset_at) == ("dish_misaligned", 500)
    TICKETS.apply(store, [cleared(2000, "dish_misaligned")])
    assert store.tickets[2].recovered_at is None
    TICKETS.apply(store, [cleared(2500, "receiver_failed", RECEIVER, "no_lock")])
    assert store.tickets[2].recovered_at == 2500


@pytest.mark.parametrize("end", [State.CLOSED, State.CANCELLED])
def test_a_ticket_of_the_dish_that_people_have_ended_stays_with_the_dish(store: Any, end: State) -> None:
    TICKETS.apply(store, TOLD_OF_DISH)
    DESK.follow(store, 1, end, note="", now=900)
    assert TICKETS.apply(store, [NO_LOCK]) == {2}
    assert (store.tickets[1].place, store.tickets[1].state) == (DISH, end)


def test_one_that_went_on_for_the_dishes_after_people_merged_them_is_left_alone(store: Any) -> None:
    tv = Place(DeviceKey(NODE, "p1-tv"))
    TICKETS.apply(store, [opened(550, "tv_failed", 500, tv, "silent"), *TOLD_OF_DISH])
    DESK.merge(store, 2, 1, version=store.tickets[2].version, note="", now=900)
    assert TICKETS.apply(store, [NO_LOCK]) == {3}
    assert (store.tickets[1].place, store.tickets[1].cause) == (tv, "tv_failed")


_CAUSES = ("dish_misaligned", "lnb_failed", "signal_degrading")


@st.composite
def stories(draw: st.DrawFn, places: tuple[Place, ...] = (DISH, RECEIVER)) -> list[Finding]:
    """What may be told of a dish and of a receiver on it, in the order in which it became known."""
    findings: list[Finding] = []
    for n in range(draw(st.integers(0, 14))):
        t, place, cause = (n + 1) * 20 * HOUR, draw(st.sampled_from(places)), draw(st.sampled_from(_CAUSES))
        kind, sign = draw(st.sampled_from(["opened", "opened", "cleared", "corrected"])), "reception"
        if kind == "opened":
            findings.append(opened(t, cause, t - draw(st.integers(1, 150)) * HOUR, place, sign))
        elif kind == "cleared":
            findings.append(cleared(t, cause, place, sign))
        else:
            was = draw(st.sampled_from([each for each in _CAUSES if each != cause]))
            findings.append(FindingCorrected(place, was, cause, sign, t, (Text(f"evidence.{cause}.{sign}"),)))
    return findings


@st.composite
def taken_for_one_another(draw: st.DrawFn) -> list[Finding]:
    """The same, where it is found out now and then that one was taken for the other."""
    findings = draw(stories())
    other = {DISH: RECEIVER, RECEIVER: DISH}
    return [
        replace(each, taken_for=((other[each.place], draw(st.sampled_from(_CAUSES))),))
        if isinstance(each, FindingOpened) and draw(st.booleans())
        else each
        for each in findings
    ]


@given(findings=st.one_of(stories(), taken_for_one_another()), parts=st.lists(st.integers(0, 14), max_size=4))
def test_told_again_in_other_batches_and_after_restarts_it_comes_to_the_same(
    new_store: Any, findings: list[Finding], parts: list[int]
) -> None:
    once, often = new_store(), new_store()
    TICKETS.apply(once, findings)
    for end in [*sorted(parts), len(findings)]:
        Tickets(TicketSettings(same_fault_h=72)).apply(often, findings[:end])
    assert often.all == once.all


@given(findings=stories())
def test_in_which_order_places_are_told_changes_nothing_of_them(new_store: Any, findings: list[Finding]) -> None:
    mixed, sorted_by_place = new_store(), new_store()
    TICKETS.apply(mixed, findings)
    TICKETS.apply(sorted_by_place, sorted(findings, key=lambda each: bool(each.place.dish)))
    assert _without_numbers(mixed) == _without_numbers(sorted_by_place)


@given(findings=stories((DISH,)))
def test_no_ticket_is_opened_at_a_dish_beside_an_open_one_that_began_no_earlier(
    new_store: Any, findings: list[Finding]
) -> None:
    store = new_store()
    for finding in findings:
        before = {each.id for each in store.open_at(DISH)}
        TICKETS.apply(store, [finding])
        stand = store.open_at(DISH)
        assert len({each.cause for each in stand}) == len(stand)
        if isinstance(finding, FindingOpened) and {each.id for each in stand} - before:
            assert all(each.onset_at < finding.onset_at for each in stand if each.id in before)


@given(findings=taken_for_one_another())
def test_what_was_taken_for_another_place_stands_there_no_longer(new_store: Any, findings: list[Finding]) -> None:
    store = new_store()
    for finding in findings:
        TICKETS.apply(store, [finding])
        standing = [each for each in store.tickets.values() if each.state.is_open]
        assert len({(each.place, each.cause) for each in standing}) == len(standing)
        if isinstance(finding, FindingOpened):
            own = store.open_ticket(finding.place, finding.cause)
            told = [(store.open_ticket(*each), each) for each in finding.taken_for]
            assert all(ticket == own for ticket, each in told if ticket is not None and ticket.is_of(*each))


def _without_numbers(store: Any) -> dict[Place, list[Any]]:
    """The tickets of each place, with what they tell of themselves, in their order."""
    told: dict[Place, list[Any]] = {DISH: [], RECEIVER: []}
    for number, each in store.tickets.items():
        plain = replace(each, id=0, earlier=None, merged_into=None)
        told[each.place].append((plain, [(entry.t, entry.kind, entry.text.code) for entry in store.history[number]]))
    return told

"""Findings into tickets, once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.findings import Finding, FindingCleared, FindingCorrected, FindingOpened, Place
from hub.core.texts import Text
from hub.tickets.desk import Desk
from hub.tickets.errors import ChangedMeanwhile
from hub.tickets.machine import State
from hub.tickets.service import Tickets
from hub.tickets.settings import TicketSettings
from hub.tickets.ticket import EntryKind

HOUR = 3_600_000
NODE = NodeKey("cpm3", "36030001")
TICKETS, DESK = Tickets(TicketSettings(same_fault_h=72)), Desk()


def at(device: str = "p1-tv", dish: str = "") -> Place:
    return Place(DeviceKey(NODE, device), dish)


def opened(t: int, device: str = "p1-tv", cause: str = "tv_failed", sign: str = "silent") -> FindingOpened:
    return FindingOpened(at(device), cause, sign, t - 50, t, (Text(f"evidence.{cause}.{sign}", {"onset_at": t - 50}),))


def cleared(t: int, device: str = "p1-tv", cause: str = "tv_failed", sign: str = "silent") -> FindingCleared:
    return FindingCleared(at(device), cause, sign, t, (Text(f"cleared.{cause}.{sign}", {"cleared_at": t}),))


def corrected(t: int, was: str, cause: str, device: str = "p1-tv", sign: str = "silent") -> FindingCorrected:
    return FindingCorrected(at(device), was, cause, sign, t, (Text(f"evidence.{cause}.{sign}", {"onset_at": t}),))


def kinds(store: Any, number: int) -> list[EntryKind]:
    return [entry.kind for entry in store.history[number]]


def test_one_fault_has_one_ticket_and_two_faults_have_two(store: Any) -> None:
    findings = [opened(100), opened(110, sign="error_code"), opened(120, "p2-tv"), opened(130, cause="tv_no_signal")]
    assert TICKETS.apply(store, findings) == {1, 2, 3}
    assert kinds(store, 1) == [EntryKind.OPENED, EntryKind.EVIDENCE]


def test_a_dish_is_another_place_than_the_computer_and_than_another_dish(store: Any) -> None:
    places = [at(HOST), at(HOST, "d1"), at(HOST, "d2")]
    findings = [FindingOpened(place, "dish_misaligned", "step", 1, 2, ()) for place in places]
    assert TICKETS.apply(store, findings) == {1, 2, 3}
    assert [store.tickets[number].place for number in (1, 2, 3)] == places


def test_findings_applied_again_change_nothing(store: Any) -> None:
    findings: list[Finding] = [opened(100), cleared(200), opened(300), cleared(400)]
    TICKETS.apply(store, findings)
    before = store.all
    assert TICKETS.apply(store, findings) == set()
    assert store.all == before


def test_a_finding_without_words_is_known_again_too(store: Any) -> None:
    findings = [FindingCleared(at(), "tv_failed", "silent", 50, ()), opened(100)]
    assert TICKETS.apply(store, findings) == {1}
    assert TICKETS.apply(store, findings) == set()
    assert store.tickets[1].signs == ("silent",)


def test_findings_of_a_closed_ticket_open_no_second_one(store: Any) -> None:
    TICKETS.apply(store, [opened(100), cleared(200)])
    DESK.follow(store, 1, State.CLOSED, note="", now=900)
    assert TICKETS.apply(store, [opened(100), cleared(200)]) == set()


def test_after_closing_a_new_fault_opens_a_new_ticket_that_names_the_earlier_one(store: Any) -> None:
    TICKETS.apply(store, [opened(100), cleared(200)])
    DESK.follow(store, 1, State.CLOSED, note="", now=250)
    assert TICKETS.apply(store, [opened(300)]) == {2}
    assert (store.tickets[2].state, store.tickets[2].earlier) == (State.REPORTED, 1)


def test_a_fault_that_comes_back_soon_belongs_to_its_ticket(store: Any) -> None:
    again = opened(71 * HOUR)
    assert TICKETS.apply(store, [opened(100), cleared(200), again]) == {1}
    assert kinds(store, 1) == [EntryKind.OPENED, EntryKind.RECOVERED, EntryKind.RECURRED]


def test_one_that_comes_back_late_ends_the_old_ticket_and_opens_its_own(store: Any) -> None:
    TICKETS.apply(store, [opened(100), cleared(200)])
    assert TICKETS.apply(store, [opened(73 * HOUR)]) == {1, 2}
    old, new = store.tickets[1], store.tickets[2]
    assert (old.state, old.closed_at, new.earlier, new.signs) == (State.CLOSED, 73 * HOUR, 1, ("silent",))
    assert store.history[1][-1].text == Text("ticket.closed_well", {"from": "reported", "well_since_at": 200})


def test_a_corrected_cause_goes_on_in_the_same_ticket(store: Any) -> None:
    findings = [
        opened(100, cause="school_offline"),
        corrected(300, "school_offline", "school_power_outage"),
        cleared(400, cause="school_power_outage"),
    ]
    assert TICKETS.apply(store, findings) == {1}
    ticket = store.tickets[1]
    assert (ticket.cause, ticket.signs, ticket.recovered_at) == ("school_power_outage", (), 400)
    assert kinds(store, 1) == [EntryKind.OPENED, EntryKind.CORRECTED, EntryKind.CORRECTED, EntryKind.RECOVERED]
    assert TICKETS.apply(store, findings) == set()


def test_a_correction_to_what_has_a_ticket_already_merges_the_two(store: Any) -> None:
    TICKETS.apply(store, [opened(90, cause="tv_failed"), opened(100, cause="tv_no_signal")])
    assert TICKETS.apply(store, [corrected(300, "tv_no_signal", "tv_failed", sign="no_signal")]) == {1, 2}
    assert (store.tickets[2].merged_into, store.tickets[2].state) == (1, State.DUPLICATE_OF)
    assert store.tickets[1].signs == ("silent", "no_signal")
    TICKETS.apply(store, [cleared(400, sign="no_signal"), cleared(500)])
    assert store.tickets[1].recovered_at == 500


def test_a_correction_of_what_somebody_has_closed_changes_nothing(store: Any) -> None:
    TICKETS.apply(store, [opened(100)])
    DESK.follow(store, 1, State.CANCELLED, note="", now=200)
    assert TICKETS.apply(store, [corrected(300, "tv_failed", "tv_no_signal")]) == set()


def test_readings_do_not_overwrite_what_somebody_changed_meanwhile(store: Any) -> None:
    TICKETS.apply(store, [opened(100)])
    stale = store.tickets[1]
    store.change(stale, [])
    store.open_ticket = lambda place, cause: stale
    with pytest.raises(ChangedMeanwhile):
        TICKETS.apply(store, [cleared(200)])


@st.composite
def stories(draw: st.DrawFn) -> list[Finding]:
    """What detection may tell of two sets over two weeks, in the order of time."""
    findings: list[Finding] = []
    for n in range(draw(st.integers(0, 14))):
        t = (n + 1) * draw(st.sampled_from([HOUR, 24 * HOUR]))
        device, sign = draw(st.sampled_from(["p1-tv", "p2-tv"])), draw(st.sampled_from(["silent", "error_code"]))
        cause, other = draw(st.permutations(["tv_failed", "tv_no_signal"]))
        kind = draw(st.sampled_from(["opened", "opened", "cleared", "corrected"]))
        if kind == "corrected":
            findings.append(corrected(t, cause, other, device, sign))
        else:
            findings.append((opened if kind == "opened" else cleared)(t, device, cause, sign))
    return findings


@given(findings=stories(), data=st.data())
def test_any_prefix_of_findings_told_again_changes_nothing(
    new_store: Any, findings: list[Finding], data: st.DataObject
) -> None:
    once, twice = new_store(), new_store()
    TICKETS.apply(once, findings)
    told = data.draw(st.integers(0, len(findings)))
    TICKETS.apply(twice, findings[:told])
    TICKETS.apply(twice, findings[:told])
    TICKETS.apply(twice, findings)
    assert twice.all == once.all


@given(findings=stories())
def test_whatever_is_told_each_fault_has_one_open_ticket_and_no_sign_stands_on_one_that_is_closed_by_the_hub(
    new_store: Any, findings: list[Finding]
) -> None:
    store = new_store()
    TICKETS.apply(store, findings)
    tickets = store.tickets.values()
    faults = [(each.place, each.cause) for each in tickets if each.state.is_open]
    assert len(faults) == len(set(faults))
    assert all((each.recovered_at is None) == bool(each.signs) for each in tickets if each.state.is_open)
    assert not any(each.signs for each in tickets if not each.state.is_open)

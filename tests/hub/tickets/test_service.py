"""Findings into tickets, once; people's moves, by compare-and-set."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Finding, FindingCleared, FindingOpened
from hub.core.texts import Text
from hub.tickets.machine import State
from hub.tickets.service import MOVED, Outcome, Tickets
from hub.tickets.ticket import EntryKind

NODE = NodeKey("cpm3", "36030001")
TICKETS = Tickets()


def opened(t: int, device: str = "p1-tv", cause: str = "tv_failed", sign: str = "silent") -> FindingOpened:
    text = Text(f"evidence.{cause}.{sign}", {"onset_at": t - 50})
    return FindingOpened(DeviceKey(NODE, device), cause, sign, t - 50, t, (text,))


def cleared(t: int, device: str = "p1-tv", cause: str = "tv_failed", sign: str = "silent") -> FindingCleared:
    return FindingCleared(
        DeviceKey(NODE, device), cause, sign, t, (Text(f"cleared.{cause}.{sign}", {"cleared_at": t}),)
    )


def test_one_fault_has_one_ticket_and_two_faults_have_two(store: Any) -> None:
    findings = [opened(100), opened(110, sign="error_code"), opened(120, "p2-tv"), opened(130, cause="tv_no_signal")]
    assert TICKETS.apply(store, findings) == {1, 2, 3}
    assert [entry.kind for entry in store.history[1]] == [EntryKind.OPENED, EntryKind.EVIDENCE]


def test_findings_applied_again_change_nothing(store: Any) -> None:
    findings: list[Finding] = [opened(100), cleared(200), opened(300), cleared(400)]
    TICKETS.apply(store, findings)
    before = (dict(store.tickets), {number: list(entries) for number, entries in store.history.items()})
    assert TICKETS.apply(store, findings) == set()
    assert (store.tickets, store.history) == before


def test_findings_of_a_closed_ticket_open_no_second_one(store: Any) -> None:
    TICKETS.apply(store, [opened(100), cleared(200)])
    assert TICKETS.move(store, 1, "closed", version=2, note="", now=900) is Outcome.MOVED
    assert TICKETS.apply(store, [opened(100), cleared(200)]) == set()


def test_after_closing_a_new_fault_opens_a_new_ticket(store: Any) -> None:
    TICKETS.apply(store, [opened(100), cleared(200)])
    TICKETS.move(store, 1, "closed", version=2, note="", now=250)
    assert TICKETS.apply(store, [opened(300)]) == {2}
    assert store.tickets[2].state is State.REPORTED


def test_a_move_is_written_into_the_history(store: Any) -> None:
    TICKETS.apply(store, [opened(100)])
    assert TICKETS.move(store, 1, "inspecting", version=1, note="on my way", now=500) is Outcome.MOVED
    entry = store.history[1][-1]
    assert (entry.t, entry.kind) == (500, EntryKind.MOVED)
    assert entry.text == Text(MOVED, {"from": "reported", "to": "inspecting", "note": "on my way"})


@pytest.mark.parametrize("to", ["closed", "cancelled"])
def test_an_end_has_its_time(store: Any, to: str) -> None:
    TICKETS.apply(store, [opened(100)])
    TICKETS.move(store, 1, to, version=1, note="", now=500)
    assert (store.tickets[1].closed_at, store.tickets[1].state.is_open) == (500, False)


def test_who_read_an_older_version_is_told_so(store: Any) -> None:
    TICKETS.apply(store, [opened(100), opened(110, sign="error_code")])
    assert TICKETS.move(store, 1, "inspecting", version=1, note="", now=500) is Outcome.STALE
    assert store.tickets[1].state is State.REPORTED


@pytest.mark.parametrize("to", ["verifying", "reported", "nonsense", ""])
def test_a_move_that_the_table_does_not_know_is_refused(store: Any, to: str) -> None:
    TICKETS.apply(store, [opened(100)])
    assert TICKETS.move(store, 1, to, version=1, note="", now=500) is Outcome.NOT_ALLOWED


def test_a_ticket_that_is_not_there_cannot_be_moved(store: Any) -> None:
    assert TICKETS.move(store, 7, "closed", version=1, note="", now=500) is Outcome.NO_SUCH_TICKET


def test_the_usual_move_is_offered_first() -> None:
    assert TICKETS.allowed("reported")[0] == "inspecting"
    assert TICKETS.allowed("verifying") == ("closed", "repairing")
    assert TICKETS.allowed("closed") == ()


@given(signs=st.lists(st.sampled_from(["silent", "error_code"]), max_size=12), data=st.data())
def test_replaying_findings_from_any_point_changes_nothing(
    new_store: Any, signs: list[str], data: st.DataObject
) -> None:
    standing: set[str] = set()
    findings: list[Finding] = []
    for n, sign in enumerate(signs, 1):
        findings.append(cleared(100 * n, sign=sign) if sign in standing else opened(100 * n, sign=sign))
        standing ^= {sign}
    store = new_store()
    TICKETS.apply(store, findings)
    before = (dict(store.tickets), {number: list(entries) for number, entries in store.history.items()})
    TICKETS.apply(store, findings[data.draw(st.integers(0, len(findings))) :])
    assert (store.tickets, store.history) == before

"""One fault, one ticket: what a finding does to the open ticket of its device and cause."""

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import FindingCleared, FindingOpened
from hub.core.texts import Text
from hub.tickets.grouping import group
from hub.tickets.machine import State
from hub.tickets.ticket import EntryKind, Ticket

TV = DeviceKey(NodeKey("cpm3", "36030001"), "p1-tv")
SILENT = FindingOpened(TV, "tv_failed", "silent", 100, 200, (Text("evidence.tv_failed.silent", {"onset_at": 100}),))
ERROR = FindingOpened(TV, "tv_failed", "error_code", 50, 300, (Text("evidence.tv_failed.error_code"),))
ANSWERS = FindingCleared(TV, "tv_failed", "silent", 400, (Text("cleared.tv_failed.silent"),))


def _after(*findings: FindingOpened | FindingCleared) -> Ticket:
    ticket = None
    for finding in findings:
        change = group(ticket, finding)
        assert change is not None
        ticket = change.ticket
    assert ticket is not None
    return ticket


def test_a_first_sign_opens_a_ticket_with_its_evidence() -> None:
    change = group(None, SILENT)
    assert change is not None
    assert change.ticket == Ticket(TV, "tv_failed", 100, 200, ("silent",))
    assert [(entry.t, entry.kind, entry.text) for entry in change.entries] == [
        (200, EntryKind.OPENED, SILENT.evidence[0])
    ]


def test_a_further_sign_is_further_evidence() -> None:
    change = group(_after(SILENT), ERROR)
    assert change is not None
    assert (change.ticket.signs, change.ticket.onset_at, change.ticket.opened_at) == (("silent", "error_code"), 50, 200)
    assert [entry.kind for entry in change.entries] == [EntryKind.EVIDENCE]


def test_while_one_sign_stands_the_fault_is_not_over() -> None:
    change = group(_after(SILENT, ERROR), ANSWERS)
    assert change is not None
    assert (change.ticket.signs, change.ticket.recovered_at) == (("error_code",), None)
    assert [entry.kind for entry in change.entries] == [EntryKind.EVIDENCE]


def test_when_the_last_sign_goes_the_ticket_says_so_and_stays_open() -> None:
    change = group(_after(SILENT), ANSWERS)
    assert change is not None
    assert (change.ticket.signs, change.ticket.recovered_at, change.ticket.state) == ((), 400, State.REPORTED)
    assert [(entry.t, entry.kind) for entry in change.entries] == [(400, EntryKind.RECOVERED)]


def test_a_sign_that_comes_back_is_the_same_fault() -> None:
    again = FindingOpened(TV, "tv_failed", "silent", 500, 600, SILENT.evidence)
    change = group(_after(SILENT, ANSWERS), again)
    assert change is not None
    assert (change.ticket.signs, change.ticket.recovered_at, change.ticket.opened_at) == (("silent",), None, 200)
    assert [entry.kind for entry in change.entries] == [EntryKind.RECURRED]


def test_what_the_ticket_knows_already_changes_nothing() -> None:
    assert group(_after(SILENT), SILENT) is None
    assert group(_after(ERROR), ANSWERS) is None
    assert group(None, ANSWERS) is None

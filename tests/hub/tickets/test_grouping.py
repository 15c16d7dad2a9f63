"""What one finding changes in one ticket."""

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Alternative, FindingCleared, FindingCorrected, FindingOpened, Place
from hub.core.texts import Text
from hub.tickets.grouping import added, cleared, closed_well, corrected, is_new_fault, opened
from hub.tickets.machine import State
from hub.tickets.settings import TicketSettings
from hub.tickets.ticket import EntryKind, Ticket

HOUR = 3_600_000
NODE = NodeKey("cpm3", "36030001")
TV = Place(DeviceKey(NODE, "p1-tv"))
BELIEF = (Alternative("tv_failed", 0.8), Alternative("tv_no_signal", 0.2))
SILENT = FindingOpened(
    TV, "tv_failed", "silent", 100, 200, (Text("evidence.tv_failed.silent", {"onset_at": 100}),), BELIEF
)
ERROR = FindingOpened(TV, "tv_failed", "error_code", 50, 300, (Text("evidence.tv_failed.error_code"),))
ANSWERS = FindingCleared(TV, "tv_failed", "silent", 400, (Text("cleared.tv_failed.silent"),))
TICKET = Ticket(TV, "tv_failed", 100, 200, ("silent",), BELIEF, id=7, version=1)
WELL = Ticket(TV, "tv_failed", 100, 200, (), BELIEF, recovered_at=400, id=7, version=2)


def test_a_first_sign_opens_a_ticket_with_its_evidence_and_what_else_it_could_be() -> None:
    change = opened(SILENT, None)
    assert change.ticket == Ticket(TV, "tv_failed", 100, 200, ("silent",), BELIEF)
    assert [(entry.t, entry.kind, entry.text) for entry in change.entries] == [
        (200, EntryKind.OPENED, SILENT.evidence[0])
    ]


def test_a_further_sign_is_further_evidence() -> None:
    change = added(TICKET, ERROR)
    assert change is not None
    assert (change.ticket.signs, change.ticket.onset_at, change.ticket.opened_at) == (("silent", "error_code"), 50, 200)
    assert change.ticket.alternatives == BELIEF
    assert [entry.kind for entry in change.entries] == [EntryKind.EVIDENCE]


def test_while_one_sign_stands_the_fault_is_not_over() -> None:
    both = Ticket(TV, "tv_failed", 100, 200, ("silent", "error_code"))
    change = cleared(both, ANSWERS)
    assert change is not None
    assert (change.ticket.signs, change.ticket.recovered_at) == (("error_code",), None)
    assert [entry.kind for entry in change.entries] == [EntryKind.EVIDENCE]


def test_when_the_last_sign_goes_the_ticket_says_so_and_stays_open() -> None:
    change = cleared(TICKET, ANSWERS)
    assert change is not None
    assert (change.ticket.signs, change.ticket.recovered_at, change.ticket.state) == ((), 400, State.REPORTED)
    assert [(entry.t, entry.kind) for entry in change.entries] == [(400, EntryKind.RECOVERED)]


def test_after_a_repair_the_recovery_proves_it() -> None:
    repaired = Ticket(TV, "tv_failed", 100, 200, ("silent",), state=State.VERIFYING)
    change = cleared(repaired, ANSWERS)
    assert change is not None
    assert (change.ticket.state, change.ticket.recovered_at) == (State.VERIFYING, 400)
    assert [(entry.kind, entry.text) for entry in change.entries] == [(EntryKind.VERIFIED, ANSWERS.evidence[0])]


def test_a_sign_that_comes_back_is_the_same_fault() -> None:
    change = added(WELL, FindingOpened(TV, "tv_failed", "silent", 500, 600, SILENT.evidence))
    assert change is not None
    assert (change.ticket.signs, change.ticket.recovered_at, change.ticket.opened_at) == (("silent",), None, 200)
    assert [entry.kind for entry in change.entries] == [EntryKind.RECURRED]


def test_what_the_ticket_knows_already_changes_nothing() -> None:
    assert added(TICKET, SILENT) is None
    assert cleared(WELL, ANSWERS) is None


def test_a_fault_that_was_gone_for_longer_than_the_settings_say_is_a_new_one() -> None:
    three_days = TicketSettings(same_fault_h=72)
    again = FindingOpened(TV, "tv_failed", "silent", 400 + 72 * HOUR, 0, ())
    later = FindingOpened(TV, "tv_failed", "silent", 401 + 72 * HOUR, 0, ())
    assert [is_new_fault(WELL, each, three_days) for each in (again, later)] == [False, True]
    assert not is_new_fault(TICKET, later, three_days)


def test_the_old_ticket_says_since_when_it_was_well() -> None:
    change = closed_well(WELL, 900)
    assert (change.ticket.state, change.ticket.closed_at) == (State.CLOSED, 900)
    assert [entry.text for entry in change.entries] == [
        Text("ticket.closed_well", {"from": "reported", "well_since_at": 400})
    ]


def test_a_corrected_cause_keeps_what_was_told() -> None:
    belief = (Alternative("school_power_outage", 1.0),)
    finding = FindingCorrected(TV, "tv_failed", "school_power_outage", "silent", 700, (Text("evidence.x"),), belief)
    change = corrected(TICKET, finding)
    assert (change.ticket.cause, change.ticket.signs, change.ticket.alternatives) == (
        "school_power_outage",
        ("silent",),
        belief,
    )
    assert [(entry.t, entry.kind, entry.text) for entry in change.entries] == [
        (
            700,
            EntryKind.CORRECTED,
            Text("ticket.corrected", {"was": "tv_failed", "cause": "school_power_outage"}),
        ),
        (700, EntryKind.CORRECTED, Text("evidence.x")),
    ]


def test_a_correction_of_what_is_gone_raises_no_sign_again() -> None:
    finding = FindingCorrected(TV, "tv_failed", "school_power_outage", "silent", 700, ())
    change = corrected(WELL, finding)
    assert (change.ticket.signs, change.ticket.recovered_at) == ((), 400)


def test_whatever_telemetry_tells_wakes_a_ticket_that_was_put_off() -> None:
    asleep = Ticket(TV, "tv_failed", 100, 200, ("silent",), snoozed_until=10_000)
    told = [
        added(asleep, ERROR),
        cleared(asleep, ANSWERS),
        corrected(asleep, FindingCorrected(TV, "tv_failed", "x", "silent", 700, ())),
    ]
    assert [change is not None and change.ticket.snoozed_until for change in told] == [None, None, None]


def test_a_correction_leaves_the_signs_that_came_with_a_merged_ticket() -> None:
    brought = "receiver_failed.silent@36030001/p1-receiver"
    finding = FindingCorrected(TV, "tv_failed", "tv_no_signal", "no_signal", 700, ())
    both = corrected(Ticket(TV, "tv_failed", 100, 200, ("silent", brought)), finding)
    gone = corrected(Ticket(TV, "tv_failed", 100, 200, (brought,)), finding)
    assert (both.ticket.signs, gone.ticket.signs) == ((brought, "no_signal"), (brought,))

"""Which ticket is about which fault: the rules of the module's docstring, one by one, in miniature."""

from dataclasses import replace

import pytest

from simulator.evaluation.matching import DAY_MS, HOUR_MS, Matching, match, right_cause
from simulator.evaluation.told import Incident, Label, Labels, Ticket
from simulator.schooldays import Calendar

T = 1_781_000_000_000
RECEIVER = Label("s1", "p1-receiver", None, "p1", "receiver_failed", T, None, True, True)
SCREEN = Label("s1", "p1-tv", None, "p1", "tv_no_signal", T, None, True, True)
DISH = Label("s1", None, "d1", None, "lnb_failed", T, None, True, True)
LINK = Label("s1", None, None, None, "school_link_outage", T, T + 2 * DAY_MS, False, True)
DISK = Label("s1", None, None, None, "host_disk_full", T, None, False, True)
LAMP = Label("s1", "p1-projector", None, "p1", "lamp_worn", T, None, False, True)


def _ticket(cause: str, device: str | None = None, dish: str | None = None, after: int = HOUR_MS) -> Ticket:
    return Ticket("s1", device, dish, cause, T + after, T + after)


def _match(faults: list[Label], *tickets: Ticket, incidents: tuple[Incident, ...] = ()) -> Matching:
    return match(Labels(tuple(faults), incidents, {}, 0.0), tickets, Calendar())


@pytest.mark.parametrize(
    ("fault", "ticket"),
    [
        (RECEIVER, _ticket("receiver_failed", "p1-receiver")),
        (RECEIVER, _ticket("lnb_failed", dish="d1")),
        (SCREEN, _ticket("tv_no_signal", "p1-receiver")),
        (DISH, _ticket("dish_misaligned", dish="d1")),
        (DISH, _ticket("receiver_failed", "p3-receiver")),
        (LINK, _ticket("school_offline")),
        (DISK, _ticket("host_disk_full")),
        (LAMP, _ticket("lamp_worn", "p1-projector", after=-9 * DAY_MS)),
    ],
)
def test_a_ticket_is_about_a_fault_whose_place_and_time_it_shares(fault: Label, ticket: Ticket) -> None:
    assert _match([fault], ticket).found


@pytest.mark.parametrize(
    ("fault", "ticket"),
    [
        (RECEIVER, replace(_ticket("receiver_failed", "p1-receiver"), school="s2")),
        (RECEIVER, _ticket("receiver_failed", "p2-receiver")),
        (RECEIVER, _ticket("receiver_failed", "p1-receiver", after=-2 * HOUR_MS)),
        (SCREEN, _ticket("lnb_failed", dish="d1")),
        (DISH, _ticket("lnb_failed", dish="d2")),
        (DISH, _ticket("tv_failed", "p1-tv")),
        (LINK, _ticket("school_link_outage", after=5 * DAY_MS)),
        (DISK, _ticket("host_disk_worn")),
        (DISK, _ticket("school_offline")),
        (LAMP, _ticket("tv_failed", "p1-projector")),
    ],
)
def test_a_ticket_elsewhere_or_at_another_time_is_false(fault: Label, ticket: Ticket) -> None:
    assert [each for each, _ in _match([fault], ticket).false] == [ticket]


def test_the_first_ticket_is_the_faults_and_the_others_are_duplicates() -> None:
    late, early = _ticket("receiver_failed", "p1-receiver", after=5 * HOUR_MS), _ticket("tv_failed", "p1-tv")
    (found,) = _match([RECEIVER], late, early).found
    assert (found.first, found.tickets[1:], found.right) == (early, [late], False)


def test_of_two_faults_a_ticket_is_about_the_one_with_its_cause() -> None:
    matching = _match([RECEIVER, SCREEN], _ticket("tv_no_signal", "p1-receiver"))
    assert [each.fault.cause for each in matching.found] == ["tv_no_signal"]


@pytest.mark.parametrize(
    ("fault", "cause", "right"),
    [
        (LINK, "school_link_outage", True),
        (LINK, "school_offline", False),
        (replace(LINK, ended_at=None), "school_offline", True),
        (replace(LINK, cause="school_offline"), "school_power_outage", True),
        (replace(LINK, cause="school_offline", ended_at=None), "school_power_outage", False),
        (DISH, "dish_misaligned", False),
    ],
)
def test_a_silence_is_called_by_what_can_be_known_of_it(fault: Label, cause: str, right: bool) -> None:
    assert right_cause(fault, _ticket(cause)) is right


@pytest.mark.parametrize(
    ("cause", "fell_on"),
    [("rain_fade", "rain"), ("sun_outage", "sun"), ("satellite_outage", "satellite"), ("area_outage", "power")],
)
def test_a_false_ticket_is_charged_to_what_it_fell_on(cause: str, fell_on: str) -> None:
    incident = Incident(cause, frozenset({"s1"}), T, T + 2 * HOUR_MS)
    matching = _match([], _ticket("lnb_failed", dish="d1"), incidents=(incident,))
    assert [what for _, what in matching.false] == [fell_on]


def test_a_false_ticket_on_a_quiet_day_fell_on_nothing() -> None:
    elsewhere = Incident("rain_fade", frozenset({"s2"}), T, T + 2 * HOUR_MS)
    matching = _match([], _ticket("lnb_failed", dish="d1"), incidents=(elsewhere,))
    assert [what for _, what in matching.false] == ["nothing"]


def test_a_long_silence_that_was_no_repair_is_granted() -> None:
    cut = Incident("school_power_outage", frozenset({"s1"}), T, T + 2 * DAY_MS)
    matching = _match([], _ticket("school_offline", after=DAY_MS), incidents=(cut,))
    assert (len(matching.granted), matching.false) == (1, [])
    brief = replace(cut, end=T + 2 * HOUR_MS)
    assert not _match([], _ticket("school_offline"), incidents=(brief,)).granted


def test_a_long_silence_that_never_ended_is_granted_too() -> None:
    endless = Incident("school_power_outage", frozenset({"s1"}), T, 1 << 62)
    assert len(_match([], _ticket("school_offline"), incidents=(endless,)).granted) == 1

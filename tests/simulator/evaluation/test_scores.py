"""Figures from small cases that can be counted by hand."""

from datetime import date

import pytest

from simulator.clock import HOUR, midnight
from simulator.evaluation.scores import is_told, quantile, score
from simulator.evaluation.told import Incident, Label, Labels, Result, Ticket
from simulator.schooldays import Calendar

FRIDAY, MONDAY = (int(midnight(day) * 1000) for day in (date(2026, 6, 12), date(2026, 6, 15)))
H = HOUR * 1000


def _fault(school: str, *, observable: bool = True, cause: str = "lnb_failed") -> Label:
    return Label(school, None, "d1", None, cause, FRIDAY + 15 * H, None, cause == "lnb_failed", observable)


def _ticket(school: str, opened: float, cause: str = "lnb_failed") -> Ticket:
    return Ticket(school, None, "d1", cause, int(opened), int(opened))


def test_recall_asks_only_for_what_can_be_seen() -> None:
    labels = Labels((_fault("a"), _fault("b"), _fault("c", observable=False)), (), {}, 0.0)
    result = score(labels, Result((_ticket("a", FRIDAY + 15.25 * H),)), Calendar())
    assert (result.recall, [each.school for each in result.missed]) == (0.5, ["b"])


def test_a_ticket_about_what_could_not_be_seen_is_true() -> None:
    labels = Labels((_fault("c", observable=False),), (), {}, 0.0)
    assert score(labels, Result((_ticket("c", FRIDAY + 16 * H),)), Calendar()).precision == 1.0


def test_delay_counts_class_hours_only_and_hard_failures_by_themselves() -> None:
    labels = Labels((_fault("a"), _fault("b", cause="dish_misaligned")), (), {}, 0.0)
    tickets = (_ticket("a", MONDAY + 9 * H), _ticket("b", MONDAY + 14.5 * H, "dish_misaligned"))
    result = score(labels, Result(tickets), Calendar())
    assert (result.hard_delay.median, result.delay.median) == (1.0, pytest.approx(3.75))


def test_lesson_minutes_are_compared_as_a_sum_by_room_and_by_cause() -> None:
    true = {("a", "p1", "2026-06-12", "rain_fade"): 30.0, ("a", "p2", "2026-06-12", "lnb_failed"): 70.0}
    told = {("a", "p1", "2026-06-12", "rain_fade"): 40.0, ("a", "p2", "2026-06-12", "lnb_failed"): 60.0}
    lessons = score(Labels((), (), true, 0.0), Result((), (), told), Calendar()).lessons
    assert lessons is not None
    assert (lessons.error, lessons.scatter) == (0.0, 0.2)
    assert lessons.by_cause == {"lnb_failed": (70.0, 60.0), "rain_fade": (30.0, 40.0)}


def test_what_a_fault_took_that_nothing_shows_is_left_out_of_the_second_sum() -> None:
    hidden = Label("a", "p1-tv", None, "p1", "tv_failed", FRIDAY + 9 * H, FRIDAY + 15 * H, hard=True, observable=False)
    true = {
        ("a", "p1", "2026-06-12", "tv_failed"): 300.0,
        ("a", "p1", "2026-06-12", "rain_fade"): 30.0,
        ("a", "p1", "2026-06-15", "tv_failed"): 70.0,
        ("a", "p2", "2026-06-12", "tv_failed"): 100.0,
    }
    told = {key: minutes for key, minutes in true.items() if minutes < 300}
    lessons = score(Labels((hidden,), (), true, 0.0), Result((), (), told), Calendar()).lessons
    assert lessons is not None
    assert (lessons.error, lessons.seen_true, lessons.seen_error) == (-0.6, 200.0, 0.0)


def test_an_incident_is_found_at_its_time_and_place() -> None:
    rain = Incident("rain_fade", frozenset("abc"), 0, 60 * 60_000)
    assert is_told(rain, Incident("rain_fade", frozenset("c"), 70 * 60_000, 90 * 60_000))
    assert not is_told(rain, Incident("rain_fade", frozenset("d"), 0, 60 * 60_000))
    assert not is_told(rain, Incident("rain_fade", frozenset("abc"), 80 * 60_000, 90 * 60_000))
    assert not is_told(rain, Incident("satellite_outage", frozenset("abc"), 0, 60 * 60_000))


def test_a_satellite_outage_has_to_name_half_of_the_schools() -> None:
    silence = Incident("satellite_outage", frozenset("abcd"), 0, 60 * 60_000)
    assert not is_told(silence, Incident("satellite_outage", frozenset("a"), 0, 60 * 60_000))
    assert is_told(silence, Incident("satellite_outage", frozenset("ab"), 0, 60 * 60_000))


@pytest.mark.parametrize(
    ("values", "share", "expected"), [([], 0.5, None), ([3.0], 0.9, 3.0), ([1.0, 2.0, 4.0], 0.75, 3.0)]
)
def test_a_quantile_lies_between_neighbours(values: list[float], share: float, expected: float | None) -> None:
    assert quantile(values, share) == expected

"""What a node's being away was, told by what it says at its return."""

import pytest

from hub.detection.absence import AbsenceEvidence
from hub.detection.causes import ABSENCES

START, END, SLACK = 1_000_000_000, 1_003_600_000, 180_000


def _cause(booted_at: int | None, *, history: bool = False) -> str | None:
    seen = AbsenceEvidence(START, END, booted_at, history, SLACK)
    fitting = [each.code for each in ABSENCES if each.explains(seen)]
    assert len(fitting) <= 1
    return fitting[0] if fitting else None


@pytest.mark.parametrize(
    ("booted_at", "cause"),
    [
        (END - 60_000, "school_power_outage"),
        (START + 1000, "school_power_outage"),
        (START - SLACK, "school_power_outage"),
        (START - SLACK - 1, "school_link_outage"),
        (START - 86_400_000, "school_link_outage"),
    ],
)
def test_uptime_tells_whether_the_computer_started_anew(booted_at: int, cause: str) -> None:
    assert _cause(booted_at) == cause


def test_without_uptime_a_journal_from_the_time_tells_that_it_was_up() -> None:
    assert _cause(None, history=True) == "school_link_outage"


def test_with_neither_nothing_explains_it() -> None:
    assert _cause(None) is None


def test_who_went_on_reporting_before_its_computer_started_anew_had_its_power() -> None:
    """Somebody switched it off at night, while there was no Internet."""
    assert _cause(END - 60_000, history=True) == "school_link_outage"

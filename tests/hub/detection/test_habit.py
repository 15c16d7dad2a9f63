"""Absences by habit and absences by fault are told apart by their hours."""

from types import SimpleNamespace

import pytest

from hub.detection.calendar import Calendar
from hub.detection.habit import is_odd, recurring
from hub.detection.presence import Presence
from hub.detection.settings import CalendarSettings
from hub.detection.thresholds import PresenceSettings

SETTINGS = PresenceSettings.model_validate({})
TIME = Calendar(CalendarSettings.model_validate({}))
CUT = "school_power_outage"


def _gone(*absences: tuple[int, int]) -> Presence:
    presence = Presence(known_since=0)
    presence.past = [(start, end, CUT) for start, end in absences]
    return presence


def test_who_goes_in_class_goes_at_an_odd_hour(lab: SimpleNamespace) -> None:
    assert is_odd(_gone(), lab.at("10:00"), TIME, SETTINGS)


def test_who_goes_at_the_same_hour_each_day_does_not(lab: SimpleNamespace) -> None:
    evenings = [(lab.at("15:20", day), lab.at("07:40", day + 1)) for day in range(4)]
    assert not is_odd(_gone(*evenings), lab.at("15:10", 4), TIME, SETTINGS)


@pytest.mark.parametrize("nights", [0, 1])
def test_a_node_that_runs_at_night_is_missed_at_night(lab: SimpleNamespace, nights: int) -> None:
    past = [(lab.at("02:00", day), lab.at("03:00", day)) for day in range(3, 3 + nights)]
    assert is_odd(_gone(*past), lab.at("02:10", 5), TIME, SETTINGS)


def test_cuts_at_any_hour_recur(lab: SimpleNamespace) -> None:
    cuts = [(lab.at("10:00", 1), lab.at("11:00", 1)), (lab.at("02:00", 3), lab.at("04:00", 3))]
    assert recurring(_gone(*cuts), CUT, lab.at("14:00", 4), TIME, SETTINGS) == ()
    cuts.append((lab.at("13:00", 4), lab.at("13:30", 4)))
    assert len(recurring(_gone(*cuts), CUT, lab.at("14:00", 4), TIME, SETTINGS)) == 3


def test_leaving_early_each_day_is_a_habit(lab: SimpleNamespace) -> None:
    evenings = [(lab.at("15:10", day), lab.at("07:40", day + 1)) for day in range(4)]
    assert recurring(_gone(*evenings), CUT, lab.at("08:00", 4), TIME, SETTINGS) == ()

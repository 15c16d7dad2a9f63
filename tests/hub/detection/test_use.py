"""Whether rooms are in use, and what sets learn of those that go with them."""

from typing import Any

import pytest

from hub.core.reports import Sample
from hub.detection.calendar import Calendar
from hub.detection.facts import DeviceFacts
from hub.detection.rooms import Ledger
from hub.detection.settings import CalendarSettings
from hub.detection.use import feeds, note_use, waits_for
from hub.detection.view import DeviceView, SiteView
from wire.metrics import DataType

TIME = Calendar(CalendarSettings())
MINUTE = 60_000
NINE = 1_780_884_000_000
"""Monday, 8 June 2026, 09:00 in Bangkok."""
ON = {"device/reachable": True, "power/on": True}
OFF = {"device/reachable": False}


def _take(view: SiteView, t: int, device: str, values: dict[str, Any]) -> DeviceView:
    kind = device.partition("-")[2]
    found = view.device("36030001", device)
    found.facts = DeviceFacts(device, {"plug": "other"}.get(kind, kind), device.partition("-")[0])
    found.take({name: Sample(value, DataType.BOOLEAN) for name, value in values.items()}, t)
    return found


@pytest.mark.parametrize(
    ("values", "feeding", "waiting"),
    [
        ({**ON, "signal/lock": True}, True, True),
        ({"device/reachable": True, "signal/lock": True}, True, False),
        ({"device/reachable": True, "power/on": False, "signal/lock": True}, False, False),
        ({**ON, "signal/lock": False}, False, False),
        ({"device/reachable": False, "signal/lock": True}, False, False),
    ],
)
def test_a_receiver_feeds_its_room_when_it_is_on_and_locked(
    values: dict[str, bool], feeding: bool, waiting: bool
) -> None:
    receiver = _take(SiteView(), NINE, "p1-receiver", values)
    assert feeds(receiver) is feeding
    assert waits_for([receiver]) is waiting


def test_a_set_learns_how_long_it_was_on_beside_its_source() -> None:
    view, ledger = SiteView(), Ledger()
    tv = _take(view, NINE, "p1-tv", ON)
    receiver = _take(view, NINE, "p1-receiver", {**ON, "signal/lock": True})
    note_use(view, ledger, TIME, NINE, attended=True)
    _take(view, NINE + 60 * MINUTE, "p1-tv", OFF)
    note_use(view, ledger, TIME, NINE + 60 * MINUTE, attended=True)
    note_use(view, ledger, TIME, NINE + 90 * MINUTE, attended=True)
    company = tv.learnt.company["source"]
    assert (company.together_ms, company.waiting_ms) == (60 * MINUTE, 30 * MINUTE)
    assert receiver.learnt.company == {}


def test_waiting_is_forgotten_when_it_answers_again() -> None:
    view, ledger = SiteView(), Ledger()
    tv = _take(view, NINE, "p1-tv", OFF)
    _take(view, NINE, "p1-receiver", {**ON, "signal/lock": True})
    note_use(view, ledger, TIME, NINE, attended=True)
    _take(view, NINE + 60 * MINUTE, "p1-tv", ON)
    note_use(view, ledger, TIME, NINE + 60 * MINUTE, attended=True)
    company = tv.learnt.company["source"]
    assert (company.waiting_ms, company.apart_ms) == (0, 60 * MINUTE)


def test_a_set_without_company_learns_nothing() -> None:
    view = SiteView()
    tv = _take(view, NINE, "p1-tv", ON)
    note_use(view, Ledger(), TIME, NINE, attended=True)
    note_use(view, Ledger(), TIME, NINE + MINUTE, attended=True)
    assert tv.learnt.company == {}


def test_a_room_without_a_receiver_of_its_own_is_not_in_use() -> None:
    view, ledger = SiteView(), Ledger()
    _take(view, NINE, "p1-tv", ON)
    _take(view, NINE, "p2-receiver", {**ON, "signal/lock": True})
    note_use(view, ledger, TIME, NINE, attended=True)
    assert all(use.since is None for use in ledger.uses.values())

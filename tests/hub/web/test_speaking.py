"""The metric that a ticket's chart draws: what is said of how a thing is, of what is concerned, around the onset."""

from typing import Any

import pytest

from hub.core.equipment import DeviceKey, NodeKey, Reported
from hub.core.views import DeviceView, TicketLine, TicketView
from hub.web.speaking import speaking

HOUR, DAY = 3_600_000, 86_400_000
NOW = 1_795_157_100_000
NODE = NodeKey("cpm3", "30010012")


def device(key: str, **latest: Any) -> DeviceView:
    values = {name.replace("__", "/"): Reported(value, NOW) for name, value in latest.items()}
    return DeviceView(DeviceKey(NODE, key), "receiver", None, "p1", {}, False, values)


def ticket(cause: str, *concerned: DeviceView, onset: int = NOW - HOUR, recovered: int | None = None) -> TicketView:
    key = DeviceKey(NODE, "p1-receiver")
    whole = (key, "receiver", "p1", None, cause, "reported", True, onset, onset, recovered, None, (), 1)
    return TicketView(TicketLine(1, *whole), (), concerned)


def test_a_dish_speaks_by_the_signal_of_its_receivers() -> None:
    receivers = [device(f"p{n}", signal__cnr_db=12.0, device__reachable=True) for n in range(6)]
    found = speaking(ticket("dish_misaligned", *receivers, device("p9", device__reachable=True)), NOW)
    assert found is not None
    assert (found.metric, len(found.devices), found.is_switch) == ("signal/cnr_db", 4, False)


def test_a_set_that_is_silent_speaks_by_its_silence() -> None:
    found = speaking(ticket("tv_failed", device("p1-tv", device__reachable=False)), NOW)
    assert found is not None
    assert (found.metric, found.is_switch) == ("device/reachable", True)
    assert found.since == NOW - 7 * HOUR
    assert found.until == NOW


@pytest.mark.parametrize(("cause", "days"), [("signal_degrading", 45), ("lamp_worn", 30)])
def test_what_comes_on_over_weeks_is_shown_over_weeks(cause: str, days: int) -> None:
    found = speaking(ticket(cause, device("p1", signal__cnr_db=9.0, lamp__hours=3000)), NOW)
    assert found is not None
    assert found.since == NOW - HOUR - days * DAY


def test_what_is_long_over_is_shown_until_a_while_after_it_went_away() -> None:
    view = ticket("lnb_failed", device("p1", signal__lock=True), onset=NOW - 90 * DAY, recovered=NOW - 89 * DAY)
    found = speaking(view, NOW)
    assert found is not None
    assert found.until == NOW - 89 * DAY + 12 * HOUR


def test_where_nothing_tells_of_it_there_is_no_chart() -> None:
    assert speaking(ticket("school_offline", device("", host__cpu_pct=3.0)), NOW) is None
    assert speaking(ticket("tv_no_signal"), NOW) is None

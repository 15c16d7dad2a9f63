"""What a device's values tell of its condition."""

import pytest

from hub.core.equipment import DeviceKey, NodeKey, Reported
from hub.core.views import Condition, DeviceView, OffsetRange
from wire.metrics import Value


def device(latest: dict[str, Value], *, stale: bool = False) -> DeviceView:
    return DeviceView(
        key=DeviceKey(NodeKey("cpm3", "30010012"), "p1-tv"),
        kind="tv",
        profile=None,
        room=None,
        properties={},
        stale=stale,
        latest={name: Reported(value, t) for t, (name, value) in enumerate(latest.items())},
    )


@pytest.mark.parametrize(
    ("latest", "condition"),
    [
        ({"device/reachable": True, "power/on": True}, Condition.ON),
        ({"device/reachable": True, "power/on": False}, Condition.OFF),
        ({"device/reachable": True}, Condition.ANSWERING),
        ({"device/reachable": True, "power/on": None}, Condition.ANSWERING),
        ({"device/reachable": False, "power/on": True}, Condition.NO_ANSWER),
        ({}, Condition.ANSWERING),
    ],
)
def test_the_condition_follows_from_answer_and_power(latest: dict[str, Value], condition: Condition) -> None:
    assert device(latest).condition is condition


def test_a_stale_device_is_neither_on_nor_off() -> None:
    assert device({"power/on": True}, stale=True).condition is Condition.STALE


def test_the_newest_value_gives_the_age() -> None:
    assert device({"a": 1, "b": 2, "c": 3}).newest_at == 2
    assert device({}).newest_at is None


def test_a_range_counts_both_ends() -> None:
    assert OffsetRange(5, 9).count == 5

from typing import Any

from bench.facts import Thing
from bench.live import LiveRoom, View


def test_looking_does_what_was_due(morning: LiveRoom, clock: Any) -> None:
    clock.pass_s(16)
    assert morning.look().receiver.on
    assert not morning.look().tv.on


def test_a_listener_hears_each_change_once(morning: LiveRoom, clock: Any) -> None:
    heard: list[View] = []
    morning.on_change(heard.append)
    morning.look()
    assert heard == []
    clock.pass_s(16)
    morning.look()
    morning.look()
    assert [view.room.powers[Thing.RECEIVER].on for view in heard] == [True]


def test_a_change_that_changes_nothing_is_not_heard(morning: LiveRoom) -> None:
    heard: list[View] = []
    morning.on_change(heard.append)
    morning.change(lambda room, now: room.without_fault("rain", now))
    assert heard == []

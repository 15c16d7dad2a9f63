from typing import Any

from bench.live import LiveSchool, Moment


def test_looking_does_what_was_due(morning: LiveSchool, clock: Any) -> None:
    clock.pass_s(16)
    assert morning.look().school.powers["p1-receiver"].on
    assert not morning.look().school.powers["p1-tv"].on


def test_a_listener_hears_each_change_once(morning: LiveSchool, clock: Any) -> None:
    heard: list[Moment] = []
    morning.on_change(heard.append)
    morning.look()
    assert heard == []
    clock.pass_s(16)
    morning.look()
    morning.look()
    assert [moment.school.powers["p1-receiver"].on for moment in heard] == [True]


def test_a_change_that_changes_nothing_is_not_heard(morning: LiveSchool) -> None:
    heard: list[Moment] = []
    morning.on_change(heard.append)
    morning.change(lambda room, now: room.without_fault("rain", now))
    assert heard == []

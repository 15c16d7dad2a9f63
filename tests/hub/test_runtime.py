"""The loop between the network and the pages."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from hub.core.equipment import NodeKey
from hub.core.live import Changes
from hub.ingestion.arrivals import Arrival, Event, NodeCommand
from hub.runtime import Loop, Pipeline

NODE = NodeKey("dltv", "1")


class World:
    """Everything that a pipeline touches; `log` says in which order."""

    def __init__(self) -> None:
        self.log: list[Any] = []
        self.events: list[Event] = []
        self.facts = 0
        self.broken = False
        self.now = 1_000_000
        self.judging_takes = 0
        self.behind = False

    def pipeline(self) -> Pipeline:
        return Pipeline(
            take=self.take,
            feed=self.feed,
            waiting=lambda: self.facts,
            commit=self.commit,
            commands=lambda _now: [NodeCommand(NODE, ())],
            send=lambda _command: self.log.append("send"),
            judge=self.judge,
            tick=self.tick,
            publish=self.log.append,
            clock=lambda: self.now,
            batch=3,
            linger_s=0.0,
            tick_s=5.0,
            behind=lambda: self.behind,
        )

    def take(self, at_most: int, _wait_s: float) -> list[Event]:
        taken, self.events = self.events[:at_most], self.events[at_most:]
        return taken

    def feed(self, events: Any, _now: int) -> None:
        self.facts += len(list(events))
        self.log.append("feed")

    def commit(self, _now: int) -> frozenset[NodeKey]:
        if self.broken:
            raise OSError("the disk is full")
        self.log.append(f"commit {self.facts}")
        changed = frozenset([NODE] if self.facts else [])
        self.facts = 0
        return changed

    def judge(self, nodes: frozenset[NodeKey], _now: int) -> frozenset[int]:
        self.log.append("judge")
        self.now += self.judging_takes
        return frozenset([len(nodes)])

    def tick(self, _now: int) -> frozenset[int]:
        self.log.append("tick")
        return frozenset([9])


@pytest.fixture
def world() -> World:
    return World()


def arrivals(count: int) -> list[Event]:
    return [Arrival("t", b"", number) for number in range(count)]


def test_a_step_commits_before_it_tells_anybody(world: World) -> None:
    world.events = arrivals(2)
    world.pipeline().step()
    assert world.log == ["feed", "commit 2", "send", "tick", Changes(frozenset([NODE]), frozenset([9]))]


def test_what_took_long_to_judge_is_followed_by_a_rest_in_which_reports_are_taken(world: World) -> None:
    pipeline = world.pipeline()
    pipeline.tick_s = 60.0
    pipeline.step()
    judged = []
    for _ in range(8):
        world.events, world.log, world.judging_takes = arrivals(1), [], 100
        pipeline.step()
        judged.append("judge" in world.log)
        world.now += 100
    assert judged == [True, False, False, False, True, False, False, False]


def test_what_is_left_to_be_judged_goes_on_soon_although_nothing_arrives(world: World) -> None:
    pipeline = world.pipeline()
    pipeline.tick_s = 60.0
    pipeline.step()
    judged, world.behind, world.judging_takes = [], True, 100
    for _ in range(4):
        world.log = []
        pipeline.step()
        judged.append("judge" in world.log)
        world.now += 100
    assert judged == [True, True, True, True]


def test_time_is_looked_at_now_and_then(world: World) -> None:
    pipeline = world.pipeline()
    ticks = []
    for _ in range(12):
        world.log.clear()
        pipeline.step()
        ticks.append("tick" in world.log)
        world.now += 1_000
    assert [second for second, ticked in enumerate(ticks) if ticked] == [0, 5, 10]


def test_while_a_commit_fails_nothing_more_is_taken(world: World) -> None:
    world.events, world.broken = arrivals(5), True
    pipeline = world.pipeline()
    for _ in range(3):
        with pytest.raises(OSError, match="full"):
            pipeline.step()
    assert len(world.events) == 2
    world.broken = False
    pipeline.step()
    assert "commit 3" in world.log


def test_draining_commits_all_that_arrived(world: World) -> None:
    world.events = arrivals(8)
    world.pipeline().drain()
    assert [each for each in world.log if str(each).startswith("commit")][:3] == ["commit 3", "commit 3", "commit 2"]


def wait_until(probe: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not probe():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_step_that_fails_is_told_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    outcomes = iter([ValueError("once"), ValueError("once"), None])
    done: list[int] = []

    def step() -> None:
        outcome = next(outcomes, None)
        if outcome is not None:
            raise outcome
        done.append(1)
        time.sleep(0.01)

    loop = Loop("test", step, lambda: None)
    loop.start()
    wait_until(lambda: loop.trouble)
    assert loop.trouble == "ValueError: once"
    wait_until(lambda: done)
    assert loop.stop(5)
    assert loop.trouble == ""
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_the_end_drains() -> None:
    drained: list[int] = []
    loop = Loop("test", lambda: time.sleep(0.01), lambda: drained.append(1))
    loop.start()
    assert loop.alive
    assert loop.stop(5)
    assert (loop.alive, drained) == (False, [1])

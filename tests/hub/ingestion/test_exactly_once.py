"""Whatever is lost, doubled, reordered or killed: in the end every report is in the database once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from hub.core.equipment import HOST
from hub.ingestion.reasons import Reason
from hub.ingestion.service import IntakeUnavailable
from wire.controls import REBIRTH, REPLAY_FROM, REPLAY_TO

T0 = 1_790_000_000_000
REPORTS = 12
ACTIONS = st.sampled_from(["send", "send", "send", "lose", "swap", "repeat", "rebirth", "reconnect", "crash", "wait"])


class Agent:
    """Sends reports 1, 2, 3 … as a node with a journal does, and answers what the hub asks for."""

    def __init__(self, node: Any, hub: Any) -> None:
        self.node, self.hub = node, hub
        self.now = T0
        self.written = 0
        self.kept: list[Any] = []
        self.births()

    def births(self) -> None:
        self.node.newest = self.written
        self.hear(self.hub.hears(self.node.nbirth(self.now), now=self.now))

    def make(self) -> Any:
        self.written += 1
        return self.node.report(self.written, T0 + self.written, host__cpu_pct=float(self.written))

    def act(self, action: str) -> None:
        self.now += 100
        if action == "swap":
            first, second = self.make(), self.make()
            self.deliver(second, first)
        elif action == "crash":
            self.hub.restart(self.now)
        elif action == "wait":
            self.now += 30_000
            self.deliver()
        elif action in ("rebirth", "reconnect"):
            self.node.bd_seq = (self.node.bd_seq + (action == "reconnect")) % 256
            self.births()
        else:
            made = self.make()
            self.deliver(*{"send": [made], "lose": [], "repeat": [made, made]}[action])

    def deliver(self, *arrivals: Any) -> None:
        self.hear(self.hub.hears(*(replace(each, at=self.now) for each in arrivals), now=self.now))

    def hear(self, commands: list[Any]) -> None:
        for command in commands:
            said = {metric.name: metric.value for metric in command.metrics}
            if REBIRTH in said:
                self.births()
            elif REPLAY_FROM in said:
                for offset in range(said[REPLAY_FROM], min(said[REPLAY_TO], self.written) + 1):
                    self.deliver(self.node.history(offset, T0 + offset, host__cpu_pct=float(offset)))

    def settle(self) -> None:
        """Until nothing is asked for any more."""
        for _ in range(60):
            self.now += 10_000
            self.deliver()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, max_size=REPORTS))
def test_any_interleaving_ends_with_the_same_set(new_hub: Any, new_node: Any, actions: list[str]) -> None:
    hub, node = new_hub(rebirth_every_s=1, rebirth_at_most_s=4, replay_grace_s=5), new_node()
    agent = Agent(node, hub)
    for action in [*actions, "send"]:
        agent.act(action)
    agent.settle()
    assert hub.offsets() == [(node.epoch, number) for number in range(1, agent.written + 1)]
    latest = hub.row("device", key=HOST)["latest"]["host/cpu_pct"]
    assert latest[0] in (float(agent.written), 5.0)
    assert hub.rejected(Reason.INTERNAL) == hub.rejected(Reason.UNSTORABLE) == 0


class Killed(BaseException):
    """The process is gone at this very point."""


@contextmanager
def failing(engine: Engine, at: int, error: BaseException) -> Iterator[list[int]]:
    """Raise `error` instead of the statement with this number, counting the commit as one. Yields how many there were."""
    seen = [0]

    def count(*_: object) -> None:
        seen[0] += 1
        if seen[0] == at:
            raise error

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", count)


def story(node: Any) -> list[Any]:
    return [
        node.nbirth(),
        node.dbirth(),
        node.report(1, device="p1-tv", power__on=False),
        node.report(3, host__cpu_pct=3.0),
        node.ddeath(),
    ]


def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(new_hub: Any, new_node: Any) -> None:
    for step in range(1, 200):
        hub, node = new_hub(on_disk=True), new_node()
        told = story(node)
        try:
            with failing(hub.engine, step, Killed()) as steps:
                hub.hears(*told)
        except Killed:
            hub.restart()
        survived = steps[0] < step
        node.newest, node.bd_seq = 3, 1
        hub.hears(node.nbirth(), node.dbirth(), node.history(1, device="p1-tv", power__on=False))
        hub.hears(node.history(2, host__cpu_pct=2.0), node.history(3, host__cpu_pct=3.0))
        assert hub.offsets() == [(node.epoch, 1), (node.epoch, 2), (node.epoch, 3)]
        assert hub.count("committed") == 2
        if survived:
            break
    assert step > 8


def test_a_database_that_fails_for_a_while_loses_and_doubles_nothing(new_hub: Any, new_node: Any) -> None:
    """Neither of reports with a journal nor of those that the hub numbers itself."""
    for step in range(1, 200):
        hub, ours, theirs = new_hub(on_disk=True), new_node(), new_node("other", epoch=None)
        told = [*story(ours), theirs.nbirth(), theirs.report(host__cpu_pct=1.0), theirs.report(host__cpu_pct=2.0)]
        busy = OperationalError("", None, Exception("database is locked"))
        with failing(hub.engine, step, busy) as steps:
            hub.service.feed(told, T0)
            try:
                hub.service.commit(T0)
                failed = False
            except IntakeUnavailable:
                failed = True
                assert hub.service.commands(T0) == []
                hub.service.commit(T0)
        assert hub.offsets(ours) == [(ours.epoch, 1), (ours.epoch, 3)]
        assert [values for *_, values in hub.reports(theirs.name)][1:] == [{"host/cpu_pct": 1.0}, {"host/cpu_pct": 2.0}]
        if not failed:
            break
    assert steps[0] < step


def test_a_fact_that_the_store_refuses_is_dropped_and_the_others_are_kept(
    new_hub: Any, new_node: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, good, bad = new_hub(), new_node("good"), new_node("bad", epoch="6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a002")
    hub.hears(good.nbirth(), bad.nbirth())
    begin = hub.intake.begin

    @contextmanager
    def picky() -> Iterator[Any]:
        with begin() as intake:
            keep = intake.keep

            class Picky:
                holds = intake.holds

                def keep(self, batch: Any, now: int) -> None:
                    if any(report.device.node.name == "bad" for report in batch.reports):
                        raise ValueError("not this one")
                    keep(batch, now)

            yield Picky()

    monkeypatch.setattr(hub.service, "_begin", picky)
    hub.hears(*(each.report(host__cpu_pct=1.0) for each in (good, bad, good, good, bad)))
    assert hub.offsets(good) == [(good.epoch, 1), (good.epoch, 2), (good.epoch, 3)]
    assert hub.offsets(bad) == []
    assert hub.rejected(Reason.UNSTORABLE) == 2

"""Roll-outs decided: tables for what happens when, properties for what never does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.rollouts.deciding import Fact, decide, hear
from hub.rollouts.events import Event, Reason, What
from hub.rollouts.rollout import Kind, Order, Rollout, Standing, State
from hub.rollouts.settings import RolloutSettings

T0 = 1_790_000_000_000
MINUTE, HOUR = 60_000, 3_600_000
SETTINGS = RolloutSettings()


class Fleet:
    """A roll-out of 1.1 to so many computers on 1.0, all of them online, on a clock that the test moves."""

    def __init__(self, count: int = 40, **settings: Any) -> None:
        self.now = T0
        names = tuple(f"360100{n:02}" for n in range(count))
        order = Order(1, Kind.RELEASE, "1.1", "cpm3", names, T0, "admin", SETTINGS.model_copy(update=settings))
        self.rollout = Rollout.of(order, [])
        self.facts: dict[str, Fact] = {name: Fact(True, T0 - HOUR, {Kind.RELEASE: "1.0"}) for name in names}
        self.events: list[Event] = []

    def decide(self, after_ms: int = 0) -> list[Event]:
        self.now += after_ms
        events = decide(self.rollout, self.facts, self.now)
        self.events += events
        return events

    def hear(self, node: str, reason: Reason = Reason.TOLD) -> None:
        event = hear(self.rollout, node, reason, "why", self.now)
        self.events += [event] if event else []

    def person(self, what: What) -> None:
        event = Event(what, self.now, who="admin")
        self.rollout.apply(event)
        self.events.append(event)

    def offline(self, *nodes: str) -> None:
        for node in nodes:
            self.facts[node] = replace(self.facts[node], online=False, since=self.now)

    def online(self, *nodes: str) -> None:
        for node in nodes:
            self.facts[node] = replace(self.facts[node], online=True, since=self.now)

    @property
    def asked(self) -> list[str]:
        return [node for node, each in self.rollout.nodes.items() if each.standing is Standing.ASKED]

    def all_well(self) -> None:
        for node in self.asked:
            self.hear(node)


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


def kinds(events: list[Event]) -> list[str]:
    return [event.what.value for event in events]


def test_the_first_wave_is_one_computer(fleet: Fleet) -> None:
    assert kinds(fleet.decide()) == ["wave", "asked"]
    assert len(fleet.asked) == 1


def test_three_waves_reach_all(fleet: Fleet) -> None:
    sizes = []
    for _ in range(3):
        fleet.decide(MINUTE)
        sizes.append(len(fleet.asked))
        fleet.all_well()
    assert sizes == [1, 2, 37]
    assert kinds(fleet.decide()) == ["finished"]
    assert fleet.rollout.state is State.DONE


def test_while_one_is_at_it_nothing_more_begins(fleet: Fleet) -> None:
    fleet.decide()
    assert fleet.decide(HOUR) == []


def test_a_first_wave_is_chosen_among_those_that_are_online(fleet: Fleet) -> None:
    first, second, *_ = fleet.rollout.order.nodes
    fleet.offline(first)
    fleet.decide()
    assert fleet.asked == [second]


def test_where_nobody_is_online_it_waits(fleet: Fleet) -> None:
    fleet.offline(*fleet.facts)
    assert fleet.decide(HOUR) == []
    fleet.online(fleet.rollout.order.nodes[5])
    assert kinds(fleet.decide()) == ["wave", "asked"]


def test_who_is_offline_is_left_for_later_without_stopping(fleet: Fleet) -> None:
    late = fleet.rollout.order.nodes[-1]
    for _ in range(3):
        fleet.decide()
        fleet.offline(late)
        fleet.all_well()
    assert fleet.rollout.state is State.RUNNING
    assert fleet.rollout.standing(late) is Standing.WAITING


def test_who_comes_back_late_is_asked_then_and_ends_it() -> None:
    fleet = Fleet(3)
    late = fleet.rollout.order.nodes[-1]
    fleet.offline(late)
    for _ in range(3):
        fleet.decide()
        fleet.all_well()
    assert fleet.decide(72 * HOUR) == []
    assert fleet.rollout.state is State.RUNNING
    fleet.online(late)
    assert kinds(fleet.decide()) == ["asked"]
    fleet.all_well()
    assert kinds(fleet.decide()) == ["finished"]


@pytest.mark.parametrize("reason", [Reason.ROLLED_BACK, Reason.REFUSED, Reason.FAILED])
def test_a_failure_in_a_small_wave_stops(fleet: Fleet, reason: Reason) -> None:
    fleet.decide()
    fleet.hear(fleet.asked[0], reason)
    assert kinds(fleet.decide()) == ["stopped"]
    assert fleet.decide(100 * HOUR) == []


def test_of_a_large_wave_a_few_may_fail(fleet: Fleet) -> None:
    for _ in range(2):
        fleet.decide()
        fleet.all_well()
    fleet.decide()
    fleet.hear(fleet.asked[0], Reason.REFUSED)
    assert fleet.decide() == []
    fleet.hear(fleet.asked[0], Reason.REFUSED)
    assert kinds(fleet.decide()) == ["stopped"]


def test_who_is_online_and_does_not_tell_in_time_has_failed(fleet: Fleet) -> None:
    fleet.decide()
    events = fleet.decide(SETTINGS.healthy_within_ms)
    assert (kinds(events), events[0].reason) == (["failed", "stopped"], Reason.SLOW)


def test_who_was_switched_off_over_night_has_not_failed(fleet: Fleet) -> None:
    fleet.decide()
    (node,) = fleet.asked
    fleet.offline(node)
    assert fleet.decide(16 * HOUR) == []
    fleet.online(node)
    assert fleet.decide(SETTINGS.healthy_within_ms - 1) == []
    fleet.hear(node)
    assert kinds(fleet.decide())[:1] == ["wave"]


def test_who_fell_silent_for_good_after_it_was_asked_has_failed(fleet: Fleet) -> None:
    fleet.decide()
    fleet.offline(*fleet.asked)
    events = fleet.decide(SETTINGS.silent_ms + SETTINGS.healthy_within_ms)
    assert (kinds(events), events[0].reason) == (["failed", "stopped"], Reason.SILENT)


def test_who_comes_and_goes_without_a_word_fails_in_the_end(fleet: Fleet) -> None:
    fleet.decide()
    (node,) = fleet.asked
    events: list[Event] = []
    for _ in range(40):
        fleet.offline(node)
        fleet.online(node)
        events += fleet.decide(HOUR)
    assert kinds(events) == ["failed", "stopped"]


def test_who_reports_with_the_new_version_for_a_while_is_well(fleet: Fleet) -> None:
    fleet.decide()
    (node,) = fleet.asked
    fleet.facts[node] = Fact(True, fleet.now, {Kind.RELEASE: "1.1"})
    assert fleet.decide(SETTINGS.settled_ms - 1) == []
    events = fleet.decide(1)
    assert (events[0].what, events[0].reason) == (What.HEALTHY, Reason.REPORTS)


def test_who_runs_it_already_is_not_asked() -> None:
    fleet = Fleet(2)
    fleet.facts = dict.fromkeys(fleet.facts, Fact(True, T0 - HOUR, {Kind.RELEASE: "1.1"}))
    assert set(kinds(fleet.decide())) == {"healthy", "wave", "finished"}
    assert fleet.rollout.state is State.DONE


def test_who_told_that_it_went_back_is_believed_more_than_its_version(fleet: Fleet) -> None:
    fleet.decide()
    (node,) = fleet.asked
    fleet.hear(node)
    fleet.hear(node, Reason.ROLLED_BACK)
    fleet.facts[node] = Fact(True, T0, {Kind.RELEASE: "1.1"})
    assert kinds(fleet.decide()) == ["stopped"]
    assert fleet.rollout.standing(node) is Standing.FAILED


def test_while_it_is_paused_nobody_new_is_asked_and_who_was_asked_may_end(fleet: Fleet) -> None:
    fleet.decide()
    fleet.person(What.PAUSED)
    (node,) = fleet.asked
    assert fleet.rollout.gives(node)
    fleet.all_well()
    assert fleet.decide(HOUR) == []
    fleet.person(What.RESUMED)
    assert kinds(fleet.decide())[0] == "wave"


def test_after_a_fruitless_first_wave_a_person_has_it_tried_with_another(fleet: Fleet) -> None:
    fleet.decide()
    (first,) = fleet.asked
    fleet.hear(first, Reason.ROLLED_BACK)
    fleet.decide()
    fleet.person(What.RESUMED)
    assert kinds(fleet.decide()) == ["wave", "asked"]
    assert len(fleet.asked) == 1
    assert fleet.asked != [first]


@pytest.mark.parametrize("what", [What.STOPPED, What.ABORTED])
def test_after_its_end_only_who_is_well_with_it_is_given_it(fleet: Fleet, what: What) -> None:
    fleet.decide()
    well = fleet.asked[0]
    fleet.all_well()
    fleet.decide()
    at_it, *_ = fleet.asked
    fleet.person(what)
    assert fleet.rollout.gives(well)
    assert not fleet.rollout.gives(at_it)
    assert not fleet.rollout.gives(fleet.rollout.order.nodes[-1])


def test_what_a_stranger_tells_or_who_was_not_asked_changes_nothing(fleet: Fleet) -> None:
    fleet.decide()
    assert hear(fleet.rollout, "99999999", Reason.FAILED, "", fleet.now) is None
    assert hear(fleet.rollout, fleet.rollout.order.nodes[-1], Reason.FAILED, "", fleet.now) is None


def test_the_same_word_twice_counts_once(fleet: Fleet) -> None:
    fleet.decide()
    (node,) = fleet.asked
    fleet.hear(node, Reason.REFUSED)
    fleet.hear(node, Reason.REFUSED)
    assert fleet.rollout.failures == 1


@pytest.mark.parametrize(
    ("wave", "total", "size"), [(0, 1, 1), (0, 300, 1), (1, 300, 15), (1, 3, 1), (1, 21, 2), (2, 300, 300)]
)
def test_sizes_of_waves(wave: int, total: int, size: int) -> None:
    assert SETTINGS.size(wave, total) == size


@pytest.mark.parametrize(
    "waves", [(), ("1",), ("1", "50%"), ("0", "100%"), ("x", "100%"), ("101%", "100%"), ("-1", "100%")]
)
def test_waves_that_are_none_or_do_not_reach_all_are_refused(waves: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="wave"):
        RolloutSettings.model_validate({"waves": waves})


class AnyLife(RuleBasedStateMachine):
    """Computers come, go, tell or keep silent in any order; people pause and resume; the hub restarts."""

    @initialize(count=st.integers(1, 45), share=st.sampled_from([0.0, 0.05, 0.3]))
    def begin(self, count: int, share: float) -> None:
        self.fleet = Fleet(count, stop_share=share)

    @rule(after=st.sampled_from([0, MINUTE, HOUR, 40 * HOUR]))
    def tick(self, after: int) -> None:
        before = self.fleet.rollout
        asked, state = set(self.fleet.asked), before.state
        events = self.fleet.decide(after)
        self._no_wave_begins_over_another(asked, events)
        if state in (State.STOPPED, State.PAUSED, State.ABORTED, State.DONE):
            assert not {What.WAVE, What.ASKED} & {event.what for event in events}

    @rule(
        data=st.data(),
        reason=st.sampled_from([Reason.TOLD, Reason.TOLD, Reason.TOLD, Reason.REFUSED, Reason.ROLLED_BACK]),
    )
    def tell(self, data: st.DataObject, reason: Reason) -> None:
        self.fleet.hear(data.draw(st.sampled_from(self.fleet.asked or list(self.fleet.facts))), reason)

    @rule(data=st.data(), online=st.booleans())
    def move(self, data: st.DataObject, online: bool) -> None:
        nodes = data.draw(st.lists(st.sampled_from(list(self.fleet.facts)), max_size=8))
        (self.fleet.online if online else self.fleet.offline)(*nodes)

    @rule(what=st.sampled_from([What.PAUSED, What.RESUMED]))
    def person(self, what: What) -> None:
        if self.fleet.rollout.state.is_open:
            self.fleet.person(what)

    @rule()
    def restart(self) -> None:
        """What the events tell is all there is to know."""
        again = Rollout.of(self.fleet.rollout.order, self.fleet.events)
        assert again == self.fleet.rollout
        self.fleet.rollout = again

    @invariant()
    def only_waves_that_have_begun_are_at_risk(self) -> None:
        if hasattr(self, "fleet"):
            assert set(self.fleet.asked) <= set(self.fleet.rollout.begun)
            assert len(self.fleet.rollout.begun) == len(set(self.fleet.rollout.begun))

    @invariant()
    def a_stop_is_for_good_until_a_person_resumes(self) -> None:
        stopped = False
        for event in getattr(self, "fleet", Fleet(1)).events:
            assert not (stopped and event.what in (What.WAVE, What.ASKED, What.FINISHED))
            stopped = event.what is What.STOPPED or (stopped and event.what is not What.RESUMED)

    def _no_wave_begins_over_another(self, asked: set[str], events: list[Event]) -> None:
        for event in events:
            if event.what in (What.HEALTHY, What.FAILED):
                asked.discard(str(event.node))
            if event.what is What.WAVE:
                assert asked == set()


AnyLife.TestCase.settings = hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyLife = AnyLife.TestCase

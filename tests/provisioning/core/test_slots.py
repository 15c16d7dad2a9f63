from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from provisioning.core.slots import (
    INTERRUPTED,
    LOST,
    MAX_ATTEMPTS,
    Attempt,
    Begin,
    Disk,
    Fail,
    Leave,
    Mend,
    Rest,
    Slots,
    Stage,
    Step,
    Tidy,
    Trial,
    plan,
)

ONE = Disk("1", frozenset({"1"}))
BOTH = Disk("1", frozenset({"1", "2"}))
ON_TRIAL = Slots(good="1", trial=Trial("2", "1"))


def test_nothing_is_done_where_nothing_is_wanted() -> None:
    assert plan(Slots(good="1"), ONE, None) == Rest()


def test_nothing_is_done_where_the_wanted_release_runs() -> None:
    assert plan(Slots(good="1"), ONE, "1") == Rest()


def test_a_wanted_release_is_staged_first() -> None:
    assert plan(Slots(good="1"), ONE, "2") == Stage("2")


def test_a_release_that_is_not_whole_is_staged_again() -> None:
    assert plan(Slots(good="1"), Disk("1", frozenset({"1"}), frozenset({"2"})), "2") == Stage("2")


def test_a_staged_release_is_begun_with_the_way_back_on_record() -> None:
    assert plan(Slots(good="1"), BOTH, "2") == Begin("2", "1")


def test_a_begun_release_is_attempted_also_when_the_hub_cannot_be_asked() -> None:
    assert plan(ON_TRIAL, BOTH, None) == Attempt(Trial("2", "1"))


def test_a_trial_that_was_interrupted_too_often_is_left() -> None:
    trial = Trial("2", "1", attempts=MAX_ATTEMPTS)
    assert plan(Slots(trial=trial), BOTH, "2") == Fail(trial, INTERRUPTED)


def test_a_trial_of_which_the_release_is_gone_is_left() -> None:
    assert plan(ON_TRIAL, ONE, "2") == Fail(Trial("2", "1"), LOST)


def test_a_failed_trial_is_left_whatever_else_is_wanted() -> None:
    trial = Trial("2", "1", failed="why")
    assert plan(Slots(trial=trial), Disk("2", frozenset({"1", "2"})), "3") == Leave(trial)


def test_a_bad_version_is_not_tried_again_and_does_not_stay() -> None:
    slots = Slots(good="1").failing(Trial("2", "1"), "why").left()
    assert plan(slots, BOTH, "2") == Tidy(("2",))


def test_a_bad_version_is_tried_again_once_it_is_forgiven() -> None:
    slots = Slots(good="1").failing(Trial("2", "1"), "why").left().forgiven("2")
    assert plan(slots, ONE, "2") == Stage("2")


def test_what_was_not_the_fault_of_the_release_is_no_mark_against_it() -> None:
    slots = Slots(good="1").failing(Trial("2", "1"), "unreachable", again=True).left()
    assert plan(slots, ONE, "2") == Stage("2")


def test_a_link_that_leads_nowhere_is_mended_to_the_good_release() -> None:
    assert plan(Slots(good="1", previous="0"), Disk(None, frozenset({"0", "1", "2"})), "2") == Mend("1")


def test_the_release_that_runs_and_the_one_before_it_stay() -> None:
    disk = Disk("3", frozenset({"1", "2", "3"}), frozenset({"4"}))
    assert plan(Slots(good="3", previous="2"), disk, None) == Tidy(("1", "4"))


@dataclass
class Device:
    """Carries steps out, on a disk and a record that outlive its power."""

    slots: Slots = field(default_factory=lambda: Slots(good="1"))
    current: str | None = "1"
    complete: set[str] = field(default_factory=lambda: {"1"})
    partial: set[str] = field(default_factory=set)

    def disk(self) -> Disk:
        return Disk(self.current, frozenset(self.complete), frozenset(self.partial))

    def effects(self, step: Step, healthy: set[str]) -> list[object]:
        """In their order; the power may fail after any of them."""
        match step:
            case Stage(version):
                return [lambda: self.partial.add(version), lambda: self._finish(version)]
            case Begin(version, previous):
                return [lambda: self._record(self.slots.begun(version, previous))]
            case Attempt(trial):
                return [
                    lambda: self._record(self.slots.attempted(trial)),
                    lambda: setattr(self, "current", trial.version),
                    lambda: self._judge(trial, healthy),
                ]
            case Fail(trial, why):
                return [lambda: self._record(self.slots.failing(trial, why))]
            case Leave(trial):
                return [lambda: setattr(self, "current", trial.previous), lambda: self._record(self.slots.left())]
            case Mend(version):
                return [lambda: setattr(self, "current", version)]
            case Tidy(versions):
                return [lambda version=version: self._delete(version) for version in versions]
        return []

    def _record(self, slots: Slots) -> None:
        self.slots = slots

    def _finish(self, version: str) -> None:
        self.partial.discard(version)
        self.complete.add(version)

    def _judge(self, trial: Trial, healthy: set[str]) -> None:
        begun = self.slots.trial
        assert begun is not None
        good = trial.version in healthy
        self._record(self.slots.committed(begun) if good else self.slots.failing(begun, "unwell"))

    def _delete(self, version: str) -> None:
        assert version != self.current
        self.complete.discard(version)
        self.partial.discard(version)


@given(
    cuts=st.lists(st.integers(1, 8), max_size=12),
    wishes=st.lists(st.sampled_from([None, "1", "2", "3"]), min_size=1, max_size=12),
    healthy=st.sets(st.sampled_from(["2", "3"])),
)
def test_whatever_is_wanted_and_whenever_the_power_fails_a_whole_release_is_in_place(
    cuts: list[int], wishes: list[str | None], healthy: set[str]
) -> None:
    device, cuts = Device(), [*cuts, 10_000]
    for wanted in [*wishes, None]:
        budget = cuts.pop(0) if cuts else 10_000
        while not isinstance(step := plan(device.slots, device.disk(), wanted), Rest) and budget > 0:
            for effect in device.effects(step, healthy):
                if budget > 0:
                    effect()  # type: ignore[operator]
                    assert device.current in device.complete
                budget -= 1
    while not isinstance(step := plan(device.slots, device.disk(), None), Rest):
        for effect in device.effects(step, healthy):
            effect()  # type: ignore[operator]
    assert device.slots.trial is None
    assert device.current in healthy | {"1"}
    assert len(device.complete) <= 2
    assert not device.partial

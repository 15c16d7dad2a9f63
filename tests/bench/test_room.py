"""What is physically true in the room, on injected time."""

import pytest

from bench import faults
from bench.facts import Lamp, Line, Thing
from bench.room import Classroom
from bench.settings import BenchSettings

T0 = 1_000_000


@pytest.fixture
def dawn(settings: BenchSettings) -> Classroom:
    return Classroom.in_the_morning(settings, T0)


@pytest.fixture
def lesson(dawn: Classroom) -> Classroom:
    return dawn.advanced(T0 + 60_000)


def test_in_the_morning_everything_is_in_standby(dawn: Classroom) -> None:
    assert not dawn.tv(T0).on
    assert dawn.projector(T0).lamp is Lamp.STANDBY
    assert not dawn.receiver(T0).on
    assert dawn.receiver(T0).listening


def test_the_teacher_switches_on_one_thing_after_the_other(dawn: Classroom) -> None:
    def on_at(seconds: int) -> set[Thing]:
        room = dawn.advanced(T0 + seconds * 1000)
        return {thing for thing, power in room.powers.items() if power.on}

    assert on_at(14) == set()
    assert on_at(15) == {Thing.RECEIVER}
    assert on_at(18) == {Thing.RECEIVER, Thing.TV}
    assert on_at(21) == set(Thing)


def test_a_step_that_was_due_long_ago_counts_from_its_own_moment(dawn: Classroom) -> None:
    assert dawn.advanced(T0 + 999_000).powers[Thing.TV].since == T0 + 18_000


def test_a_negative_time_means_that_nobody_switches_it_on(settings: BenchSettings) -> None:
    lazy = settings.model_copy(update={"morning": settings.morning.model_copy(update={"tv_on_after_s": -1.0})})
    room = Classroom.in_the_morning(lazy, T0).advanced(T0 + 10**9)
    assert not room.powers[Thing.TV].on
    assert room.powers[Thing.RECEIVER].on


def test_what_the_remote_keeps_off_is_not_switched_on_in_the_morning(dawn: Classroom) -> None:
    room = dawn.with_fault("tv-off", T0 + 1).advanced(T0 + 60_000)
    assert not room.tv(T0 + 60_000).on


def test_the_tv_has_a_picture_only_while_the_receiver_runs(lesson: Classroom) -> None:
    now = T0 + 60_000
    assert lesson.tv(now).signal
    assert not lesson.switched(Thing.RECEIVER, False, now).tv(now).signal
    assert not lesson.with_fault("receiver-dead", now).tv(now).signal


def test_a_receiver_without_lock_still_sends_a_picture(lesson: Classroom) -> None:
    now = T0 + 60_000
    room = lesson.with_fault("receiver-no-lock", now)
    assert not room.receiver(now).locked
    assert room.tv(now).signal


def test_the_tv_gets_warm_and_its_hours_add_up(lesson: Classroom) -> None:
    soon, late = lesson.tv(T0 + 60_000), lesson.tv(T0 + 60_000 + 3 * 3_600_000)
    assert late.temp_c > soon.temp_c > 31.0
    assert late.hours == soon.hours + 3


def test_the_projector_warms_up_and_cools_down(dawn: Classroom) -> None:
    on = dawn.switched(Thing.PROJECTOR, True, T0)
    assert on.projector(T0).lamp is Lamp.WARM_UP
    assert not on.projector(T0).lamp_lit
    assert on.projector(T0 + 20_000).lamp is Lamp.ON
    off = on.switched(Thing.PROJECTOR, False, T0 + 60_000)
    assert off.projector(T0 + 60_000).lamp is Lamp.COOLING
    assert off.projector(T0 + 90_000).lamp is Lamp.STANDBY


def test_the_receiver_needs_some_seconds_to_lock(dawn: Classroom) -> None:
    room = dawn.switched(Thing.RECEIVER, True, T0 + 10_000)
    assert not room.receiver(T0 + 13_999).locked
    assert room.receiver(T0 + 14_000).locked


def test_a_receiver_with_its_power_back_boots_and_locks_again(lesson: Classroom) -> None:
    back = T0 + 90_000
    room = lesson.with_fault("receiver-dead", T0 + 60_000).without_fault("receiver-dead", back)
    assert room.receiver(back).listening
    assert room.receiver(back).uptime_s == 0
    assert not room.receiver(back).locked
    assert room.receiver(back + 4000).locked


def test_clear_sky_is_near_its_figure(lesson: Classroom) -> None:
    receiver = lesson.receiver(T0 + 60_000)
    assert receiver.locked
    assert receiver.cnr_db == pytest.approx(13.4, abs=0.3)
    assert 70 <= receiver.level_pct <= 85


def test_rain_sinks_the_signal_below_lock_and_passes_by_itself(lesson: Classroom) -> None:
    began = T0 + 60_000
    wet = lesson.with_fault("rain", began)
    middle = wet.receiver(began + 290_000)
    assert not middle.locked
    assert 0 < middle.level_pct < 70
    drizzle = wet.receiver(began + 120_000)
    assert drizzle.locked
    assert drizzle.cnr_db < 12.5
    dry = wet.advanced(began + 600_000)
    assert dry.broken == {}
    assert dry.receiver(began + 600_000).cnr_db > 13.0


@pytest.mark.parametrize(
    ("code", "locked", "strength"), [("lnb-dead", False, False), ("receiver-no-lock", False, True)]
)
def test_a_dead_lnb_gives_no_strength_a_dead_tuner_does(
    lesson: Classroom, code: str, locked: bool, strength: bool
) -> None:
    receiver = lesson.with_fault(code, T0 + 60_000).receiver(T0 + 60_000)
    assert receiver.on
    assert receiver.listening
    assert receiver.locked is locked
    assert bool(receiver.level_pct) is strength
    assert receiver.cnr_db == 0.0


@pytest.mark.parametrize(
    ("code", "line"), [("tv-dead", Line.SILENT), ("tv-garbage", Line.GARBAGE), ("tv-slow", Line.SLOW)]
)
def test_a_fault_of_the_tvs_line_leaves_the_tv_on(lesson: Classroom, code: str, line: Line) -> None:
    tv = lesson.with_fault(code, T0 + 60_000).tv(T0 + 60_000)
    assert tv.line is line
    assert tv.on


@pytest.mark.parametrize("code", ["tv-no-signal", "tv-other-input"])
def test_a_tv_without_picture_is_on_and_says_so(lesson: Classroom, code: str) -> None:
    tv = lesson.with_fault(code, T0 + 60_000).tv(T0 + 60_000)
    assert tv.on
    assert not tv.signal
    assert tv.input == ("90" if code == "tv-no-signal" else "20")


def test_a_broken_backlight_is_reported(lesson: Classroom) -> None:
    assert not lesson.with_fault("tv-backlight", T0 + 60_000).tv(T0 + 60_000).backlight_ok


@pytest.mark.parametrize(
    ("code", "errors"),
    [
        ("projector-fan", "200000"),
        ("projector-lamp", "020000"),
        ("projector-hot", "002000"),
        ("projector-filter", "000010"),
    ],
)
def test_a_projector_fault_sets_its_own_digit(lesson: Classroom, code: str, errors: str) -> None:
    projector = lesson.with_fault(code, T0 + 60_000).projector(T0 + 60_000)
    assert projector.errors == errors
    assert projector.lamp_lit is (code != "projector-lamp")


def test_a_projector_without_power_does_not_listen(lesson: Classroom) -> None:
    assert not lesson.with_fault("projector-dead", T0 + 60_000).projector(T0 + 60_000).listening


def test_a_projector_without_cable_has_no_picture(lesson: Classroom) -> None:
    now = T0 + 60_000
    assert lesson.projector(now).signal
    assert not lesson.with_fault("projector-no-signal", now).projector(now).signal


@pytest.mark.parametrize("code", [fault.code for fault in faults.FAULTS])
def test_every_fault_changes_something_and_mending_it_restores_the_room(lesson: Classroom, code: str) -> None:
    def seen(room: Classroom, now: int) -> tuple[object, ...]:
        tv, projector, receiver = room.tv(now), room.projector(now), room.receiver(now)
        return (
            (tv.line, tv.on, tv.signal, tv.backlight_ok),
            (projector.listening, projector.lamp, projector.signal, projector.errors),
            (receiver.listening, receiver.on, receiver.locked),
        )

    broke, mended = T0 + 60_000, T0 + 360_000
    sick = lesson.with_fault(code, broke)
    assert code in sick.broken
    assert seen(sick, mended - 10_000) != seen(lesson, mended - 10_000)
    well = sick.without_fault(code, mended)
    assert seen(well, mended + 60_000) == seen(lesson, mended + 60_000)


def test_a_fault_twice_is_one_fault(lesson: Classroom) -> None:
    sick = lesson.with_fault("rain", T0 + 60_000)
    assert sick.with_fault("rain", T0 + 70_000) is sick


def test_mending_what_is_whole_changes_nothing(lesson: Classroom) -> None:
    assert lesson.without_fault("tv-off", T0 + 60_000) is lesson

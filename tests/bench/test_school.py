"""What is physically true in the school, on injected time."""

from typing import Any

import pytest

from bench.fault_book import FaultBook
from bench.kinds import display, projector, receiver
from bench.kinds.projector import Lamp
from bench.live import LiveSchool, Unit
from bench.school import School
from bench.settings import BenchSettings

T0 = 1_000_000
BREAKABLE = [
    *(f"tv-{code}" for code in ("dead", "off", "no-signal", "other-input", "backlight", "hot", "reboot")),
    *(
        f"projector-{code}"
        for code in ("dead", "off", "lamp", "lamp-worn", "fan", "hot", "cover", "filter", "no-signal")
    ),
    *(f"receiver-{code}" for code in ("dead", "standby", "no-lock")),
    "lnb-dead",
    "rain",
]


def unit(school: School, name: str, now: int) -> Unit[Any]:
    return Unit(LiveSchool(school, lambda: now), school.settings.device_called(f"p1-{name}"))


def tv(school: School, now: int) -> display.DisplayFacts:
    return display.facts(unit(school, "tv", now))


def beamer(school: School, now: int) -> projector.ProjectorFacts:
    return projector.facts(unit(school, "projector", now))


def box(school: School, now: int) -> receiver.ReceiverFacts:
    return receiver.facts(unit(school, "receiver", now))


@pytest.fixture
def dawn(settings: BenchSettings) -> School:
    return School.in_the_morning(settings, T0)


@pytest.fixture
def lesson(dawn: School) -> School:
    return dawn.advanced(T0 + 60_000)


def test_in_the_morning_everything_is_in_standby(dawn: School) -> None:
    assert not tv(dawn, T0).on
    assert beamer(dawn, T0).lamp is Lamp.STANDBY
    assert not box(dawn, T0).on
    assert dawn.powered("p1-receiver")


def test_the_teacher_switches_on_one_thing_after_the_other(dawn: School) -> None:
    def on_at(seconds: int) -> set[str]:
        school = dawn.advanced(T0 + seconds * 1000)
        return {key for key, power in school.powers.items() if power.on}

    assert on_at(14) == set()
    assert on_at(15) == {"p1-receiver"}
    assert on_at(18) == {"p1-receiver", "p1-tv"}
    assert on_at(21) == {"p1-receiver", "p1-tv", "p1-projector"}


def test_a_step_that_was_due_long_ago_counts_from_its_own_moment(dawn: School) -> None:
    assert dawn.advanced(T0 + 999_000).powers["p1-tv"].since == T0 + 18_000


def test_a_negative_time_means_that_nobody_switches_it_on(settings: BenchSettings) -> None:
    lazy = settings.model_copy(update={"morning": settings.morning.model_copy(update={"tv_on_after_s": -1.0})})
    school = School.in_the_morning(lazy, T0).advanced(T0 + 10**9)
    assert not school.powers["p1-tv"].on
    assert school.powers["p1-receiver"].on


def test_one_device_may_have_a_morning_of_its_own(settings: BenchSettings) -> None:
    early = tuple(device.model_copy(update={"on_after_s": 1.0}) for device in settings.device)
    school = School.in_the_morning(settings.model_copy(update={"device": early}), T0).advanced(T0 + 1000)
    assert all(power.on for power in school.powers.values())


def test_what_the_remote_keeps_off_is_not_switched_on_in_the_morning(dawn: School) -> None:
    school = dawn.with_fault("tv-off", T0 + 1).advanced(T0 + 60_000)
    assert not tv(school, T0 + 60_000).on


def test_the_tv_has_a_picture_only_while_the_receiver_runs(lesson: School) -> None:
    now = T0 + 60_000
    assert tv(lesson, now).signal
    assert not tv(lesson.switched("p1-receiver", False, now), now).signal
    assert not tv(lesson.with_fault("receiver-dead", now), now).signal


def test_a_room_without_a_receiver_has_its_picture_from_elsewhere(settings: BenchSettings) -> None:
    alone = settings.model_copy(update={"device": settings.device[:1]})
    assert tv(School.in_the_morning(alone, T0).advanced(T0 + 60_000), T0 + 60_000).signal


def test_a_receiver_without_lock_still_sends_a_picture(lesson: School) -> None:
    now = T0 + 60_000
    school = lesson.with_fault("receiver-no-lock", now)
    assert not box(school, now).locked
    assert tv(school, now).signal


def test_the_tv_gets_warm_and_its_hours_add_up(lesson: School) -> None:
    soon, late = tv(lesson, T0 + 60_000), tv(lesson, T0 + 60_000 + 3 * 3_600_000)
    assert late.temp_c > soon.temp_c > 31.0
    assert late.hours == soon.hours + 3


def test_the_projector_warms_up_and_cools_down(dawn: School) -> None:
    on = dawn.switched("p1-projector", True, T0)
    assert beamer(on, T0).lamp is Lamp.WARM_UP
    assert not beamer(on, T0).lamp_lit
    assert beamer(on, T0 + 20_000).lamp is Lamp.ON
    off = dawn.advanced(T0 + 60_000).switched("p1-projector", False, T0 + 60_000)
    assert beamer(off, T0 + 60_000).lamp is Lamp.COOLING
    assert beamer(off, T0 + 90_000).lamp is Lamp.STANDBY


def test_the_receiver_needs_some_seconds_to_lock(dawn: School) -> None:
    school = dawn.switched("p1-receiver", True, T0 + 10_000)
    assert not box(school, T0 + 13_999).locked
    assert box(school, T0 + 14_000).locked


def test_a_receiver_with_its_power_back_boots_and_locks_again(lesson: School) -> None:
    back = T0 + 90_000
    school = lesson.with_fault("receiver-dead", T0 + 60_000).without_fault("receiver-dead", back)
    assert school.powered("p1-receiver")
    assert box(school, back).uptime_s == 0
    assert not box(school, back).locked
    assert box(school, back + 4000).locked


def test_a_reboot_is_over_by_itself_and_leaves_all_as_it_was(lesson: School) -> None:
    began = T0 + 60_000
    school = lesson.with_fault("receiver-reboot", began)
    assert not school.advanced(began + 19_999).powered("p1-receiver")
    back = school.advanced(began + 20_000)
    assert back.broken == {}
    assert box(back, began + 20_000).on
    assert box(back, began + 20_000).uptime_s == 0


def test_clear_sky_is_near_its_figure(lesson: School) -> None:
    facts = box(lesson, T0 + 60_000)
    assert facts.locked
    assert facts.cnr_db == pytest.approx(13.4, abs=0.3)
    assert 70 <= facts.level_pct <= 85


def test_rain_sinks_the_signal_below_lock_and_passes_by_itself(lesson: School) -> None:
    began = T0 + 60_000
    wet = lesson.with_fault("rain", began)
    middle = box(wet, began + 290_000)
    assert not middle.locked
    assert 0 < middle.level_pct < 70
    drizzle = box(wet, began + 120_000)
    assert drizzle.locked
    assert drizzle.cnr_db < 12.5
    dry = wet.advanced(began + 600_000)
    assert dry.broken == {}
    assert box(dry, began + 600_000).cnr_db > 13.0


@pytest.mark.parametrize(
    ("code", "locked", "strength"), [("lnb-dead", False, False), ("receiver-no-lock", False, True)]
)
def test_a_dead_lnb_gives_no_strength_a_dead_tuner_does(
    lesson: School, code: str, locked: bool, strength: bool
) -> None:
    facts = box(lesson.with_fault(code, T0 + 60_000), T0 + 60_000)
    assert facts.on
    assert facts.locked is locked
    assert bool(facts.level_pct) is strength
    assert facts.cnr_db == 0.0


@pytest.mark.parametrize("code", ["tv-silent", "tv-garbage", "tv-slow", "tv-half"])
def test_a_fault_of_the_tvs_line_leaves_the_tv_on(lesson: School, code: str) -> None:
    school = lesson.with_fault(code, T0 + 60_000)
    assert school.ills("p1-tv") == (code.removeprefix("tv-"),)
    assert school.runs("p1-tv")


@pytest.mark.parametrize(("code", "source"), [("tv-no-signal", "hdmi1"), ("tv-other-input", "av")])
def test_a_tv_without_picture_is_on_and_says_so(lesson: School, code: str, source: str) -> None:
    facts = tv(lesson.with_fault(code, T0 + 60_000), T0 + 60_000)
    assert facts.on
    assert not facts.signal
    assert facts.input == source


def test_a_broken_backlight_is_reported(lesson: School) -> None:
    assert not tv(lesson.with_fault("tv-backlight", T0 + 60_000), T0 + 60_000).backlight_ok


def test_a_worn_lamp_has_outlived_its_hours_and_still_burns(lesson: School) -> None:
    facts = beamer(lesson.with_fault("projector-lamp-worn", T0 + 60_000), T0 + 60_000)
    assert facts.lamp_hours >= 5000
    assert facts.lamp_lit


def test_a_projector_without_power_is_not_there(lesson: School) -> None:
    assert not lesson.with_fault("projector-dead", T0 + 60_000).powered("p1-projector")


def test_a_projector_without_cable_has_no_picture(lesson: School) -> None:
    now = T0 + 60_000
    assert beamer(lesson, now).signal
    assert not beamer(lesson.with_fault("projector-no-signal", now), now).signal


@pytest.mark.parametrize("code", BREAKABLE)
def test_a_fault_changes_something_and_mending_it_restores_the_room(lesson: School, code: str) -> None:
    def seen(school: School, now: int) -> tuple[object, ...]:
        screen, lamp, sat = tv(school, now), beamer(school, now), box(school, now)
        return (
            [school.powered(key) for key in school.powers],
            (screen.on, screen.signal, screen.backlight_ok, screen.temp_ok),
            (lamp.lamp, lamp.signal, lamp.ills),
            (sat.on, sat.locked),
        )

    # A reboot is over after 20 s; rain takes some minutes to come down.
    broke = T0 + 60_000
    mended, looked = broke + 300_000, broke + (10_000 if code.endswith("reboot") else 290_000)
    sick = lesson.with_fault(code, broke)
    assert code in sick.broken
    assert seen(sick, looked) != seen(lesson, looked)
    well = sick.without_fault(code, mended)
    assert seen(well, mended + 60_000) == seen(lesson, mended + 60_000)


def test_a_fault_twice_is_one_fault(lesson: School) -> None:
    sick = lesson.with_fault("rain", T0 + 60_000)
    assert sick.with_fault("rain", T0 + 70_000) is sick


def test_mending_what_is_whole_changes_nothing(lesson: School) -> None:
    assert lesson.without_fault("tv-off", T0 + 60_000) is lesson


def test_a_note_is_kept_for_its_device_alone(lesson: School) -> None:
    school = lesson.noted("p1-tv", "sensor", "2").noted("p1-tv", "input", "hdmi2")
    assert school.notes == {"p1-tv": {"sensor": "2", "input": "hdmi2"}}


def test_the_book_is_that_of_the_settings(lesson: School, settings: BenchSettings) -> None:
    assert lesson.book.faults.keys() == FaultBook(settings).faults.keys()

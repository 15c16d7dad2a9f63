"""The habit of a room: on which days of class a set came, and on which it was wanted and did not."""

import pytest

from hub.detection.calendar import Calendar
from hub.detection.daily import BOX, RESTLESS, SCREEN, Daily, Sight, Waiter, pause_often
from hub.detection.settings import CalendarSettings

TIME = Calendar(CalendarSettings())
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
BELL = 1_780_882_200_000
"""Monday, 8 June 2026, 08:30 in Bangkok: the first bell."""
CLASS_DAYS = (0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18)


def _day(daily: Daily, day: int, *, work: bool = False, wanted: bool = False, others: bool = True) -> None:
    """From the first bell on for six hours it is so; then it is off, and nobody wants it."""
    start = BELL + day * DAY
    daily.note(Sight(start, work, wanted, others, seen=True), TIME)
    daily.note(Sight(start + 6 * HOUR, work=False, wanted=False, others=others, seen=True), TIME)
    daily.note(Sight(start + 8 * HOUR, work=False, wanted=False, others=False, seen=True), TIME)


def _used(days: int) -> Daily:
    daily = Daily()
    for day in CLASS_DAYS[:days]:
        _day(daily, day, work=True, wanted=True)
    return daily


def test_each_day_missed_speaks_more_for_a_fault() -> None:
    daily = _used(8)
    told = []
    for day in CLASS_DAYS[8:12]:
        _day(daily, day, wanted=True)
        told.append(daily.odds(BOX)[:2])
    assert [days for _, days in told] == [1, 2, 3, 4]
    assert [round(odds, 1) for odds, _ in told] == [2.3, 4.6, 6.9, 9.2]
    assert daily.odds(BOX)[2] == 24 * HOUR


def test_the_less_a_room_was_used_the_less_a_day_says() -> None:
    daily = Daily()
    for n, day in enumerate(CLASS_DAYS[:10]):
        _day(daily, day, work=n % 2 == 0, wanted=n % 2 == 0)
    _day(daily, CLASS_DAYS[10], wanted=True)
    odds, days, _ = daily.odds(BOX)
    assert days == 1
    assert odds == pytest.approx(0.7, abs=0.1)


@pytest.mark.parametrize(("wanted", "others"), [(False, True), (True, False)])
def test_a_day_on_which_nobody_wants_it_or_any_other_room_says_nothing(wanted: bool, others: bool) -> None:
    daily = _used(5)
    for day in CLASS_DAYS[5:10]:
        _day(daily, day, wanted=wanted, others=others)
    assert daily.odds(BOX)[1] == 0


def test_a_set_that_came_again_must_be_missed_for_more_than_twice_as_long() -> None:
    daily = _used(5)
    for day in CLASS_DAYS[5:7]:
        _day(daily, day, wanted=True)
    _day(daily, CLASS_DAYS[7], work=True, wanted=True)
    assert daily.odds(BOX)[1] == 0
    for day in CLASS_DAYS[8:12]:
        _day(daily, day, wanted=True)
    assert daily.odds(BOX)[:2] == (0.0, 4)
    _day(daily, CLASS_DAYS[12], wanted=True)
    assert daily.odds(BOX)[0] > 0


def test_what_nobody_could_see_is_no_day() -> None:
    daily = _used(5)
    daily.note(Sight(BELL + 7 * DAY, work=False, wanted=True, others=True, seen=False), TIME)
    daily.note(Sight(BELL + 7 * DAY + 5 * HOUR, work=False, wanted=True, others=True, seen=False), TIME)
    assert daily.odds(BOX)[1] == 0


def test_a_box_that_is_on_in_all_class_for_days_is_steady() -> None:
    daily = Daily()
    for day in CLASS_DAYS[:3]:
        assert not daily.steady
        daily.note(Sight(BELL + day * DAY - HOUR, work=True, wanted=False, others=True, seen=True), TIME)
        daily.note(Sight(BELL + day * DAY + 8 * HOUR, work=False, wanted=False, others=True, seen=True), TIME)
    assert daily.steady
    _day(daily, CLASS_DAYS[3])
    _day(daily, CLASS_DAYS[4], work=True)
    assert not daily.steady


@pytest.mark.parametrize(("minutes", "seen", "midst"), [(120, True, True), (390, True, False), (120, False, False)])
def test_it_falls_before_everybody_s_eyes_only_in_the_midst_of_class(minutes: int, seen: bool, midst: bool) -> None:
    daily = Daily()
    daily.note(Sight(BELL, work=True, wanted=False, others=True, seen=True), TIME)
    if not seen:
        daily.note(Sight(BELL + HOUR, work=False, wanted=False, others=True, seen=False), TIME)
    daily.note(Sight(BELL + minutes * MINUTE, work=False, wanted=False, others=True, seen=True), TIME)
    assert daily.fell_in_class is midst


def test_a_habit_of_a_few_days_is_none() -> None:
    daily = _used(2)
    for day in CLASS_DAYS[2:7]:
        _day(daily, day, wanted=True)
    assert daily.odds(BOX)[:2] == (0.0, 5)


def test_a_set_that_is_used_for_one_lesson_a_day_may_be_left_off_by_chance() -> None:
    daily = Daily()
    for day in CLASS_DAYS[:8]:
        start = BELL + day * DAY
        for t, work in ((start, True), (start + HOUR, False), (start + 8 * HOUR, False)):
            daily.note(Sight(t, work, wanted=False, others=True, seen=True), TIME)
    _day(daily, CLASS_DAYS[8], wanted=True)
    # One day in three passes without, by chance, and now and then the teacher is away.
    assert daily.odds(BOX)[0] == pytest.approx(1.09, abs=0.01)


@pytest.mark.parametrize(("waiter", "minutes", "missed"), [(SCREEN, 60, 1), (BOX, 60, 0), (BOX, 290, 0), (BOX, 365, 1)])
def test_a_day_counts_before_it_is_over_when_it_was_waited_for_long_enough(
    waiter: Waiter, minutes: int, missed: int
) -> None:
    daily = _used(8)
    start = BELL + CLASS_DAYS[8] * DAY
    for t in (start, start + minutes * MINUTE):
        daily.note(Sight(t, work=False, wanted=True, others=True, seen=True), TIME)
    assert daily.odds(waiter)[1] == missed


def _until(daily: Daily, day: int, minutes: int) -> None:
    """It is at work from the first bell on for so long."""
    start = BELL + day * DAY
    for t, work in ((start, True), (start + minutes * MINUTE, False), (start + 8 * HOUR, False)):
        daily.note(Sight(t, work, wanted=True, others=True, seen=True), TIME)


@pytest.mark.parametrize(
    ("usual", "last", "says"), [(400, 400, -0.6), (400, 120, 2.2), (150, 150, -0.6), (150, 40, 2.2)]
)
def test_the_hour_at_which_it_fell_says_more_the_earlier_it_is_than_on_other_days(
    usual: int, last: int, says: float
) -> None:
    daily = Daily()
    for day in CLASS_DAYS[:8]:
        _until(daily, day, usual)
    _until(daily, CLASS_DAYS[8], last)
    _day(daily, CLASS_DAYS[9], wanted=True)
    assert daily.fall == pytest.approx(says, abs=0.1)
    assert daily.fell_at_work is (last < usual)


def test_a_room_whose_lessons_end_at_any_hour_says_nothing_by_the_hour_of_the_last() -> None:
    daily = Daily()
    for day, minutes in zip(CLASS_DAYS, (60, 400, 120, 180, 400, 60, 240, 120), strict=False):
        _until(daily, day, minutes)
    assert abs(daily.fall) < 1


def _paused(days: int) -> Daily:
    daily = _used(5)
    for day in CLASS_DAYS[5 : 5 + days]:
        _day(daily, day)
    _day(daily, CLASS_DAYS[5 + days], work=True)
    _day(daily, CLASS_DAYS[6 + days], work=True)
    return daily


TODAY = BELL // DAY + 30


@pytest.mark.parametrize(("days", "often"), [(3, True), (4, True), (8, True), (9, False)])
def test_rooms_that_were_unused_for_days_and_then_used_again_may_be_so_for_twice_as_long(
    days: int, often: bool
) -> None:
    assert pause_often([_paused(4), _used(9), _paused(5), _used(9)], days, TODAY) is often


@pytest.mark.parametrize(("wanted", "often"), [(False, True), (True, False)])
def test_a_pause_that_runs_tells_too_where_nothing_waits_for_the_set(wanted: bool, often: bool) -> None:
    running = [_used(5), _used(6)]
    for daily in running:
        for day in CLASS_DAYS[6:10]:
            _day(daily, day, wanted=wanted)
    assert pause_often(running, 5, TODAY) is often


def test_two_rooms_of_very_many_tell_of_nothing_usual() -> None:
    assert not pause_often([_paused(4), _paused(4), *(_used(9) for _ in range(120))], 4, TODAY)


def test_a_pause_that_somebody_mended_or_of_long_ago_is_none() -> None:
    mended = _used(5)
    for day in CLASS_DAYS[5:9]:
        _day(mended, day, wanted=True)
    mended.is_mended()
    _day(mended, CLASS_DAYS[9], work=True)
    _day(mended, CLASS_DAYS[10], work=True)
    assert mended.pause == 0
    assert not pause_often([_paused(4), _paused(4)], 4, TODAY + 60)


@pytest.mark.parametrize(("dark", "others"), [(True, True), (False, False)])
def test_a_room_that_had_nothing_to_show_or_a_school_that_is_closed_makes_no_pause(dark: bool, others: bool) -> None:
    daily = _used(5)
    for day in CLASS_DAYS[5:9]:
        start = BELL + day * DAY
        daily.note(Sight(start, work=False, wanted=False, others=others, seen=True, dark=dark), TIME)
        daily.note(Sight(start + 8 * HOUR, work=False, wanted=False, others=False, seen=True), TIME)
    _day(daily, CLASS_DAYS[9], work=True)
    _day(daily, CLASS_DAYS[10], work=True)
    assert daily.pause == 0


@pytest.mark.parametrize(("known", "says"), [(4, False), (5, True)])
def test_beside_a_box_that_is_never_off_a_habit_is_known_after_a_week(known: int, says: bool) -> None:
    daily = _used(known)
    for day in CLASS_DAYS[known : known + 4]:
        _day(daily, day, wanted=True)
    assert (daily.odds(RESTLESS)[0] > 0) is says

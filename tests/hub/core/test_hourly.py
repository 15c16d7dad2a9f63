"""What an hour of a metric comes to."""

from hub.core.hourly import HOLDS_MS, HOUR_MS, Hourly, amended, hours_of, merged, moment_of

MINUTE = 60_000


def test_a_mean_is_weighed_by_how_long_each_value_held() -> None:
    told = [(0, 10.0), (10 * MINUTE, 20.0), (15 * MINUTE, None)]
    assert hours_of(told, {0}) == {0: Hourly(2, 15 * MINUTE, 10.0, 20.0, (10 * 10 + 20 * 5) / 15, 20.0)}


def test_yes_and_no_give_the_share_of_the_known_time() -> None:
    told = [(0, 1.0), (6 * MINUTE, 0.0), (8 * MINUTE, None)]
    assert hours_of(told, {0})[0].mean == 0.75


def test_a_value_holds_no_longer_than_two_heartbeats() -> None:
    assert hours_of([(0, 5.0)], {0})[0].held_ms == HOLDS_MS


def test_a_value_of_the_hour_before_holds_on_but_makes_no_hour() -> None:
    late = HOUR_MS - 5 * MINUTE
    assert list(hours_of([(late, 5.0)], {0, 1})) == [0]
    hour = hours_of([(late, 5.0), (HOUR_MS + 2 * MINUTE, 9.0)], {0, 1})[1]
    assert (hour.times, hour.low, hour.high, hour.last) == (1, 5.0, 9.0, 9.0)
    assert hour.held_ms == 2 * MINUTE + HOLDS_MS


def test_of_two_values_of_one_moment_the_later_told_holds() -> None:
    hour = hours_of([(0, 1.0), (0, 3.0), (MINUTE, None)], {0})[0]
    assert (hour.times, hour.mean, hour.low) == (2, 3.0, 1.0)


def test_a_value_that_was_taken_back_at_once_is_its_own_mean() -> None:
    assert hours_of([(0, 4.0), (0, None)], {0})[0] == Hourly(1, 0, 4.0, 4.0, 4.0, 4.0)


def test_nothing_holds_beyond_the_end_that_is_named() -> None:
    assert hours_of([(0, 4.0)], {0}, until=MINUTE)[0].held_ms == MINUTE


def test_hours_together_are_weighed_by_the_time_that_was_known() -> None:
    one, two = Hourly(4, 30 * MINUTE, 1.0, 3.0, 2.0, 3.0), Hourly(2, 10 * MINUTE, 0.0, 8.0, 6.0, 8.0)
    assert merged([one, two]) == Hourly(6, 40 * MINUTE, 0.0, 8.0, 3.0, 8.0)
    assert merged([]) is None


def test_a_value_that_was_told_again_long_after_counts_when_it_was_told() -> None:
    assert moment_of(HOUR_MS - MINUTE, HOUR_MS) == HOUR_MS - MINUTE
    assert moment_of(0, HOUR_MS) == HOUR_MS
    assert moment_of(None, HOUR_MS) == HOUR_MS


def test_what_is_told_late_is_added_to_an_hour_that_cannot_be_worked_out_anew() -> None:
    kept = Hourly(4, 40 * MINUTE, 10.0, 20.0, 15.0, 20.0)
    late = Hourly(1, 10 * MINUTE, 30.0, 30.0, 30.0, 30.0)
    assert amended(kept, None, late) == Hourly(5, 50 * MINUTE, 10.0, 30.0, 18.0, 20.0)
    assert amended(None, None, late) == late
    assert amended(kept, None, None) == kept


def test_an_hour_whose_reports_are_all_there_becomes_what_they_come_to() -> None:
    before = Hourly(2, 20 * MINUTE, 10.0, 20.0, 15.0, 20.0)
    after = Hourly(3, 25 * MINUTE, 10.0, 30.0, 18.0, 30.0)
    assert amended(before, before, after) == after


def test_an_hour_is_known_for_an_hour_at_most() -> None:
    kept = Hourly(12, HOUR_MS, 10.0, 10.0, 10.0, 10.0)
    found = amended(kept, None, Hourly(1, 11 * MINUTE, 9.0, 9.0, 9.0, 9.0))
    assert found is not None
    assert (found.times, found.held_ms, found.low, found.last) == (13, HOUR_MS, 9.0, 10.0)
    assert 9.0 < found.mean < 10.0

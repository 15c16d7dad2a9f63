"""Replays are asked for what does not come by itself."""

from hub.ingestion.ranges import NOTHING, Ranges
from hub.ingestion.replays import ReplayPace


def holes(*spans: tuple[int, int]) -> Ranges:
    return Ranges.of(spans)


def test_a_new_hole_gets_its_grace() -> None:
    pace = ReplayPace(20_000)
    assert pace.due(holes((5, 9)), 0) is None
    assert pace.due(holes((5, 9)), 19_999) is None
    assert pace.due(holes((5, 9)), 20_000) == (5, 9)


def test_a_hole_that_shrinks_is_left_alone() -> None:
    pace = ReplayPace(20_000)
    assert [pace.due(holes((5 + second, 900)), second * 1000) for second in range(300)] == [None] * 300


def test_a_hole_that_grows_is_no_reason_to_wait_on() -> None:
    pace = ReplayPace(20_000)
    pace.due(holes((5, 9)), 0)
    assert pace.due(holes((5, 9), (500, 510)), 20_000) == (5, 9)


def test_the_next_hole_is_asked_for_as_soon_as_the_last_is_filled() -> None:
    pace = ReplayPace(20_000)
    pace.due(holes((5, 9), (500, 510)), 0)
    pace.due(holes((5, 9), (500, 510)), 20_000)
    assert pace.due(holes((500, 510)), 20_100) == (500, 510)


def test_holes_close_to_each_other_are_asked_for_in_one_go() -> None:
    pace = ReplayPace(0)
    assert pace.due(holes((5, 9), (12, 14), (100, 110)), 0) == (5, 14)


def test_a_wide_hole_is_asked_for_in_parts() -> None:
    assert ReplayPace(0).due(holes((1, 1_000_000)), 0) == (1, 10_000)


def test_unanswered_requests_become_rare_and_make_a_birth_wanted() -> None:
    pace = ReplayPace(10_000)
    missing = holes((5, 9))
    asked = [second for second in range(3600) if pace.due(missing, second * 1000) is not None]
    assert asked[:4] == [10, 20, 40, 80]
    assert asked[-1] - asked[-2] <= 600


def test_the_third_request_in_vain_makes_a_birth_wanted() -> None:
    pace = ReplayPace(10_000)
    wishes = []
    for second in range(60):
        if pace.due(holes((5, 9)), second * 1000) is not None:
            wishes.append(pace.wants_birth)
    assert wishes == [False, False, True]


def test_when_nothing_is_missing_nothing_is_asked() -> None:
    pace = ReplayPace(0)
    pace.due(holes((1, 3)), 0)
    assert pace.due(NOTHING, 1) is None
    assert not pace.wants_birth


def test_a_clock_that_was_set_back_does_not_silence_the_hub() -> None:
    pace = ReplayPace(10_000)
    pace.due(holes((5, 9)), 100_000_000)
    assert pace.due(holes((5, 9)), 50_000_000) == (5, 9)


def asked_in_vain(pace: ReplayPace, until_s: int) -> list[int]:
    return [second for second in range(until_s) if pace.due(holes((5, 9)), second * 1000) is not None]


def test_who_comes_back_is_asked_at_once_however_long_it_was_asked_in_vain() -> None:
    pace = ReplayPace(10_000)
    asked_in_vain(pace, 3600)
    pace.reached(7, 3_600_000)
    assert pace.due(holes((5, 9)), 3_609_999) is None
    assert pace.due(holes((5, 9)), 3_610_000) == (5, 9)


def test_a_birth_in_the_same_connection_lets_patience_grow_on() -> None:
    pace = ReplayPace(10_000)
    pace.reached(7, 0)
    asked_in_vain(pace, 3600)
    pace.reached(7, 3_600_000)
    assert pace.due(holes((5, 9)), 3_610_000) is None

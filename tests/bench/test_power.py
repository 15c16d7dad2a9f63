from bench.power import MS_PER_HOUR, Power


def test_hours_count_only_while_it_is_on() -> None:
    power = Power(False, 0).switched(True, 1000).switched(False, 1000 + 2 * MS_PER_HOUR)
    assert power.on_hours(99 * MS_PER_HOUR) == 2


def test_it_warms_up_towards_one_and_cools_towards_nothing() -> None:
    on = Power(False, 0).switched(True, 0)
    assert on.warmth(0) == 0.0
    assert 0.5 < on.warmth(240_000) < on.warmth(3_600_000) <= 1.0
    off = on.switched(False, 3_600_000)
    assert off.warmth(3_600_000) > 0.99
    assert off.warmth(7_200_000) < 0.01


def test_switching_on_what_is_on_changes_nothing() -> None:
    on = Power(True, 5)
    assert on.switched(True, 900) is on

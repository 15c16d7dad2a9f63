from provisioning.core.renewal import Validity

LIFE = Validity(1_000, 91_000)


def test_a_certificate_is_renewed_after_two_thirds_of_its_life() -> None:
    assert [LIFE.is_due(now) for now in (1_000, 60_999, 61_000, 200_000)] == [False, False, True, True]


def test_a_clock_that_stands_before_the_certificate_is_no_reason() -> None:
    assert not LIFE.is_due(0)


def test_it_is_over_when_it_has_ended() -> None:
    assert [LIFE.is_over(now) for now in (91_000, 91_001)] == [False, True]

"""How the benchmark of the viewers counts what it saw."""

from benchmarks.viewers import Seen


def test_a_change_is_seen_with_the_first_answer_that_was_asked_for_after_it() -> None:
    seen = Seen(asked=[(1, 0.5, 0.1), (1, 2.0, 0.5), (1, 4.0, 0.5), (2, 1.5, 3.0)], changed=[1.0])
    assert sorted(seen.delays()) == [1.5, 3.5]


def test_a_change_that_nobody_asked_after_has_no_delay() -> None:
    assert Seen(asked=[(1, 0.0, 0.1)], changed=[1.0]).delays() == []

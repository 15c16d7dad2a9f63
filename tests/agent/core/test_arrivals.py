from agent.core.arrivals import Arrivals

A, B = {"/by-id/a": "/dev/ttyUSB0"}, {"/by-id/b": "/dev/ttyUSB1"}


def test_what_is_there_at_the_start_and_not_configured_is_new() -> None:
    assert Arrivals().take(A | B, {"/dev/ttyUSB1"}) == ["/by-id/a"]


def test_a_line_is_new_once() -> None:
    arrivals = Arrivals()
    assert [arrivals.take(A, ()), arrivals.take(A | B, ()), arrivals.take(A | B, ())] == [
        ["/by-id/a"],
        ["/by-id/b"],
        [],
    ]


def test_a_line_that_was_unplugged_meanwhile_is_new_again() -> None:
    arrivals = Arrivals()
    assert [arrivals.take(each, ()) for each in (A, {}, A)] == [["/by-id/a"], [], ["/by-id/a"]]


def test_a_configured_line_that_comes_later_is_left_alone_under_any_name() -> None:
    arrivals = Arrivals()
    arrivals.take({}, {"/dev/ttyUSB0"})
    assert arrivals.take(A, {"/dev/ttyUSB0"}) == []

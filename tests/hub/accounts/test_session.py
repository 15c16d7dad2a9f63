"""How long a session lives: as long as somebody is there, and no longer than is set."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.accounts.session import Session
from hub.accounts.settings import SessionSettings

HOUR = 3_600_000
TOUCH = 5 * 60_000
SETTINGS = SessionSettings(idle_h=12, longest_days=7)
OPENED = Session("", 1, 0, 0, "192.0.2.7", "")
PAUSES = st.lists(st.integers(0, 20 * HOUR), max_size=40)


def lived(pauses: list[int]) -> tuple[list[bool], list[int]]:
    """Whether it was alive at each request, and when that was."""
    session, now, alive, times = OPENED, 0, [], []
    for pause in pauses:
        now += pause
        times.append(now)
        alive.append(session.is_alive(now, SETTINGS))
        if alive[-1] and session.is_to_be_touched(now, SETTINGS):
            session = replace(session, seen_at=now)
    return alive, times


@given(PAUSES)
def test_what_has_ended_stays_so(pauses: list[int]) -> None:
    alive, _ = lived(pauses)
    assert alive == sorted(alive, reverse=True)


@given(PAUSES)
def test_a_session_lives_as_long_as_no_pause_is_too_long(pauses: list[int]) -> None:
    alive, times = lived(pauses)
    for index, now in enumerate(times):
        must_live = now < 7 * 24 * HOUR and all(pause < 12 * HOUR - TOUCH for pause in pauses[: index + 1])
        must_have_ended = now >= 7 * 24 * HOUR or any(pause >= 12 * HOUR for pause in pauses[: index + 1])
        assert alive[index] or not must_live
        assert not (alive[index] and must_have_ended)


def test_that_somebody_is_there_is_not_written_at_each_request() -> None:
    assert not OPENED.is_to_be_touched(TOUCH - 1, SETTINGS)
    assert OPENED.is_to_be_touched(TOUCH, SETTINGS)


def test_who_signed_out_is_out() -> None:
    assert not replace(OPENED, ended_at=1).is_alive(0, SETTINGS)
    assert OPENED.ends_at(SETTINGS) == 12 * HOUR

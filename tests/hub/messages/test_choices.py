"""When somebody is told: their own word, quiet hours, the digest."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.messages.choices import USUAL, Choice, Due, Quiet, When, chosen, due
from hub.messages.kinds import Kind, kind_of

ZONE = ZoneInfo("Asia/Bangkok")
DAY_MS = 86_400_000
MOMENTS = st.integers(1_700_000_000_000, 1_900_000_000_000)
MINUTES = st.integers(0, 1439)


def at(clock: str, day: int = 20) -> int:
    return round(datetime.fromisoformat(f"2026-11-{day:02}T{clock}+07:00").timestamp() * 1000)


NIGHT = Choice(quiet=Quiet(21 * 60, 6 * 60), digest_at=7 * 60)


@pytest.mark.parametrize(
    ("when", "known", "told"),
    [
        (When.NOW, at("13:45"), Due(at("13:45"))),
        (When.NOW, at("22:10"), Due(at("06:00", 21))),
        (When.NOW, at("05:59"), Due(at("06:00"))),
        (When.NOW, at("06:00"), Due(at("06:00"))),
        (When.ALWAYS, at("22:10"), Due(at("22:10"))),
        (When.DIGEST, at("13:45"), Due(at("07:00", 21), digest=True)),
        (When.DIGEST, at("07:00"), Due(at("07:00"), digest=True)),
        (When.NEVER, at("13:45"), None),
    ],
)
def test_the_moment_follows_from_what_was_chosen(when: When, known: int, told: Due | None) -> None:
    assert due(when, NIGHT, known, ZONE) == told


@given(MOMENTS, MINUTES, MINUTES)
def test_nobody_is_told_at_once_in_quiet_hours_and_nothing_waits_for_longer_than_a_day(
    known: int, start: int, end: int
) -> None:
    planned = due(When.NOW, Choice(quiet=Quiet(start, end)), known, ZONE)
    assert planned is not None
    local = datetime.fromtimestamp(planned.at / 1000, ZONE)
    assert not Quiet(start, end).holds(local.hour * 60 + local.minute)
    assert known <= planned.at <= known + DAY_MS


@given(MOMENTS, MINUTES)
def test_a_digest_comes_at_its_minute_within_a_day(known: int, minute: int) -> None:
    planned = due(When.DIGEST, Choice(digest_at=minute), known, ZONE)
    assert planned is not None
    local = datetime.fromtimestamp(planned.at / 1000, ZONE)
    assert (local.hour * 60 + local.minute, local.second) == (minute, 0)
    assert timedelta(0) <= timedelta(milliseconds=planned.at - known) <= timedelta(days=1)


@given(st.sampled_from(Kind), st.sampled_from(When), st.lists(st.sampled_from(When)))
def test_ones_own_word_stands_over_that_of_the_roles(kind: Kind, own: When, roles: list[When]) -> None:
    said = [Choice(times={kind: each}) for each in roles]
    assert chosen(Choice(times={kind: own}), said, kind) is own
    assert chosen(Choice(), said, kind) is (min(roles, key=list(When).index) if roles else USUAL[kind])


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("request.moved", Kind.REQUESTS),
        ("request.overdue", Kind.LIMITS),
        ("incident.begun", Kind.INCIDENTS),
        ("stock.low", Kind.SUPPLY),
        ("something.new", Kind.OTHER),
    ],
)
def test_a_code_says_its_kind(code: str, kind: Kind) -> None:
    assert kind_of(code) is kind

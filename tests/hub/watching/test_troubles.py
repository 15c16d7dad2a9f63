"""What is wrong with the hub, from a few signs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.watching.settings import WatchSettings
from hub.watching.signs import Signs
from hub.watching.troubles import AT_ONCE, Trouble, troubles

MINUTE, HOUR = 60_000, 3_600_000
NOW = 1_795_157_100_000
SETTINGS = WatchSettings()
WELL = Signs(
    now=NOW,
    started_at=NOW - 5 * HOUR,
    stepped_at=NOW - 200,
    connected_at=NOW - 5 * HOUR,
    parted_at=None,
    heard_at=NOW - 1000,
    idle_at=NOW - 300,
    online=180,
    disk_free=0.6,
    chores={"hours": NOW - 4000, "packing": NOW - MINUTE},
    unsent_at=None,
    judged_at=NOW - 1500,
)
ILL = {
    Trouble.INGEST_STOPPED: replace(WELL, stepped_at=NOW - 4 * MINUTE),
    Trouble.BROKER_AWAY: replace(WELL, connected_at=None, parted_at=NOW - 4 * MINUTE),
    Trouble.NOTHING_HEARD: replace(WELL, heard_at=NOW - 16 * MINUTE),
    Trouble.FALLING_BEHIND: replace(WELL, idle_at=NOW - 6 * MINUTE),
    Trouble.JUDGING_STOPPED: replace(WELL, judged_at=NOW - 4 * MINUTE),
    Trouble.CHORE_FAILING: replace(WELL, chores={"hours": NOW, "packing": NOW - 61 * MINUTE}),
    Trouble.MESSAGES_STUCK: replace(WELL, unsent_at=NOW - 61 * MINUTE),
    Trouble.DISK_LOW: replace(WELL, disk_free=0.04),
}


def test_a_hub_that_is_well_has_no_trouble() -> None:
    assert troubles(WELL, SETTINGS) == {}


def test_each_trouble_can_be_told_from_the_others() -> None:
    assert set(ILL) == set(Trouble)
    assert {trouble: set(troubles(signs, SETTINGS)) for trouble, signs in ILL.items()} == {
        each: {each} for each in Trouble
    }


@pytest.mark.parametrize("trouble", sorted(set(Trouble) - AT_ONCE))
def test_a_restart_raises_no_alarm(trouble: Trouble) -> None:
    assert troubles(replace(ILL[trouble], started_at=NOW - 9 * MINUTE), SETTINGS) == {}


def test_a_full_disk_waits_for_nobody() -> None:
    assert set(troubles(replace(ILL[Trouble.DISK_LOW], started_at=NOW), SETTINGS)) == {Trouble.DISK_LOW}


def test_at_night_when_all_computers_are_off_silence_is_no_trouble() -> None:
    assert troubles(replace(WELL, online=0, heard_at=NOW - 10 * HOUR), SETTINGS) == {}


def test_who_has_not_been_heard_since_the_start_is_unknown_and_not_silent() -> None:
    started = replace(WELL, started_at=NOW - 14 * MINUTE, heard_at=None, connected_at=NOW - 14 * MINUTE)
    assert troubles(started, SETTINGS) == {}
    assert set(troubles(replace(started, now=NOW + MINUTE), SETTINGS)) == {Trouble.NOTHING_HEARD}


def test_after_the_broker_came_back_silence_counts_anew() -> None:
    assert troubles(replace(WELL, heard_at=NOW - HOUR, connected_at=NOW - 10 * MINUTE), SETTINGS) == {}


def test_a_broker_that_is_away_explains_the_silence() -> None:
    away = replace(WELL, connected_at=None, parted_at=NOW - HOUR, heard_at=NOW - HOUR)
    assert set(troubles(away, SETTINGS)) == {Trouble.BROKER_AWAY}


def test_it_is_told_since_when() -> None:
    assert troubles(ILL[Trouble.INGEST_STOPPED], SETTINGS) == {Trouble.INGEST_STOPPED: NOW - 4 * MINUTE}


@given(st.integers(0, 48 * 60), st.integers(0, 48 * 60))
def test_what_lasts_is_not_over_before_it_ends(early: int, later: int) -> None:
    """Once told, a trouble whose cause goes on stands for ever after."""
    stuck = replace(WELL, stepped_at=NOW)
    first, last = sorted((early, later))
    found = [set(troubles(replace(stuck, now=NOW + minutes * MINUTE), SETTINGS)) for minutes in (first, last)]
    assert found[0] & {Trouble.INGEST_STOPPED} <= found[1]

"""Whether a node is there, by its own session."""

from hub.detection.presence import Presence
from hub.detection.thresholds import PresenceSettings

SETTINGS = PresenceSettings()
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
T = 20_000 * DAY


def _heard(every: int, count: int) -> Presence:
    presence = Presence()
    for n in range(count):
        presence.hear(T + n * every)
    return presence


def test_it_is_away_from_its_death_to_its_birth() -> None:
    presence = Presence()
    presence.leave(T)
    presence.leave(T + HOUR)
    assert presence.away_since == T
    presence.come_back(T + 2 * HOUR, "school_power_outage")
    assert not presence.away
    assert presence.past == [(T, T + 2 * HOUR, "school_power_outage")]


def test_what_is_told_late_does_not_move_it_back() -> None:
    presence = _heard(MINUTE, 3)
    presence.hear(T - HOUR)
    assert presence.heard_at == T + 2 * MINUTE


def test_who_speaks_often_is_missed_sooner() -> None:
    often, seldom = _heard(5 * MINUTE, 2000), _heard(6 * HOUR, 2000)
    assert often.quiet_ms(SETTINGS) < HOUR
    assert seldom.quiet_ms(SETTINGS) > 12 * HOUR


def test_one_that_is_hardly_known_is_not_missed_soon() -> None:
    assert _heard(MINUTE, 2).quiet_ms(SETTINGS) > DAY


def test_one_long_pause_fades() -> None:
    presence = _heard(5 * MINUTE, 2000)
    presence.hear(T + 2000 * 5 * MINUTE + 10 * HOUR)
    assert presence.quiet_ms(SETTINGS) > 24 * HOUR
    for n in range(2000):
        presence.hear(T + 2000 * 5 * MINUTE + 10 * HOUR + n * 5 * MINUTE)
    assert presence.quiet_ms(SETTINGS) < 2 * HOUR


def test_to_go_at_the_same_hour_on_most_days_is_usual() -> None:
    presence = Presence()
    for day in range(4):
        presence.leave(T + day * DAY + 16 * HOUR + day * 10 * MINUTE)
        presence.come_back(T + (day + 1) * DAY + 7 * HOUR, "")
    assert presence.is_usual(T + 4 * DAY + 16 * HOUR, SETTINGS)
    assert not presence.is_usual(T + 4 * DAY + 10 * HOUR, SETTINGS)


def test_once_or_twice_is_no_habit_and_neither_is_twice_on_one_day() -> None:
    presence = Presence()
    for start in (T + 16 * HOUR, T + 16 * HOUR + 20 * MINUTE, T + 16 * HOUR + 40 * MINUTE, T + DAY + 16 * HOUR):
        presence.leave(start)
        presence.come_back(start + 10 * MINUTE, "")
    assert not presence.is_usual(T + 2 * DAY + 16 * HOUR, SETTINGS)


def test_a_habit_around_midnight_is_one_too() -> None:
    presence = Presence()
    for day, minutes in enumerate((-20, 15, -5)):
        presence.leave(T + day * DAY + minutes * MINUTE)
        presence.come_back(T + day * DAY + 6 * HOUR, "")
    assert presence.is_usual(T + 3 * DAY, SETTINGS)


def test_what_was_long_ago_is_forgotten() -> None:
    presence = Presence()
    for day in range(200):
        presence.leave(T + day * DAY)
        presence.come_back(T + day * DAY + HOUR, "")
    assert len(presence.past) <= 50


def test_an_absence_is_no_pause() -> None:
    presence = _heard(5 * MINUTE, 2000)
    usual = presence.quiet_ms(SETTINGS)
    last = T + 1999 * 5 * MINUTE
    presence.leave(last + MINUTE)
    presence.come_back(last + 15 * HOUR, "")
    presence.hear(last + 15 * HOUR)
    assert presence.quiet_ms(SETTINGS) == usual

"""The ledger of a school's lesson time."""

from copy import deepcopy
from datetime import datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.findings import RoomDay
from hub.detection.calendar import Calendar
from hub.detection.rooms import Ledger, Loss
from hub.detection.settings import CalendarSettings, Maintenance

TIME = Calendar(CalendarSettings())
MINUTE, DAY = 60_000, 86_400_000
BELL = 1_780_882_200_000
"""Monday, 8 June 2026, 08:30 in Bangkok: the first bell."""


def _at(minutes: int, day: int = 0) -> int:
    """So many minutes after the first bell."""
    return BELL + day * DAY + minutes * MINUTE


def _tell(ledger: Ledger, t: int, *, running: bool = True) -> dict[tuple[str, str], RoomDay]:
    return {(each.room, each.date): each for each in ledger.tell("cpm3", "36030001", TIME, t, running=running)}


def test_a_loss_is_told_for_its_room_and_day() -> None:
    ledger = Ledger()
    ledger.lose("tv", Loss(["p1"], "tv_failed", _at(30), _at(90)), TIME, _at(90))
    assert _tell(ledger, _at(90))["p1", "2026-06-08"].lost == {"tv_failed": 60}
    assert _tell(ledger, _at(100)) == {}


def test_class_alone_is_lost() -> None:
    ledger = Ledger()
    ledger.lose("tv", Loss(["p1"], "tv_failed", _at(360), _at(60, 1)), TIME, _at(60, 1))
    told = _tell(ledger, _at(60, 1))
    assert told["p1", "2026-06-08"].lost == {"tv_failed": 60}
    assert told["p1", "2026-06-09"].lost == {"tv_failed": 60}


def test_a_minute_is_lost_once_to_what_began_first() -> None:
    ledger = Ledger()
    ledger.lose("power", Loss(["p1"], "school_power_outage", _at(60), _at(120)), TIME, _at(120))
    ledger.lose("tv", Loss(["p1"], "tv_failed", _at(30), _at(90)), TIME, _at(120))
    lost = _tell(ledger, _at(120))["p1", "2026-06-08"].lost
    assert lost == {"tv_failed": 60, "school_power_outage": 30}


def test_what_lasts_is_counted_up_to_now_and_told_anew_later() -> None:
    ledger = Ledger()
    ledger.lose("tv", Loss(["p1"], "tv_failed", _at(30)), TIME, _at(60))
    assert _tell(ledger, _at(60))["p1", "2026-06-08"].lost == {"tv_failed": 30}
    assert _tell(ledger, _at(90))["p1", "2026-06-08"].lost == {"tv_failed": 60}
    ledger.end("tv", _at(100), TIME)
    assert _tell(ledger, _at(200))["p1", "2026-06-08"].lost == {"tv_failed": 70}
    assert _tell(ledger, _at(300)) == {}


def _so_far(ledger: Ledger, t: int) -> dict[tuple[str, str], RoomDay]:
    return {(each.room, each.date): each for each in ledger.so_far("cpm3", "36030001", TIME, t)}


def test_what_lasts_can_be_watched_and_nothing_changes_by_it() -> None:
    ledger = Ledger()
    ledger.use("p1", True, _at(0), TIME)
    ledger.lose("tv", Loss(["p1", "p2"], "tv_failed", _at(30)), TIME, _at(30))
    before = deepcopy(ledger)
    seen = _so_far(ledger, _at(90))
    assert {key: (day.lost, day.used) for key, day in seen.items()} == {
        ("p1", "2026-06-08"): ({"tv_failed": 60}, 90),
        ("p2", "2026-06-08"): ({"tv_failed": 60}, 0),
    }
    assert ledger == before
    assert _tell(ledger, _at(90))["p1", "2026-06-08"] == seen["p1", "2026-06-08"]


def test_what_ended_lately_is_still_watched_and_what_ended_long_ago_is_not() -> None:
    ledger = Ledger()
    ledger.lose("tv", Loss(["p1"], "tv_failed", _at(30), _at(90)), TIME, _at(90))
    assert list(_so_far(ledger, _at(120))) == [("p1", "2026-06-08")]
    assert _so_far(ledger, _at(120, 2)) == {}


def test_a_loss_that_is_told_differently_replaces_what_was_told() -> None:
    ledger = Ledger()
    ledger.lose("dish", Loss(["p1", "p2"], "rain_fade", _at(0), _at(60)), TIME, _at(60))
    _tell(ledger, _at(60))
    ledger.lose("dish", Loss(["p1", "p2"], "lnb_failed", _at(0), _at(90)), TIME, _at(90))
    assert [each.lost for each in _tell(ledger, _at(90)).values()] == [{"lnb_failed": 90}] * 2


def test_a_loss_that_is_renamed_is_told_anew() -> None:
    ledger = Ledger()
    ledger.lose("dish", Loss(["p1"], "rain_fade", _at(0), _at(60)), TIME, _at(60))
    _tell(ledger, _at(60))
    ledger.lose("dish", Loss(["p1"], "lnb_failed", _at(0), _at(60)), TIME, _at(60))
    assert _tell(ledger, _at(60))["p1", "2026-06-08"].lost == {"lnb_failed": 60}


def test_use_is_counted_while_it_lasts() -> None:
    ledger = Ledger()
    ledger.use("p1", True, _at(30), TIME)
    ledger.use("p1", True, _at(60), TIME)
    assert _tell(ledger, _at(90))["p1", "2026-06-08"].used == 60
    ledger.use("p1", False, _at(120), TIME)
    ledger.use("p1", False, _at(130), TIME)
    assert _tell(ledger, _at(200))["p1", "2026-06-08"].used == 90


def test_use_over_night_counts_class_only() -> None:
    ledger = Ledger()
    ledger.use("p1", True, _at(400), TIME)
    ledger.use("p1", False, _at(10, 1), TIME)
    told = _tell(ledger, _at(20, 1))
    assert (told["p1", "2026-06-08"].used, told["p1", "2026-06-09"].used) == (20, 10)


def test_what_is_long_past_is_forgotten() -> None:
    ledger = Ledger()
    for day in range(200):
        ledger.lose(f"tv{day}", Loss(["p1"], "tv_failed", _at(0, day), _at(60, day)), TIME, _at(60, day))
        ledger.use("p1", day % 2 == 0, _at(60, day), TIME)
        _tell(ledger, _at(120, day))
    assert len(ledger.losses) <= 70
    assert len(ledger.uses["p1"].by_day) <= 70


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 100_000))
def test_no_day_loses_more_than_its_class_and_the_order_of_telling_does_not_matter(seed: int) -> None:
    rng = Random(seed)
    causes = ("rain_fade", "tv_failed", "lnb_failed")
    spans = [(_at(rng.randrange(-200, 900)), rng.randrange(1, 900) * MINUTE) for _ in range(12)]
    losses = {
        f"{n}": Loss(["p1"], rng.choice(causes), start, start + length) for n, (start, length) in enumerate(spans)
    }
    one, other = Ledger(), Ledger()
    for key, loss in losses.items():
        one.lose(key, loss, TIME, _at(3000))
    for key in rng.sample(sorted(losses), len(losses)):
        other.lose(key, losses[key], TIME, _at(3000))
        _tell(other, _at(3000)) if rng.random() < 0.3 else None
    told = _tell(one, _at(3000))
    assert all(sum(each.lost.values()) <= 420 + 1e-6 for each in told.values())
    other.dirty = {room: [day for _, day in told] for room in ("p1",)}
    again = _tell(other, _at(3000))
    assert {key: dict(day.lost) for key, day in again.items()} == {key: dict(day.lost) for key, day in told.items()}


@pytest.mark.parametrize("rooms", [[]])
def test_a_loss_without_rooms_is_none(rooms: list[str]) -> None:
    ledger = Ledger()
    ledger.lose("dish", Loss(rooms, "lnb_failed", _at(0), _at(60)), TIME, _at(60))
    assert ledger.losses == {}


def test_what_lies_in_maintenance_is_not_lost() -> None:
    shut, opened = datetime.fromisoformat("2026-06-08T10:00+07:00"), datetime.fromisoformat("2026-06-08T11:00+07:00")
    calendar = Calendar(CalendarSettings(), [Maintenance(start=shut, end=opened, reason="new cables")])
    ledger = Ledger()
    ledger.lose("tv", Loss(["p1"], "tv_failed", _at(60), _at(180)), calendar, _at(180))
    told = {each.date: each for each in ledger.tell("cpm3", "36030001", calendar, _at(200), running=True)}
    assert told["2026-06-08"].lost == {"tv_failed": 60}

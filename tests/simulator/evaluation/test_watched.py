"""For how long somebody could look through a dish."""

from datetime import date
from typing import Any

import pytest

from simulator.clock import HOUR, midnight
from simulator.evaluation.watched import Watch, dishes_of
from simulator.schooldays import Calendar

FRIDAY = date(2026, 6, 12)
REGISTER = {
    "devices": [
        {"school": "a", "device": "p1-receiver", "kind": "receiver", "room": "p1", "dish": "d1"},
        {"school": "a", "device": "p2-receiver", "kind": "receiver", "room": "p2", "dish": "d1"},
        {"school": "a", "device": "p1-tv", "kind": "tv", "room": "p1"},
    ]
}
ON, OFF = [["device/reachable", True], ["power/on", True]], [["power/on", False]]


def line(hour: float, kind: str, device: str | None = None, metrics: list[Any] | None = None) -> dict[str, Any]:
    told = {"t": int((midnight(FRIDAY) + hour * HOUR) * 1000), "type": kind, "node": "a", "metrics": metrics or []}
    return told if device is None else {**told, "device": device}


def unwatched(*lines: dict[str, Any]) -> float:
    watch = Watch(Calendar(), dishes_of(REGISTER))
    for each in lines:
        watch.take(each)
    return watch.missing(REGISTER, [("a", "p1", FRIDAY.isoformat(), "rain_fade")])["a", "p1", FRIDAY.isoformat()]


@pytest.mark.parametrize(
    "end",
    [
        line(10.5, "DDATA", "p1-receiver", OFF),
        line(10.5, "DDATA", "p1-receiver", [["device/reachable", False]]),
        line(10.5, "DDEATH", "p1-receiver"),
        line(10.5, "NDEATH"),
    ],
)
def test_from_the_first_word_of_a_receiver_to_its_last(end: dict[str, Any]) -> None:
    assert unwatched(line(8, "NBIRTH"), line(8, "DBIRTH", "p1-receiver", ON), end) == 300


def test_one_receiver_on_the_dish_is_enough() -> None:
    lines = [line(8, "DBIRTH", "p1-receiver", ON), line(9, "DBIRTH", "p2-receiver", ON)]
    assert unwatched(*lines, line(9.5, "DDEATH", "p1-receiver"), line(15.5, "DDEATH", "p2-receiver")) == 0


def test_a_screen_looks_at_no_sky() -> None:
    assert unwatched(line(8, "DBIRTH", "p1-tv", ON), line(15.5, "NDEATH")) == 420


def test_what_lasts_at_the_end_counts_up_to_it() -> None:
    assert unwatched(line(8, "DBIRTH", "p1-receiver", ON), line(9.5, "DDATA", "p1-receiver", ON)) == 360

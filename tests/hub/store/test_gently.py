"""Long work leaves the processor to others."""

import time

import pytest

from hub.store.gently import Gently


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it rested each time; the clock goes on by that."""
    rests: list[float] = []
    monkeypatch.setattr(time, "sleep", rests.append)
    return rests


def clock(monkeypatch: pytest.MonkeyPatch, *moments: float) -> None:
    told = iter(moments)
    monkeypatch.setattr(time, "perf_counter", lambda: next(told))


def test_it_rests_as_long_as_it_worked(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 0.0, 0.005, 0.015)
    Gently().rest()
    assert slept == [0.005]


def test_it_does_not_rest_for_a_short_step(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 0.0, 0.001)
    Gently().rest()
    assert slept == []


def test_it_does_not_make_up_for_a_long_wait(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 0.0, 9.0, 9.02)
    Gently().rest()
    assert slept == [0.02]


def test_rests_are_not_counted_as_work(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 0.0, 0.005, 7.0, 7.001)
    work = Gently()
    work.rest()
    assert (work.worked_s, len(slept)) == (pytest.approx(0.006), 1)

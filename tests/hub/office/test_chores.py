"""What the office does by itself."""

import threading

from hub.office.chores import Chores

PATIENCE_S = 60.0


def test_a_chore_that_fails_is_tried_again_and_stops_no_other() -> None:
    tried, went_on = list[int](), threading.Event()
    twice = threading.Event()

    def fails(now: int) -> None:
        tried.append(now)
        if len(tried) == 2:
            twice.set()
        raise ValueError("a row that cannot be read")

    chores = Chores({"fails": fails, "goes on": lambda _now: went_on.set()}, lambda: 7, every_s=0.01)
    chores.start()
    assert went_on.wait(PATIENCE_S)
    assert twice.wait(PATIENCE_S)
    chores.stop()
    assert set(tried) == {7}


def test_a_chore_that_takes_its_time_keeps_no_other_waiting() -> None:
    let_go, went_on = threading.Event(), threading.Event()
    chores = Chores(
        {"slow": lambda _now: let_go.wait(PATIENCE_S), "goes on": lambda _now: went_on.set()}, lambda: 7, every_s=0.01
    )
    chores.start()
    assert went_on.wait(PATIENCE_S)
    let_go.set()
    chores.stop()


def test_nothing_is_done_after_the_end() -> None:
    done = list[int]()
    chores = Chores({"counts": done.append}, lambda: 7, every_s=0.01)
    chores.start()
    chores.stop()
    count = len(done)
    assert not threading.Event().wait(0.1)
    assert len(done) == count

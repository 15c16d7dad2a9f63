import signal
import threading
from collections.abc import Callable
from typing import Any

from agent.services.inbox import Inbox


def test_items_come_out_in_their_order() -> None:
    inbox: Inbox[int] = Inbox()
    for number in range(3):
        inbox.put(number)
    assert [inbox.get(0), inbox.get(0), inbox.get(0), inbox.get(0)] == [0, 1, 2, None]


def in_thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_whoever_is_too_fast_waits_and_nothing_is_lost() -> None:
    inbox: Inbox[int] = Inbox(capacity=2)
    thread = in_thread(lambda: [inbox.put(number) for number in range(100)])  # type: ignore[func-returns-value]
    assert [inbox.get(5) for _ in range(100)] == list(range(100))
    thread.join(60)
    assert not thread.is_alive()


def test_a_full_inbox_still_takes_an_interruption() -> None:
    inbox: Inbox[Any] = Inbox(capacity=1)
    inbox.put("poll")
    inbox.interrupt("stop")
    assert [inbox.get(0), inbox.get(0)] == ["poll", "stop"]


def test_nobody_waits_for_room_in_a_closed_inbox() -> None:
    inbox: Inbox[int] = Inbox(capacity=1)
    inbox.put(0)
    threads = [in_thread(lambda: inbox.put(1)) for _ in range(5)]
    inbox.close()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert [inbox.get(0), inbox.get(0)] == [0, None]


def test_a_signal_wakes_the_reader() -> None:
    inbox: Inbox[str] = Inbox()
    before = signal.signal(signal.SIGALRM, lambda *_: inbox.interrupt("signal"))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert inbox.get(10) == "signal"
    finally:
        signal.signal(signal.SIGALRM, before)

"""What waits for ingestion."""

import threading
from collections.abc import Callable
from typing import Any

from hub.ingestion.arrivals import Arrival, Unlinked
from hub.mqtt.inbox import Inbox


def arrival(number: int) -> Arrival:
    return Arrival("t", str(number).encode(), number)


def test_events_come_out_in_order_and_in_batches() -> None:
    inbox = Inbox(10, lambda: None)
    for number in range(5):
        inbox.put(arrival(number))
    assert [event.at for event in inbox.take(3, 0)] == [0, 1, 2]
    assert [event.at for event in inbox.take(3, 0)] == [3, 4]
    assert inbox.take(3, 0) == []


def test_a_message_without_room_is_dropped_and_counted() -> None:
    dropped: list[int] = []
    inbox = Inbox(2, lambda: dropped.append(1), patience_s=0.01)
    for number in range(4):
        inbox.put(arrival(number))
    assert (len(inbox), len(dropped)) == (2, 2)


def test_what_happened_to_the_link_always_has_room() -> None:
    inbox = Inbox(1, lambda: None, patience_s=0.01)
    inbox.put(arrival(1))
    inbox.put(Unlinked(("dltv",), 2))
    assert len(inbox.take(9, 0)) == 2


def test_a_message_waits_for_room(until: Callable[..., Any]) -> None:
    inbox = Inbox(1, lambda: None, patience_s=10)
    inbox.put(arrival(1))
    thread = threading.Thread(target=inbox.put, args=(arrival(2),))
    thread.start()
    assert [event.at for event in inbox.take(1, 1)] == [1]
    until("the second", lambda: len(inbox) == 1)
    thread.join(5)


def test_whoever_takes_waits_for_the_first(until: Callable[..., Any]) -> None:
    inbox = Inbox(9, lambda: None)
    taken: list[Any] = []
    thread = threading.Thread(target=lambda: taken.extend(inbox.take(9, 10)))
    thread.start()
    inbox.put(arrival(1))
    until("it", lambda: taken)
    thread.join(5)


def test_nobody_waits_for_a_closed_inbox() -> None:
    inbox = Inbox(1, lambda: None, patience_s=60)
    inbox.put(arrival(1))
    inbox.close()
    inbox.put(arrival(2))
    assert len(inbox.take(9, 60)) == 2
    assert inbox.take(9, 60) == []

"""What waits for ingestion."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from hub.ingestion.arrivals import Arrival, Unlinked
from hub.ingestion.reasons import Reason
from hub.mqtt.inbox import PIECE_BYTES, Inbox


def arrival(number: int) -> Arrival:
    return Arrival("t", str(number).encode(), number)


def ignore(_reason: Reason) -> None:
    pass


def from_node(name: str, number: int) -> Arrival:
    return Arrival(f"spBv1.0/cpm3/DDATA/{name}/p1-tv", b"", number)


def test_events_come_out_in_order_and_in_batches() -> None:
    inbox = Inbox(10, ignore)
    for number in range(5):
        inbox.put(arrival(number))
    assert [event.at for event in inbox.take(3, 0)] == [0, 1, 2]
    assert [event.at for event in inbox.take(3, 0)] == [3, 4]
    assert inbox.take(3, 0) == []


def test_a_message_without_room_is_dropped_and_counted() -> None:
    dropped: list[Reason] = []
    inbox = Inbox(2, dropped.append, patience_s=0.01)
    for number in range(4):
        inbox.put(arrival(number))
    assert (len(inbox), dropped) == (2, [Reason.QUEUE_FULL] * 2)


def test_what_happened_to_the_link_always_has_room() -> None:
    inbox = Inbox(1, ignore, patience_s=0.01)
    inbox.put(arrival(1))
    inbox.put(Unlinked(("dltv",), 2))
    assert len(inbox.take(9, 0)) == 2


def test_a_message_waits_for_room(until: Callable[..., Any]) -> None:
    inbox = Inbox(1, ignore, patience_s=10)
    inbox.put(arrival(1))
    thread = threading.Thread(target=inbox.put, args=(arrival(2),))
    thread.start()
    assert [event.at for event in inbox.take(1, 1)] == [1]
    until("the second", lambda: len(inbox) == 1)
    thread.join(60)


def test_whoever_takes_waits_for_the_first(until: Callable[..., Any]) -> None:
    inbox = Inbox(9, ignore)
    taken: list[Any] = []
    thread = threading.Thread(target=lambda: taken.extend(inbox.take(9, 10)))
    thread.start()
    inbox.put(arrival(1))
    until("it", lambda: taken)
    thread.join(60)


def test_nobody_waits_for_a_closed_inbox() -> None:
    inbox = Inbox(1, ignore, patience_s=60)
    inbox.put(arrival(1))
    inbox.close()
    inbox.put(arrival(2))
    assert len(inbox.take(9, 60)) == 2
    assert inbox.take(9, 60) == []


def test_a_node_that_floods_loses_of_its_own_and_keeps_nobody_out(caplog: pytest.LogCaptureFixture) -> None:
    dropped: list[Reason] = []
    inbox = Inbox(8_000, dropped.append, patience_s=60)
    for number in range(50_000):
        inbox.put(from_node("loud", number))
    inbox.put(from_node("quiet", 1))
    assert dropped == [Reason.FLOOD] * 49_000
    assert len(inbox) == 1_001, "an eighth of the room, and whoever comes behind it"
    assert caplog.text.count("cpm3/loud says more") == 1


def test_whoever_flooded_has_a_share_again_as_soon_as_it_is_taken() -> None:
    dropped: list[Reason] = []
    inbox = Inbox(8_000, dropped.append)
    for number in range(1_500):
        inbox.put(from_node("loud", number))
    assert [event.at for event in inbox.take(600, 0)] == list(range(600))
    for number in range(600):
        inbox.put(from_node("loud", number))
    assert (len(inbox), len(dropped)) == (1_000, 500)


def test_a_flood_that_names_ever_other_devices_is_one_node_s() -> None:
    inbox = Inbox(8_000, ignore)
    for number in range(3_000):
        inbox.put(Arrival(f"spBv1.0/cpm3/DDATA/loud/device-{number}", b"", number))
    assert len(inbox) == 1_000


def test_a_flood_of_long_messages_has_no_more_room_than_one_of_short_ones() -> None:
    inbox = Inbox(8_000, ignore)
    for number in range(1_000):
        inbox.put(Arrival("spBv1.0/cpm3/NDATA/loud", bytes(100 * PIECE_BYTES - 1), number))
    assert len(inbox) == 10
    assert len(inbox.take(5, 0)) == 5
    for number in range(10):
        inbox.put(Arrival("spBv1.0/cpm3/NDATA/loud", bytes(100 * PIECE_BYTES - 1), number))
    assert len(inbox) == 10, "what is taken makes room for as much again"


def test_a_message_of_any_length_is_heard_of_whoever_says_little() -> None:
    inbox = Inbox(8_000, ignore)
    inbox.put(Arrival("spBv1.0/cpm3/NBIRTH/quiet", bytes(2_000 * PIECE_BYTES), 1))
    assert len(inbox) == 1


def test_what_has_no_node_in_its_topic_has_one_share_together() -> None:
    inbox = Inbox(8_000, ignore)
    for number in range(3_000):
        inbox.put(Arrival(f"x{number}/y", b"", number))
    assert len(inbox) == 1_000

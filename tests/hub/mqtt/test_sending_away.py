"""Who floods is sent away for a while, at both brokers; who only says much at once is not."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from hub.core.equipment import NodeKey
from hub.ingestion.arrivals import Arrival
from hub.ingestion.reasons import Reason
from hub.mqtt.inbox import PIECE_BYTES, Inbox
from hub.mqtt.sending_away import FIRST_MS, FORGIVEN_MS, LONGEST_MS, TOO_MANY, WITHIN_MS, SendingAway

T0 = 1_790_000_000_000
LOUD, NEIGHBOUR = NodeKey("cpm3", "36030001"), NodeKey("cpm3", "36030002")


def heard_of(node: NodeKey, at: int) -> Arrival:
    return Arrival(f"spBv1.0/{node.group}/NDATA/{node.name}", b"", at)


def flood(sending_away: SendingAway, at: int, times: int = TOO_MANY) -> None:
    for _ in range(times):
        sending_away.note(LOUD, at)


def test_whoever_says_too_much_within_seconds_is_sent_away_for_a_minute() -> None:
    sending_away = SendingAway()
    flood(sending_away, T0, TOO_MANY - 1)
    assert sending_away.away(T0) == {}
    flood(sending_away, T0 + WITHIN_MS - 1, 1)
    until = T0 + WITHIN_MS - 1 + FIRST_MS
    assert sending_away.away(T0 + WITHIN_MS) == {LOUD: until}
    assert sending_away.away(until - 1) == {LOUD: until}
    assert sending_away.away(until) == {}


def test_who_says_as_much_over_a_longer_time_stays() -> None:
    """64 devices that report each second, and twenty of a replay."""
    sending_away = SendingAway()
    for second in range(300):
        flood(sending_away, T0 + second * 1000, 84)
    assert sending_away.away(T0 + 300_000) == {}


def test_each_time_it_is_away_for_twice_as_long_up_to_an_hour_until_it_is_forgiven() -> None:
    sending_away, at, pauses = SendingAway(), T0, []
    for _ in range(8):
        flood(sending_away, at)
        until = sending_away.away(at)[LOUD]
        pauses.append((until - at) // 60_000)
        at = until
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    flood(sending_away, at + FORGIVEN_MS)
    assert sending_away.away(at + FORGIVEN_MS) == {LOUD: at + FORGIVEN_MS + FIRST_MS}


def test_what_still_comes_of_it_while_it_is_away_makes_that_no_longer() -> None:
    sending_away = SendingAway()
    flood(sending_away, T0)
    flood(sending_away, T0 + FIRST_MS - 1, 10 * TOO_MANY)
    assert sending_away.away(T0 + FIRST_MS - 1) == {LOUD: T0 + FIRST_MS}


def test_a_clock_that_is_set_back_keeps_nobody_out() -> None:
    sending_away = SendingAway()
    flood(sending_away, T0)
    assert sending_away.away(T0 - 2 * LONGEST_MS) == {}


def test_the_inbox_tells_of_what_it_drops_as_of_what_it_hands_on() -> None:
    sending_away = SendingAway()
    inbox = Inbox(8_000, lambda _: None, sending_away=sending_away)
    for number in range(TOO_MANY):
        inbox.put(Arrival(f"spBv1.0/cpm3/DDATA/36030001/d{number}", b"", T0))
        inbox.put(Arrival(f"spBv1.0/cpm3/NDATA/3603{number % 100 + 2:04}", b"", T0))
    assert sending_away.away(T0) == {}, "a thousand of it wait, and who is heard of all others is no flood"
    while inbox.take(500, 0):
        pass
    assert sending_away.away(T0) == {LOUD: T0 + FIRST_MS}


def test_a_flood_that_ingestion_keeps_up_with_is_one_all_the_same() -> None:
    """Where the hub cannot hear all, the broker's queue overflows, and nothing here."""
    sending_away = SendingAway()
    inbox = Inbox(8_000, lambda _: None, sending_away=sending_away)
    for second in range(5):
        for _ in range(1_000):
            inbox.put(Arrival("spBv1.0/cpm3/NDATA/36030001", b"", T0 + second * 1000))
        assert len(inbox.take(5_000, 0)) == 1_000
    assert sending_away.away(T0 + 5_000) == {LOUD: T0 + 4_000 + FIRST_MS}


def test_few_messages_are_a_flood_where_they_are_long() -> None:
    """One that is as long as may be can keep ingestion for most of a second."""
    sending_away = SendingAway()
    inbox = Inbox(8_000, lambda _: None, sending_away=sending_away)
    for number in range(TOO_MANY // 500):
        assert sending_away.away(T0) == {}
        inbox.put(Arrival("spBv1.0/cpm3/NDATA/36030001", bytes(500 * PIECE_BYTES - 1), T0 + number))
        inbox.take(9, 0)
    assert sending_away.away(T0 + 10) == {LOUD: T0 + TOO_MANY // 500 - 1 + FIRST_MS}


def test_what_is_still_heard_of_who_is_sent_away_is_dropped_and_the_others_wait_behind_none_of_it() -> None:
    sending_away, dropped = SendingAway(), list[Reason]()
    inbox = Inbox(80_000, dropped.append, sending_away=sending_away)
    for _ in range(2 * TOO_MANY):
        inbox.put(heard_of(LOUD, T0))
        inbox.take(1, 0)
    assert dropped == [Reason.FLOOD] * TOO_MANY
    inbox.put(heard_of(NEIGHBOUR, T0))
    assert inbox.take(9, 0) == [heard_of(NEIGHBOUR, T0)]
    for at in (T0 + FIRST_MS, T0 + FIRST_MS + 1):
        inbox.put(heard_of(LOUD, at))
    assert [event.at for event in inbox.take(9, 0)] == [T0 + FIRST_MS, T0 + FIRST_MS + 1], "it is let in again"


def test_a_clock_that_is_set_back_lets_it_speak_again() -> None:
    inbox = Inbox(80_000, lambda _: None, sending_away=SendingAway())
    for _ in range(TOO_MANY):
        inbox.put(heard_of(LOUD, T0))
        inbox.take(1, 0)
    inbox.put(heard_of(LOUD, T0 - 2 * LONGEST_MS))
    assert len(inbox) == 1


@pytest.mark.e2e
def test_who_is_sent_away_is_cut_off_at_the_broker_and_heard_no_more_until_it_is_let_in_again(
    office: Any, guarded: Any, client: Any, until: Callable[..., Any]
) -> None:
    """As the guard does it: it is not among those who are let in for so long, and its certificate stays good."""
    quiet, loud_files, quiet_files = NodeKey("cpm3", "36030002"), office.enrol(LOUD), None
    quiet_files = office.enrol(quiet)
    guarded.tell()
    host = client(guarded.port, "hub-cpm3", files=office.client("hub-cpm3")).subscribe("spBv1.0/cpm3/#", qos=0)
    loud, neighbour = (client(guarded.port, "x", files=files) for files in (loud_files, quiet_files))
    loud.mqtt.publish("spBv1.0/cpm3/NDATA/36030001", b"before")
    until("the loud one", lambda: host.topics() == ["spBv1.0/cpm3/NDATA/36030001"])

    everybody, office.nodes = office.nodes, office.nodes - {LOUD}
    guarded.tell()
    until("the end of its connection", lambda: loud.lost)
    neighbour.mqtt.publish("spBv1.0/cpm3/NDATA/36030002", b"meanwhile")
    until("the neighbour", lambda: host.topics()[-1] == "spBv1.0/cpm3/NDATA/36030002")
    assert not neighbour.lost

    office.nodes = everybody
    guarded.tell()

    def speaks_again() -> bool:
        again = client(guarded.port, "x", files=loud_files)
        again.mqtt.publish("spBv1.0/cpm3/NDATA/36030001", b"after", qos=1)
        heard = threading.Event()
        heard.wait(0.5)
        return ("spBv1.0/cpm3/NDATA/36030001", b"after") in {each[:2] for each in host.got}

    until("the loud one again", speaks_again)
    assert not host.lost
    assert not neighbour.lost

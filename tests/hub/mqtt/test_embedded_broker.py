"""What the hub and the agents need of a broker, tried on the embedded one, and on Mosquitto so that the tests are fair."""

import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from typing import Any

import pytest

from hub.mqtt.embedded_broker import BrokerCannotListen, EmbeddedBroker
from hub.mqtt.packets import MAX_PACKET

CONNECT = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x02\x00\x01x"
WILL = ("will/topic", b"gone", 1, False)


def raw(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), 5)
    connection.settimeout(60)
    return connection


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side ended it; what it still sent is skipped."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(4096):
            pass
    return True


def test_messages_come_in_the_order_in_which_they_were_published(broker_port: int, client: Any, until: Any) -> None:
    listener = client(broker_port, "listener").subscribe("a/#")
    talker = client(broker_port, "talker")
    for number in range(500):
        talker.mqtt.publish(f"a/{number % 7}", str(number).encode())
    until("500 messages", lambda: len(listener.got) == 500)
    assert [int(payload) for _, payload, _, _ in listener.got] == list(range(500))


def test_a_message_is_delivered_at_the_lower_qos(broker_port: int, client: Any, until: Any) -> None:
    listener = client(broker_port, "listener").subscribe("a", qos=1)
    talker = client(broker_port, "talker")
    talker.mqtt.publish("a", b"0", qos=0)
    talker.mqtt.publish("a", b"1", qos=1)
    until("both", lambda: len(listener.got) == 2)
    assert [qos for *_, qos in listener.got] == [0, 1]


def test_a_retained_message_is_there_for_those_who_come_later(broker_port: int, client: Any, until: Any) -> None:
    client(broker_port, "talker").mqtt.publish("s/one", b"kept", qos=1, retain=True).wait_for_publish(60)
    listener = client(broker_port, "listener").subscribe("s/#")
    until("the retained message", lambda: listener.got)
    assert listener.got == [("s/one", b"kept", True, 1)]


def test_a_retained_message_goes_only_to_those_who_subscribed(broker_port: int, client: Any, until: Any) -> None:
    client(broker_port, "first").subscribe("s/one")
    client(broker_port, "talker").mqtt.publish("s/one", b"kept", qos=1, retain=True).wait_for_publish(60)
    other = client(broker_port, "other").subscribe("elsewhere")
    other.mqtt.publish("elsewhere", b"mine")
    until("its own message", lambda: other.got)
    assert other.topics() == ["elsewhere"]


def test_an_empty_retained_message_clears_the_topic(broker_port: int, client: Any, until: Any) -> None:
    talker = client(broker_port, "talker")
    for payload in (b"kept", b""):
        talker.mqtt.publish("s/one", payload, qos=1, retain=True).wait_for_publish(60)
    listener = client(broker_port, "listener").subscribe("s/#")
    listener.mqtt.publish("s/two", b"mine")
    until("its own message", lambda: listener.got)
    assert listener.topics() == ["s/two"]


def test_the_will_goes_out_when_the_connection_is_cut(broker_port: int, client: Any, until: Any) -> None:
    listener = client(broker_port, "listener").subscribe("will/#")
    client(broker_port, "mortal", will=WILL).cut()
    until("the will", lambda: listener.got)
    assert listener.got == [("will/topic", b"gone", False, 1)]


def test_a_retained_will_replaces_what_was_retained(broker_port: int, client: Any, until: Any) -> None:
    listener = client(broker_port, "listener").subscribe("state")
    mortal = client(broker_port, "mortal", will=("state", b"offline", 1, True))
    mortal.mqtt.publish("state", b"online", qos=1, retain=True).wait_for_publish(60)
    mortal.cut()
    until("online and offline", lambda: len(listener.got) == 2)
    late = client(broker_port, "late").subscribe("state")
    until("the retained will", lambda: late.got)
    assert late.got == [("state", b"offline", True, 1)]


def test_no_will_after_a_disconnect(broker_port: int, client: Any, until: Any) -> None:
    listener = client(broker_port, "listener").subscribe("#")
    client(broker_port, "mortal", will=WILL).close()
    client(broker_port, "talker").mqtt.publish("other", b"1", qos=1).wait_for_publish(60)
    until("a later message", lambda: listener.got)
    assert listener.topics() == ["other"]


def test_the_will_goes_out_when_a_process_is_killed(broker_port: int, client: Any, until: Any) -> None:
    listener = client(broker_port, "listener").subscribe("will/#", "hello")
    script = (
        "import paho.mqtt.client as m, sys\n"
        "c = m.Client(m.CallbackAPIVersion.VERSION2, client_id='victim')\n"
        "c.will_set('will/topic', b'gone', 1, False)\n"
        "c.on_connect = lambda c, *a: c.publish('hello', b'1')\n"
        "c.connect('127.0.0.1', int(sys.argv[1]), 30)\n"
        "c.loop_forever()\n"
    )
    victim = subprocess.Popen([sys.executable, "-c", script, str(broker_port)])
    until("its greeting", lambda: listener.topics() == ["hello"])
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait(60)
    until("its will", lambda: "will/topic" in listener.topics())


def test_the_will_goes_out_when_the_keepalive_runs_out(broker_port: int, client: Any, until: Any) -> None:
    """As when a school loses its power: nothing is closed, nothing comes any more."""
    listener = client(broker_port, "listener").subscribe("will/#")
    will = b"\0\x0awill/topic\0\x04gone"
    body = b"\0\4MQTT\4\x0e\0\1\0\1v" + will
    with raw(broker_port) as connection:
        connection.sendall(bytes([0x10, len(body)]) + body)
        assert connection.recv(4) == b"\x20\x02\0\0"
        until("the will", lambda: listener.got)


def test_a_client_that_pings_lives_on(embedded: int, client: Any, until: Any) -> None:
    client(embedded, "alive", keepalive=3, will=WILL)
    listener = client(embedded, "listener").subscribe("will/#", "now")
    # Without a ping it would be over after one and a half keepalives.
    deadline = time.monotonic() + 6
    until("six seconds", lambda: time.monotonic() > deadline)
    listener.mqtt.publish("now", b"")
    until("now", lambda: "now" in listener.topics())
    assert listener.topics() == ["now"]


def test_whoever_takes_a_client_id_over_ends_the_other_and_its_will_goes_out(
    broker_port: int, client: Any, until: Any
) -> None:
    listener = client(broker_port, "listener").subscribe("will/#", "a")
    first = client(broker_port, "twin", will=WILL)
    second = client(broker_port, "twin")
    until("the first to go", lambda: first.lost)
    until("its will", lambda: listener.got)
    second.mqtt.publish("a", b"1")
    until("the second's message", lambda: "a" in listener.topics())


def test_what_was_published_before_a_disconnect_is_not_lost(broker_port: int, client: Any, until: Any) -> None:
    listener = client(broker_port, "listener").subscribe("last/#")
    publishes = b"".join(b"\x30\x08\0\6last/" + str(number).encode() for number in range(8))
    with raw(broker_port) as connection:
        connection.sendall(CONNECT + publishes + b"\xe0\0")
        assert is_closed(connection)
    until("all eight", lambda: len(listener.got) == 8)
    assert listener.topics() == [f"last/{number}" for number in range(8)]


@pytest.mark.parametrize("size", [0, 1, 127, 128, 16_384, 256 * 1024, 1024 * 1024])
def test_a_payload_of_any_bearable_size_goes_through(broker_port: int, client: Any, until: Any, size: int) -> None:
    listener = client(broker_port, "listener").subscribe("big")
    client(broker_port, "talker").mqtt.publish("big", b"x" * size, qos=1)
    until("it", lambda: listener.got)
    assert len(listener.got[0][1]) == size


def test_a_packet_that_is_too_large_ends_the_connection(embedded: int) -> None:
    with raw(embedded) as connection:
        connection.sendall(CONNECT)
        assert connection.recv(4) == b"\x20\x02\0\0"
        length = MAX_PACKET * 2
        header = bytes([length & 0x7F | 0x80, length >> 7 & 0x7F | 0x80, length >> 14 & 0x7F | 0x80, length >> 21])
        connection.sendall(b"\x30" + header)
        assert is_closed(connection)


RUBBISH = {
    "no CONNECT": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an endless length": b"\x10\xff\xff\xff\xff\xff",
    "zeros": b"\0" * 64,
    "a cut CONNECT": b"\x10\x05\0\4MQT",
    "another protocol": b"\x10\x0d\x00\x04MQTX\x04\x02\x00\x3c\x00\x01x",
    "a second CONNECT": CONNECT + CONNECT,
    "a topic longer than its packet": CONNECT + b"\x30\x05\xff\xffabc",
    "a wildcard topic": CONNECT + b"\x30\x05\0\x03a/#",
    "no filter": CONNECT + b"\x82\x02\0\1",
    "a filter that is cut": CONNECT + b"\x82\x06\0\1\0\x09ab",
    "a topic that is no text": CONNECT + b"\x30\x04\0\2\xff\xfe",
    "a reserved packet": CONNECT + b"\xf0\x00",
    "an acknowledgement of nothing": CONNECT + b"\x40\x02\0\x07",
}


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH.keys())
def test_rubbish_hurts_nobody_else(embedded: int, client: Any, until: Any, rubbish: bytes) -> None:
    listener = client(embedded, "listener").subscribe("a")
    with raw(embedded) as connection:
        connection.sendall(rubbish)
        connection.shutdown(socket.SHUT_WR)
        assert is_closed(connection)
    client(embedded, "talker").mqtt.publish("a", b"1")
    until("a message", lambda: listener.topics() == ["a"])


@pytest.mark.parametrize("topic", [b"a/#", b"$SY"])
def test_the_will_goes_out_when_a_forbidden_topic_ends_the_connection(
    embedded: int, client: Any, until: Any, topic: bytes
) -> None:
    listener = client(embedded, "listener").subscribe("will/#")
    mortal = client(embedded, "mortal", will=WILL)
    sock = mortal.mqtt.socket()
    assert sock is not None
    sock.send(b"\x30\x05\0\x03" + topic)
    until("the will", lambda: listener.got)


def test_a_client_that_takes_nothing_does_not_hold_up_the_others(embedded: int, client: Any, until: Any) -> None:
    with raw(embedded) as idle:
        idle.sendall(CONNECT.replace(b"\0\x02\0\1x", b"\0\x3c\0\1x") + b"\x82\x06\0\1\0\1a\0")
        assert idle.recv(4) == b"\x20\x02\0\0"
        listener = client(embedded, "listener").subscribe("a")
        talker = client(embedded, "talker")
        for _ in range(120):
            talker.mqtt.publish("a", b"x" * 256 * 1024)
        until("all of them", lambda: len(listener.got) == 120, 60)


def test_many_clients_may_come_at_once(embedded: int, client: Any, until: Any) -> None:
    clients = [client(embedded, f"c{number}") for number in range(40)]
    for one in clients:
        one.mqtt.subscribe([("all", 1), (f"own/{id(one)}", 0)])
    until("all SUBACKs", lambda: all(one.subscribed for one in clients))
    clients[0].mqtt.publish("all", b"1", qos=1)
    until("everybody to have it", lambda: all(one.got for one in clients))


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    broker = EmbeddedBroker("127.0.0.1", 0)
    port = broker.address[1]
    with pytest.raises(BrokerCannotListen, match=rf"{port}.*--mqtt"):
        EmbeddedBroker("127.0.0.1", port)
    broker.stop()


def test_it_stops_at_once_and_its_port_is_free_again(client: Any) -> None:
    broker = EmbeddedBroker("127.0.0.1", 0)
    broker.start()
    port = broker.address[1]
    client(port, "one").subscribe("#")
    began = time.monotonic()
    broker.stop()
    assert time.monotonic() - began < 60
    EmbeddedBroker("127.0.0.1", port).stop()


def test_nobody_who_comes_while_it_stops_stays_open(until: Any) -> None:
    broker = EmbeddedBroker("127.0.0.1", 0)
    broker.start()
    # The broker hears of them and of its end in one turn.
    late = [raw(broker.address[1]) for _ in range(60)]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        broker.stop()
        until("its end", lambda: not broker._thread.is_alive())
        assert all(is_closed(each) for each in late)
        gc.collect()
    for each in late:
        each.close()
    assert [str(each.message) for each in told] == []

"""A node that says as much as its line carries, beside a quiet one, at both brokers and with the hub's own host client."""

import socket
import time
from collections.abc import Callable
from typing import Any

from hub.ingestion.arrivals import Arrival
from hub.ingestion.reasons import Reason
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.host_client import Host, HostClient
from hub.mqtt.inbox import Inbox

ROOM, SHARE = 8_000, 1_000
FLOOD, QUIET = 3_500, 20
LOUD_TOPIC, QUIET_TOPIC = "spBv1.0/cpm3/DDATA/loud/p1-tv", "spBv1.0/cpm3/DDATA/quiet/p1-tv"
BODY = b"x" * 100


def test_the_hub_hears_a_quiet_node_behind_no_more_than_a_share_of_the_loud_one(
    broker_port: int, client: Any, until: Callable[..., Any]
) -> None:
    dropped: list[Reason] = []
    inbox = Inbox(ROOM, dropped.append)
    host = HostClient(Host("hub-cpm3", ("cpm3",), BrokerUrl("127.0.0.1", broker_port)), inbox.put)
    host.start()
    try:
        until("the host to be online", lambda: host.online)
        loud, quiet = client(broker_port, "loud"), client(broker_port, "quiet")
        for _ in range(FLOOD):
            loud.mqtt.publish(LOUD_TOPIC, BODY)
        until("a flood that is too much", lambda: dropped)
        for number in range(QUIET):
            quiet.mqtt.publish(QUIET_TOPIC, str(number).encode())
        taken: list[Arrival] = []
        seen: list[Arrival] = []

        def all_of_the_quiet_one() -> bool:
            taken.extend(event for event in inbox.take(100, 0.01) if isinstance(event, Arrival))
            seen[:] = [each for each in taken if each.topic == QUIET_TOPIC]
            return len(seen) == QUIET

        until("all that the quiet one said", all_of_the_quiet_one)
    finally:
        host.stop()
        inbox.close()
    assert [int(each.payload) for each in seen] == list(range(QUIET))
    assert set(dropped) == {Reason.FLOOD}
    before = taken.index(seen[0])
    assert before <= FLOOD - len(dropped)


def test_the_embedded_broker_lets_a_loud_one_wait_and_nobody_else(embedded: int, client: Any, until: Any) -> None:
    listener = client(embedded, "listener").subscribe("spBv1.0/#", qos=0)
    loud, quiet = client(embedded, "loud"), client(embedded, "quiet")
    began = time.monotonic()
    for _ in range(3_600):
        loud.mqtt.publish(LOUD_TOPIC, BODY)
    for number in range(QUIET):
        quiet.mqtt.publish(QUIET_TOPIC, str(number).encode())
    until("all that both said", lambda: len(listener.got) == 3_600 + QUIET)
    assert time.monotonic() - began >= 1.9, "six hundred above what may be said at once, three hundred a second"
    assert [int(body) for topic, body, _, _ in listener.got if topic == QUIET_TOPIC] == list(range(QUIET))


def test_many_that_greet_slowly_keep_nobody_out(embedded: int, client: Any, until: Any) -> None:
    """Half a CONNECT each, and then nothing: others come in meanwhile."""
    slow = [socket.create_connection(("127.0.0.1", embedded), 60) for _ in range(60)]
    try:
        for each in slow:
            each.sendall(b"\x10\x0d\x00\x04MQ")
        listener = client(embedded, "listener").subscribe("a")
        client(embedded, "talker").mqtt.publish("a", b"1", qos=1)
        until("what was said", lambda: listener.got)
    finally:
        for each in slow:
            each.close()

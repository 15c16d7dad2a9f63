"""The adapter against Mosquitto, and against peers that no broker would be."""

import queue
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from agent.adapters.paho_broker import Habits, PahoBroker, Trust
from agent.core.address import BrokerAddress
from agent.core.messages import Connected, Lost
from agent.ports import Heard

pytestmark = pytest.mark.e2e
ACCEPTED, REFUSED = b"\x20\x02\x00\x00", b"\x20\x02\x00\x05"  # CONNACK
WILL = "spBv1.0/cpm3/NDEATH/36010001"


class News:
    """What the adapter told, with deadlines."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Any] = queue.Queue()
        self.tell = self._queue.put

    def next(self, kind: type, within_s: float = 60.0) -> Any:
        deadline = time.monotonic() + within_s
        while True:
            event = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            if isinstance(event, kind):
                return event


@pytest.fixture
def news() -> News:
    return News()


Make = Callable[..., PahoBroker]


@pytest.fixture
def make_broker(news: News) -> Iterator[Make]:
    made: list[PahoBroker] = []

    def make(*urls: str, keepalive_s: int = 30, trust: Trust | None = None) -> PahoBroker:
        habits = Habits("dltv-cpm3-36010001", keepalive_s, trust or Trust())
        made.append(PahoBroker([BrokerAddress.parse(url) for url in urls], habits, news.tell))
        return made[-1]

    yield make
    for broker in made:
        broker.close(2.0)


@pytest.fixture
def witness(mosquitto: Any) -> Iterator["queue.Queue[mqtt.MQTTMessage]"]:
    """Everything that the broker delivers, with QoS up to 1."""
    heard: queue.Queue[mqtt.MQTTMessage] = queue.Queue()
    ready = threading.Event()
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _userdata, message: heard.put(message)
    client.on_subscribe = lambda *_: ready.set()
    client.connect(mosquitto.host, mosquitto.port)
    client.subscribe("#", qos=1)
    client.loop_start()
    assert ready.wait(60)
    yield heard
    client.disconnect()
    client.loop_stop()


def connected(broker: PahoBroker, news: News, attempt: int = 1, server: int = 0) -> None:
    broker.connect(attempt, server, WILL, b"will")
    assert news.next(Connected) == Connected(attempt)


@pytest.mark.tck(
    "topics-nbirth-mqtt",
    "topics-dbirth-mqtt",
    "topics-ndata-mqtt",
    "topics-ddata-mqtt",
    "topics-ddeath-mqtt",
    "payloads-nbirth-qos",
    "payloads-nbirth-retain",
    "payloads-dbirth-qos",
    "payloads-dbirth-retain",
    "payloads-ndata-qos",
    "payloads-ndata-retain",
    "payloads-ddata-qos",
    "payloads-ddata-retain",
    "message-flow-edge-node-birth-publish-nbirth-qos",
    "message-flow-edge-node-birth-publish-nbirth-retained",
    "message-flow-device-birth-publish-dbirth-qos",
    "message-flow-device-birth-publish-dbirth-retained",
)
def test_everything_is_published_with_qos_0_and_not_retained(
    make_broker: Make, mosquitto: Any, news: News, witness: Any
) -> None:
    broker = make_broker(mosquitto.url)
    connected(broker, news)
    broker.publish("spBv1.0/cpm3/NBIRTH/36010001", b"birth")
    message = witness.get(timeout=60)
    assert (message.topic, message.payload) == ("spBv1.0/cpm3/NBIRTH/36010001", b"birth")
    assert (message.qos, message.retain) == (0, False)
    assert retained(mosquitto) == []


def retained(mosquitto: Any) -> list[str]:
    """What a client that comes later is told: one message of its own marks the end of it."""
    topics: queue.Queue[str] = queue.Queue()
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _userdata, message: topics.put(message.topic)
    client.on_subscribe = lambda *_: client.publish("end", b"")
    client.connect(mosquitto.host, mosquitto.port)
    client.subscribe("#")
    client.loop_start()
    found = list(iter(lambda: topics.get(timeout=60), "end"))
    client.disconnect()
    client.loop_stop()
    return found


@pytest.mark.tck(
    "message-flow-edge-node-birth-publish-will-message-qos",
    "message-flow-edge-node-birth-publish-will-message-will-retained",
    "payloads-ndeath-will-message-qos",
    "payloads-ndeath-will-message-retain",
)
def test_a_connection_that_breaks_leaves_its_will_with_qos_1_and_not_retained(
    make_broker: Make, mosquitto: Any, news: News, witness: Any
) -> None:
    broker = make_broker(mosquitto.url)
    connected(broker, news)
    broker._connection.drop()  # type: ignore[union-attr]  # as when the power goes
    message = witness.get(timeout=60)
    assert (message.topic, message.payload, message.qos, message.retain) == (WILL, b"will", 1, False)
    assert news.next(Lost).attempt == 1
    assert retained(mosquitto) == []


def test_what_was_said_before_leaving_still_gets_out_and_the_will_does_not(
    make_broker: Make, mosquitto: Any, news: News, witness: Any
) -> None:
    broker = make_broker(mosquitto.url)
    connected(broker, news)
    for number in range(50):
        broker.publish("t", b"%d" % number)
    broker.publish(WILL, b"death")
    broker.close(5.0)
    heard = [witness.get(timeout=60).payload for _ in range(51)]
    assert heard == [*(b"%d" % number for number in range(50)), b"death"]
    assert retained(mosquitto) == []
    assert witness.get(timeout=60).topic == "end"


@pytest.mark.tck("principles-persistence-clean-session-311")
def test_a_connection_begins_with_a_clean_session(make_broker: Make, mosquitto: Any, news: News) -> None:
    broker = make_broker(mosquitto.url)
    connected(broker, news)
    broker.subscribe(["a"])
    broker.publish("a", b"first")
    assert news.next(Heard).payload == b"first"
    connected(broker, news, attempt=2)
    broker.subscribe(["b"])
    broker.publish("a", b"nobody subscribed this now")
    broker.publish("b", b"second")
    assert news.next(Heard).payload == b"second"


def test_what_is_heard_says_by_which_connection_and_whether_it_was_retained(
    make_broker: Make, mosquitto: Any, news: News
) -> None:
    broker = make_broker(mosquitto.url)
    teller = mqtt.Client(CallbackAPIVersion.VERSION2)
    teller.connect(mosquitto.host, mosquitto.port)
    teller.loop_start()
    teller.publish("state", b"kept", qos=1, retain=True).wait_for_publish(60)
    connected(broker, news, attempt=3)
    broker.subscribe(["state"])
    assert news.next(Heard) == Heard(3, "state", b"kept", retained=True)
    teller.publish("state", b"now", qos=1).wait_for_publish(60)
    assert news.next(Heard) == Heard(3, "state", b"now", retained=False)
    teller.disconnect()
    teller.loop_stop()


def test_a_port_where_nobody_listens_is_told_without_a_connect_having_left(make_broker: Make, news: News) -> None:
    broker = make_broker("mqtt://127.0.0.1:1")
    broker.connect(1, 0, WILL, b"")
    lost = news.next(Lost)
    assert (lost.attempt, lost.sent) == (1, False)
    assert "mqtt://127.0.0.1:1" in lost.reason
    assert "refused" in lost.reason


def test_a_host_name_that_does_not_exist_is_told(make_broker: Make, news: News) -> None:
    broker = make_broker("mqtt://no-such-host.invalid")
    broker.connect(1, 0, WILL, b"")
    assert news.next(Lost).sent is False


def test_a_broker_that_dies_is_told(make_broker: Make, mosquitto: Any, news: News) -> None:
    broker = make_broker(mosquitto.url)
    connected(broker, news)
    mosquitto.kill()
    lost = news.next(Lost)
    assert (lost.attempt, lost.sent) == (1, True)
    broker.publish("t", b"into the void")
    assert broker.unsent() == 0


def test_a_password_that_is_wrong_is_told_and_not_shown(make_broker: Make, news: News, peer: Any) -> None:
    broker = make_broker(f"mqtt://school:hunter2@127.0.0.1:{peer(REFUSED)}")
    broker.connect(1, 0, WILL, b"")
    reason = news.next(Lost).reason
    assert "refuses this agent (Not authorized): check user, password" in reason
    assert "hunter2" not in reason


@pytest.fixture
def peer() -> Iterator[Callable[[bytes], int]]:
    """Accepts a connection, answers with these bytes to whatever comes, and keeps it open. Returns its port."""
    opened: list[socket.socket] = []

    def start(answer: bytes) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        opened.append(listener)
        threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
        return int(listener.getsockname()[1])

    def serve(listener: socket.socket, answer: bytes) -> None:
        connection, _ = listener.accept()
        opened.append(connection)
        connection.recv(4096)
        connection.sendall(answer)

    yield start
    for each in opened:
        each.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n" + 100 * b" ",
        ACCEPTED + b"\xf0\x00",
        ACCEPTED + b"\x30\xff\xff\xff\xff\xff",
        ACCEPTED + b"\x90\x01\x00",
        ACCEPTED + b"\x30\x04" + struct.pack("!H", 900) + b"ab",
        b"\x20\x00",
    ],
)
def test_a_peer_that_talks_rubbish_ends_its_connection_and_nothing_else(
    make_broker: Make, news: News, peer: Any, mosquitto: Any, answer: bytes
) -> None:
    broker = make_broker(f"mqtt://127.0.0.1:{peer(answer)}", mosquitto.url)
    broker.connect(1, 0, WILL, b"")
    assert news.next(Lost).attempt == 1
    connected(broker, news, attempt=2, server=1)


def test_a_peer_that_never_answers_can_be_left(make_broker: Make, news: News, peer: Any, mosquitto: Any) -> None:
    broker = make_broker(f"mqtt://127.0.0.1:{peer(b'')}", mosquitto.url)
    broker.connect(1, 0, WILL, b"")
    connected(broker, news, attempt=2, server=1)


def test_what_the_network_has_not_taken_yet_is_counted(make_broker: Make, news: News, peer: Any) -> None:
    broker = make_broker(f"mqtt://127.0.0.1:{peer(ACCEPTED)}")
    connected(broker, news)
    for _ in range(400):
        broker.publish("t", b"x" * 100_000)
    assert broker.unsent() > 100
    broker._connection.drop()  # type: ignore[union-attr]


def test_an_inbox_that_fails_ends_the_connection_and_nothing_else(mosquitto: Any, witness: Any) -> None:
    told: queue.Queue[Any] = queue.Queue()

    def tell(event: Any) -> None:
        told.put(event)
        if isinstance(event, Connected):
            raise RuntimeError("no room")

    broker = PahoBroker([BrokerAddress.parse(mosquitto.url)], Habits("c", 30, Trust()), tell)
    broker.connect(1, 0, WILL, b"will")
    assert told.get(timeout=60) == Connected(1)
    assert "RuntimeError: no room" in told.get(timeout=60).reason
    assert witness.get(timeout=60).payload == b"will"
    broker.close(1.0)

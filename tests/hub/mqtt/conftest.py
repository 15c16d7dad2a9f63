"""Both brokers that the hub works with, and plain MQTT clients to try them with."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.mqtt.embedded_broker import EmbeddedBroker

PATIENCE_S = 10.0


def wait_until(what: str, probe: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """The first true answer of `probe`; fails when none comes in time."""
    deadline = time.monotonic() + patience_s
    while not (answer := probe()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {patience_s:.0f} s in vain for: {what}")
        time.sleep(0.01)
    return answer


@pytest.fixture
def until() -> Callable[..., Any]:
    return wait_until


@pytest.fixture
def embedded() -> Iterator[int]:
    """The port of an embedded broker."""
    broker = EmbeddedBroker("127.0.0.1", 0)
    broker.start()
    yield broker.address[1]
    broker.stop()


@pytest.fixture(params=["embedded", "mosquitto"])
def broker_port(request: pytest.FixtureRequest) -> int:
    broker = request.getfixturevalue(request.param)
    return int(broker if request.param == "embedded" else broker.port)


class Client:
    """A plain MQTT client that remembers what it got: (topic, payload, retained, qos)."""

    def __init__(self, port: int, client_id: str, **habits: Any) -> None:
        self.got: list[tuple[str, bytes, bool, int]] = []
        self.subscribed = 0
        self.lost = False
        self.mqtt = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=True, reconnect_on_failure=False
        )
        if "will" in habits:
            self.mqtt.will_set(*habits["will"])
        self.mqtt.on_message = self._take
        self.mqtt.on_subscribe = self._count
        self.mqtt.on_disconnect = self._end
        self.mqtt.connect("127.0.0.1", port, habits.get("keepalive", 30))
        self.mqtt.loop_start()
        wait_until(f"{client_id} to connect", self.mqtt.is_connected)

    def subscribe(self, *filters: str, qos: int = 1) -> "Client":
        wanted = self.subscribed + 1
        self.mqtt.subscribe([(each, qos) for each in filters])
        wait_until("SUBACK", lambda: self.subscribed >= wanted)
        return self

    def topics(self) -> list[str]:
        return [topic for topic, *_ in self.got]

    def cut(self) -> None:
        """End as a crash would: no DISCONNECT."""
        self.mqtt.loop_stop()
        sock = self.mqtt.socket()
        if sock is not None:
            sock.close()

    def close(self) -> None:
        self.mqtt.disconnect()
        self.mqtt.loop_stop()

    def _take(self, _client: Any, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        self.got.append((message.topic, bytes(message.payload), bool(message.retain), message.qos))

    def _count(self, *_: Any) -> None:
        self.subscribed += 1

    def _end(self, *_: Any) -> None:
        self.lost = True


@pytest.fixture
def client() -> Iterator[Callable[..., Client]]:
    """Connect a client: client(port, "name", will=(topic, payload, qos, retain), keepalive=30)."""
    made: list[Client] = []

    def connect(port: int, client_id: str, **habits: Any) -> Client:
        made.append(Client(port, client_id, **habits))
        return made[-1]

    yield connect
    for one in made:
        one.close()

"""A small Sparkplug host of the tests' own: strict, and it commands."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from wire import payloads
from wire.aliases import AliasTable
from wire.controls import command
from wire.counters import following
from wire.hoststate import HostState
from wire.metrics import Metric
from wire.payloads import Payload
from wire.topics import MessageType, Topic, state_topic

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Arrived:
    """A message, its metrics under their names; at is the time of its arrival (monotonic s)."""

    topic: Topic
    payload: Payload
    metrics: dict[str, Metric]
    at: float

    @property
    def brief(self) -> str:
        return " ".join(filter(None, (self.topic.type.value, self.topic.device)))


class SmallHost:
    """Follows one group. Every alias must be known; a gap in seq is counted."""

    def __init__(self, host_id: str = "hub-cpm3") -> None:
        self.host_id = host_id
        self.heard: list[Arrived] = []
        self.gaps = 0
        self.errors: list[str] = []
        self.since = 0
        self._changed = threading.Condition()
        self._names, self._seq = AliasTable(), 0

    def connect(self, mosquitto: Any, *, online: bool = True) -> None:
        ready = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._hear
        self._client.on_connect = lambda *_: self._client.subscribe("spBv1.0/cpm3/#", qos=1)
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.reconnect_delay_set(1, 1)
        self.since = int(time.time() * 1000)
        self._client.will_set(state_topic(self.host_id), HostState(False, self.since).encode(), qos=1, retain=True)
        self._client.connect(mosquitto.host, mosquitto.port, keepalive=5)
        self._client.loop_start()
        assert ready.wait(PATIENCE_S)
        if online:
            self.say(online=True)

    def say(self, *, online: bool) -> None:
        self.since += 1
        document = HostState(online, self.since).encode()
        self._client.publish(state_topic(self.host_id), document, qos=1, retain=True).wait_for_publish(PATIENCE_S)

    def command(self, **values: Any) -> None:
        """command(Rebirth=True), command(Replay_From=1, Replay_To=5)"""
        metrics = [command(f"Node Control/{name.replace('_', ' ')}", value) for name, value in values.items()]
        self._client.publish("spBv1.0/cpm3/NCMD/36010001", payloads.encode(metrics, timestamp=self.since))

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def until(self, what: str, probe: Callable[[], Any], within_s: float = PATIENCE_S) -> Any:
        with self._changed:
            if not self._changed.wait_for(probe, within_s):
                pytest.fail(f"waited {within_s} s in vain for {what}: {self.briefs[-20:]} {self.errors}")
            return probe()

    @property
    def briefs(self) -> list[str]:
        return [arrived.brief for arrived in list(self.heard)]

    def of_kind(self, brief: str) -> list[Arrived]:
        return [arrived for arrived in list(self.heard) if arrived.brief == brief]

    @property
    def told(self) -> dict[int, set[Any]]:
        """What was told of the set's hours under each offset."""
        told: dict[int, set[Any]] = {}
        for arrived in list(self.heard):
            if "Journal/Offset" in arrived.metrics and arrived.topic.type is MessageType.DDATA:
                told.setdefault(int(arrived.metrics["Journal/Offset"].value or 0), set()).add(
                    arrived.metrics["panel/hours"].value if "panel/hours" in arrived.metrics else None
                )
        return told

    def _hear(self, _client: Any, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        with self._changed:
            try:
                self._take(Topic.parse(message.topic), payloads.decode(message.payload))
            except Exception as error:  # noqa: BLE001  the test that waits shows it
                self.errors.append(f"{message.topic}: {type(error).__name__}: {error}")
            self._changed.notify_all()

    def _take(self, topic: Topic, payload: Payload) -> None:
        if topic.type is MessageType.NCMD:
            return
        if topic.type is MessageType.NBIRTH:
            self._names, self._seq = AliasTable(), 0
        if topic.type is not MessageType.NDEATH:
            self.gaps += payload.seq != self._seq
            self._seq = following(payload.seq or 0)
        if topic.type in (MessageType.NBIRTH, MessageType.DBIRTH):
            self._names.announce(topic.device, payload.metrics)
        metrics = [metric for metric in payload.metrics if topic.type is not MessageType.NDEATH]
        resolved = [self._names.resolve(topic.device, metric) for metric in metrics]
        self.heard.append(Arrived(topic, payload, {str(each.name): each for each in resolved}, time.monotonic()))


@pytest.fixture
def small_host(mosquitto: Any) -> Iterator[SmallHost]:
    host = SmallHost()
    host.connect(mosquitto)
    yield host
    host.close()


@pytest.fixture
def make_host() -> Iterator[Callable[..., SmallHost]]:
    made: list[SmallHost] = []

    def make(mosquitto: Any, *, online: bool = True) -> SmallHost:
        made.append(SmallHost())
        made[-1].connect(mosquitto, online=online)
        return made[-1]

    yield make
    for host in made:
        host.close()

"""The smallest hub there can be: says that it is online, and acknowledges what agents report, at most once a minute each."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.certificates import Issuer
from wire import controls, payloads
from wire.metrics import DataType, Metric
from wire.topics import MessageType, Topic

NAME = "hub-cpm3"
_BIRTHS = (MessageType.NBIRTH, MessageType.DBIRTH)


class Host:
    """ack_every_s: of each node that it acknowledges."""

    def __init__(self, port: int, issuer: Issuer, ack_every_s: dict[str, float]) -> None:
        self._awaited: dict[str, threading.Event] = {}
        self._reported: dict[str, float] = {}
        self._every, self._acked = ack_every_s, dict.fromkeys(ack_every_s, 0.0)
        self._aliases: dict[tuple[str, str | None], int] = {}
        pair = issuer.issue(NAME)
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=NAME)
        self.client.tls_set(str(issuer.ca), str(pair.certificate), str(pair.key))
        self.client.on_message = self._on_message
        self.client.on_subscribe = self._on_subscribe
        self._ready = threading.Event()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.client.subscribe("spBv1.0/cpm3/#", 1)
        self._ready.wait(20)

    @property
    def port(self) -> int:
        """Its own, from which it speaks to the broker."""
        line = self.client.socket()
        assert isinstance(line, socket.socket)
        return int(line.getsockname()[1])

    def expect(self, node: str) -> None:
        self._awaited[node] = threading.Event()

    def first_report(self, node: str, within_s: float) -> float:
        """When it came (monotonic). Raises KeyError where none did."""
        self._awaited[node].wait(within_s)
        return self._reported[node]

    def _on_subscribe(self, *_: object) -> None:
        state = json.dumps({"online": True, "timestamp": int(time.time() * 1000)})
        self.client.publish(f"spBv1.0/STATE/{NAME}", state, qos=1, retain=True)
        self._ready.set()

    def _on_message(self, _client: object, _userdata: object, message: mqtt.MQTTMessage) -> None:
        topic = Topic.parse(message.topic)
        node, key = topic.node, (topic.node, topic.device)
        if topic.type in _BIRTHS:
            for metric in payloads.decode(bytes(message.payload)).metrics:
                if metric.name == controls.JOURNAL_OFFSET and metric.alias is not None:
                    self._aliases[key] = metric.alias
        elif topic.type in (MessageType.NDATA, MessageType.DDATA):
            self._reported.setdefault(node, time.monotonic())
            if node in self._awaited:
                self._awaited[node].set()
            self._acknowledge(node, payloads.decode(bytes(message.payload)), self._aliases.get(key))

    def _acknowledge(self, node: str, payload: payloads.Payload, alias: int | None) -> None:
        now = time.monotonic()
        offset = next((each.value for each in payload.metrics if each.alias == alias), None)
        if offset is None or node not in self._every or now - self._acked[node] < self._every[node]:
            return
        self._acked[node] = now
        ack = Metric(controls.JOURNAL_ACK, offset, DataType.UINT64, timestamp=int(time.time() * 1000))
        self.client.publish(f"spBv1.0/cpm3/NCMD/{node}", payloads.encode([ack], timestamp=ack.timestamp))


@contextmanager
def a_host(port: int, issuer: Issuer, ack_every_s: dict[str, float]) -> Iterator[Host]:
    host = Host(port, issuer, ack_every_s)
    try:
        yield host
    finally:
        host.client.loop_stop()

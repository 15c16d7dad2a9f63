"""The hub as a Sparkplug host application at one broker, under one host id: STATE out, the groups' messages in, NCMD out.

Order of a connection (Sparkplug 3.0, chapter 5, "Sparkplug Host Application Session Establishment"):
1. CONNECT with a will: STATE offline, stamped with this very CONNECT; a clean session.
2. SUBSCRIBE to the own STATE and to the groups.
3. STATE online with the will's timestamp.
4. On a clean stop: STATE offline, stamped with now, then DISCONNECT.
What the messages mean is left to ingestion.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from hub.ingestion.arrivals import Arrival, Event, Linked, NodeCommand, Unlinked
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.buffered_client import BufferedClient
from hub.mqtt.tls import SYSTEM_TRUST, TlsFiles
from wire.controls import REBIRTH
from wire.errors import StateError
from wire.hoststate import HostState
from wire.payloads import encode
from wire.topics import MessageType, Topic, group_wildcard, state_topic

log = logging.getLogger(__name__)

TCP_WITHIN_S = 5.0
KEEPALIVE_S = 20
_RETRY_S = (0.5, 1.0, 2.0, 5.0, 10.0)
_FAREWELL_S = 2.0

Clock = Callable[[], int]


def utc_ms() -> int:
    """The system's clock, ms since 1970 UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Host:
    """host_id  unique among all hosts (tck-id-operational-behavior-host-application-host-id)
    groups   what it listens to
    files    whom to trust over TLS, and who we are
    """

    host_id: str
    groups: tuple[str, ...]
    broker: BrokerUrl
    files: TlsFiles = SYSTEM_TRUST


class HostClient:
    """Connects, and connects anew whenever the connection is lost, in a thread of its own. `tell` takes what happens."""

    def __init__(
        self, host: Host, tell: Callable[[Event], None], clock: Clock = utc_ms, *, keepalive_s: int = KEEPALIVE_S
    ) -> None:
        self.host, self._tell, self._clock, self._keepalive_s = host, tell, clock, keepalive_s
        self._stopping = threading.Event()
        self._connection: _Connection | None = None
        self._complaint = ""
        self._newest = -1
        self._thread = threading.Thread(target=self._run, name=f"mqtt-{host.host_id}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def online(self) -> bool:
        """Whether its STATE birth is out."""
        connection = self._connection
        return connection is not None and connection.born

    @property
    def trouble(self) -> str:
        """Why it is not online, in one line; empty when it is or was never refused."""
        return "" if self.online else self._complaint or f"no session with {self.host.broker} yet"

    def send(self, command: NodeCommand) -> None:
        """Without a connection it is lost, like any MQTT message of QoS 0; whoever wants it asks again."""
        connection = self._connection
        if connection is not None and connection.born:
            connection.command(command)

    def stop(self) -> None:
        """Say goodbye and end the session."""
        self._stopping.set()
        connection = self._connection
        if connection is not None:
            connection.say_goodbye()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL_S)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            since = max(self._clock(), self._newest + 1)
            self._connection = connection = _Connection(self.host, self._tell, self._clock, self._stopping, since)
            reason = connection.converse(self._keepalive_s)
            self._newest = connection.newest
            if self._stopping.is_set():
                return
            failures = 0 if connection.born else failures + 1
            self._complain(reason)
            self._stopping.wait(_RETRY_S[min(failures, len(_RETRY_S) - 1)])

    def _complain(self, reason: str) -> None:
        """Once for each new reason, or the log would hold nothing else."""
        complaint = f"broker {self.host.broker}: {reason}; trying on (--broker, or [broker] url, names it)"
        log.log(logging.DEBUG if complaint == self._complaint else logging.WARNING, "%s", complaint)
        self._complaint = complaint


class _Connection:
    """One MQTT connection, from CONNECT to its end. Each has a client and a will of its own.

    since   the timestamp of its birth and of its will, ms
    newest  of all that was said in the name of this host, as far as it is known
    """

    def __init__(
        self, host: Host, tell: Callable[[Event], None], clock: Clock, stopping: threading.Event, since: int
    ) -> None:
        self._host, self._tell, self._clock, self._stopping = host, tell, clock, stopping
        self._topic = state_topic(host.host_id)
        self._since = self.newest = since
        self._refusal = ""
        self._linked = False
        self.born = False
        self._client = self._make_client()

    def converse(self, keepalive_s: int) -> str:
        """Connect and stay. Returns why it ended."""
        try:
            return self._stay(keepalive_s)
        except (OSError, ValueError) as error:
            return str(error) or type(error).__name__
        finally:
            self.born = False
            self._drop()
            if self._linked:
                self._tell(Unlinked(self._host.groups, self._clock()))

    def command(self, command: NodeCommand) -> None:
        """QoS 0, not retained, no seq (tck-id-payloads-ncmd-qos, -retain, -seq).

        Commands leave datatypes out, as they should (tck-id-payloads-metric-datatype-not-req), but for Rebirth: that one
        goes to nodes of any make, and some decoders cannot read a value without it.
        """
        named = any(metric.name == REBIRTH for metric in command.metrics)
        payload = encode(command.metrics, timestamp=self._clock(), datatypes=named)
        self._client.publish(
            str(Topic(command.node.group, MessageType.NCMD, command.node.name)), payload, qos=0, retain=False
        )

    def say_goodbye(self) -> None:
        """tck-id-host-topic-phid-death-payload-timestamp-disconnect-clean; nodes ignore one that is older than its birth."""
        if self.born:
            farewell = HostState(online=False, timestamp=max(self._clock(), self._since))
            try:
                self._publish_state(farewell).wait_for_publish(_FAREWELL_S)
            except (RuntimeError, ValueError) as error:
                log.debug("the farewell could not be sent: %s", error)
        self._client.disconnect()

    def _stay(self, keepalive_s: int) -> str:
        broker = self._host.broker
        if broker.tls:
            self._client.tls_set_context(self._host.files.for_client())
        result = self._client.connect(broker.host, broker.port, keepalive_s)
        while result == MQTTErrorCode.MQTT_ERR_SUCCESS and not self._refusal:
            result = self._client.hear(1.0)
        return self._refusal or mqtt.error_string(result)

    def _make_client(self) -> BufferedClient:
        client = BufferedClient(
            CallbackAPIVersion.VERSION2,
            client_id=self._host.host_id,
            clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = TCP_WITHIN_S
        if self._host.broker.username is not None:
            client.username_pw_set(self._host.broker.username, self._host.broker.password)
        client.will_set(self._topic, HostState(online=False, timestamp=self._since).encode(), qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        # Tells paho that only one thread writes to the socket: publish() then leaves that to loop().
        client.on_socket_register_write = _leave_it_to_the_loop
        return client

    def _on_connect(self, client: mqtt.Client, _userdata: Any, _flags: Any, code: ReasonCode, _properties: Any) -> None:
        if code.is_failure:
            self._refusal = f"it refuses this hub ({code}): check user, password and certificate"
            return
        self._linked = True
        self._tell(Linked(self._host.groups, self._clock()))
        client.subscribe([(self._topic, 1), *((group_wildcard(group), 1) for group in self._host.groups)])

    def _on_subscribe(self, _client: Any, _userdata: Any, _mid: int, codes: list[ReasonCode], _properties: Any) -> None:
        if any(code.is_failure for code in codes):
            self._refusal = "it does not let this hub listen to its groups: check the broker's access rules"
            return
        log.info("host %s is online at %s for %s", self._host.host_id, self._host.broker, ", ".join(self._host.groups))
        self._be_born()

    def _on_message(self, client: Any, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        # A broker answers a ping behind all that waits for this client, which takes minutes where a country is born anew. paho
        # counts only that answer as a sign of life (loop_misc), and has no public way to tell it that others are as good.
        client._ping_t = 0.0
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        if topic == self._topic:
            self._hear_own_state(bytes(message.payload))
        else:
            self._tell(Arrival(topic, bytes(message.payload), self._clock(), bool(message.retain)))

    def _hear_own_state(self, payload: bytes) -> None:
        """A will of an earlier connection came late (tck-id-message-flow-hid-sparkplug-state-message-delivered).

        Rubbish is put right as well: where it is retained, no node that connects from then on would find its host.
        The farewell of our own clean stop is not answered: the broker would keep "online" for ever.
        What is newer than our birth, nodes believe instead of it, and only a connection with a newer birth outdates it: the
        farewell of another process that gave the district to us and was slow to say so, or all that was said while this
        computer's clock was ahead. Nodes would wait until it is as late as that.
        """
        if self._stopping.is_set():
            return
        said = _state_in(payload)
        if said is not None and said.timestamp > self._since:
            self.newest = max(self.newest, said.timestamp)
            self._refusal = "something that was said in the name of this host is newer than its birth"
        elif self.born and (said is None or not said.online):
            self._be_born()

    def _be_born(self) -> None:
        """tck-id-host-topic-phid-birth-payload-timestamp: the will's timestamp."""
        self._publish_state(HostState(online=True, timestamp=self._since))
        self.born = True

    def _publish_state(self, state: HostState) -> mqtt.MQTTMessageInfo:
        return self._client.publish(self._topic, state.encode(), qos=1, retain=True)

    def _drop(self) -> None:
        """Close the socket as it is: without a DISCONNECT the broker publishes the will."""
        socket = self._client.socket()
        if socket is not None:
            socket.close()


def _state_in(payload: bytes) -> HostState | None:
    """None for rubbish."""
    try:
        return HostState.decode(payload)
    except StateError:
        return None


def _leave_it_to_the_loop(_client: mqtt.Client, _userdata: Any, _socket: Any) -> None:
    """There is nothing to register: loop() looks for itself what there is to write."""

"""One MQTT connection at a time through paho: each in a thread and a client of its own, so that nothing of an old one is left.

What paho tells in its thread is put into the inbox; the thread ends with its connection, whatever happens in it. Reconnecting,
and everything that is said, is decided in agent.core.session. MQTT 3.1.1 with a clean session
(tck-id-principles-persistence-clean-session-311).
"""

import contextlib
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from agent.core.address import BrokerAddress
from agent.core.messages import Connected, Lost, TrustChanged
from agent.ports import Heard

log = logging.getLogger(__name__)

TCP_WITHIN_S = 10.0
PREVIOUS_WITHIN_S = 30.0
MAX_QUEUED = 100


_LOOK_EVERY_S = 10.0
"""Each look is a wake and three calls to the kernel: what a quiet day costs, costs most by its wakes."""
_CORK: int | None = getattr(socket, "TCP_CORK", None)
"""Of Linux."""
_NOT_YET_VALID, _EXPIRED = 9, 10  # OpenSSL's X509_V_ERR_…
Stamp = tuple[tuple[int, int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """Files for mqtts: whom to trust (None: the system's CAs), and who we are (None: by password alone)."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def stamp(self) -> Stamp:
        """Another one when a file is another one."""
        return tuple(_stamp(path) for path in (self.ca, self.certificate, self.key))

    def usable(self) -> bool:
        """Whether the files belong together; while they are written they may not."""
        try:
            self.context()
        except OSError:
            return False
        return True

    def context(self) -> ssl.SSLContext:
        """Raises OSError (also ssl.SSLError) for files that cannot be used."""
        context = ssl.create_default_context(cafile=None if self.ca is None else str(self.ca))
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context


@dataclass(frozen=True, slots=True)
class Habits:
    client_id: str
    keepalive_s: int
    trust: Trust


Tell = Callable[[Connected | Lost | Heard | TrustChanged], None]


class PahoBroker:
    """`tell` is called from the network's threads; it may block."""

    def __init__(self, addresses: Sequence[BrokerAddress], habits: Habits, tell: Tell) -> None:
        self._addresses, self._habits, self._tell = addresses, habits, tell
        self._connection: _Connection | None = None

    def connect(self, attempt: int, server: int, will_topic: str, will: bytes) -> None:
        self.disconnect()
        link = _Connection(attempt, self._addresses[server], self._habits, self._tell, after=self._connection)
        link.client.will_set(will_topic, will, qos=1, retain=False)
        self._connection = link
        link.start()

    def subscribe(self, topics: Sequence[str]) -> None:
        if self._connection is not None:
            self._connection.client.subscribe([(topic, 1) for topic in topics])

    def publish(self, topic: str, payload: bytes) -> None:
        if self._connection is not None:
            self._connection.publish(topic, payload)

    def unsent(self) -> int:
        return 0 if self._connection is None else self._connection.unsent()

    def disconnect(self) -> None:
        if self._connection is not None:
            self._connection.leave()

    def close(self, within_s: float) -> None:
        """Leave, and give what was said that long to get out."""
        if self._connection is not None:
            self._connection.leave()
            self._connection.join(within_s)
            self._connection.drop()


class _Connection(threading.Thread):
    def __init__(
        self,
        attempt: int,
        address: BrokerAddress,
        habits: Habits,
        tell: Tell,
        *,
        after: threading.Thread | None,
    ) -> None:
        super().__init__(name=f"mqtt-{attempt}", daemon=True)
        self._attempt, self._address, self._habits, self._tell, self._after = attempt, address, habits, tell, after
        self._leaving = False
        self._sent_connect = False
        self._refusal = ""
        self._handed = self._written = 0
        self._shown = self._seen = habits.trust.stamp()
        self._look_at = 0.0
        self.client = self._make_client()

    def run(self) -> None:
        try:
            reason = self._converse()
        except Exception as error:  # noqa: BLE001  whatever paho, the system or a peer comes up with ends this connection, not the agent
            reason = _reason(error)
        self.drop()
        self._tell(Lost(self._attempt, f"{self._address}: {reason}", sent=self._sent_connect))

    def publish(self, topic: str, payload: bytes) -> None:
        if self.client.publish(topic, payload, qos=0, retain=False).rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._handed += 1

    def unsent(self) -> int:
        return self._handed - self._written

    def leave(self) -> None:
        self._leaving = True
        self.client.disconnect()

    def drop(self) -> None:
        """Close the socket as it is: without a DISCONNECT the broker publishes the will."""
        sock = self.client.socket()
        if isinstance(sock, socket.socket):
            # Shut down first: while another thread waits for this socket, closing alone would tell nobody.
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _converse(self) -> str:
        if self._after is not None:
            self._after.join(PREVIOUS_WITHIN_S)
            self._after = None
        if self._address.tls:
            self._shown = self._seen = self._habits.trust.stamp()
            self.client.tls_set_context(self._habits.trust.context())
        result = self.client.connect(self._address.host, self._address.port, self._habits.keepalive_s)
        # Woken by the socket and by publish(); the timeout only has to be short enough for the keepalive.
        while result == MQTTErrorCode.MQTT_ERR_SUCCESS and not self._refusal:
            result = self.client.loop(min(_LOOK_EVERY_S, self._habits.keepalive_s / 3))
            self._look_at_trust(time.monotonic())
        return self._refusal or mqtt.error_string(result)

    def _look_at_trust(self, mono: float) -> None:
        """Renewed certificates are told once they are whole, and have been the same at two looks."""
        if not self._address.tls or mono < self._look_at:
            return
        self._look_at = mono + _LOOK_EVERY_S
        before, self._seen = self._seen, self._habits.trust.stamp()
        if self._seen == before and self._seen != self._shown and self._habits.trust.usable():
            self._shown = self._seen
            self._tell(TrustChanged(self._attempt))

    def _make_client(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._habits.client_id,
            clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = TCP_WITHIN_S
        client.max_queued_messages_set(MAX_QUEUED)
        if self._address.user is not None:
            client.username_pw_set(self._address.user, self._address.password)
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        # Tells paho that only this thread writes to the socket: publish() then leaves writing to loop().
        client.on_socket_register_write = _leave_it_to_the_loop
        return client

    def _on_socket_open(self, _client: mqtt.Client, _userdata: Any, _socket: Any) -> None:
        if self._leaving:
            raise ConnectionAbortedError("no longer wanted")
        self._sent_connect = True

    def _on_connect(self, _client: Any, _userdata: Any, _flags: Any, code: ReasonCode, _properties: Any) -> None:
        if code.is_failure:
            self._refusal = f"the broker refuses this agent ({code}): check user, password and certificate"
        else:
            self._tell(Connected(self._attempt))

    def _gather(self) -> None:
        """From now on messages of one moment go in few packets: the kernel holds back what fills none, at most for 0.2 s."""
        sock = self.client.socket()
        if _CORK is not None and isinstance(sock, socket.socket):
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, _CORK, 1)

    def _on_subscribe(self, _client: Any, _userdata: Any, _mid: int, codes: list[ReasonCode], _properties: Any) -> None:
        if any(code.is_failure for code in codes):
            self._refusal = "the broker refuses to let this agent hear its commands or its host: check its access rules"
        else:
            self._gather()

    def _on_message(self, _client: Any, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return
        self._tell(Heard(self._attempt, topic, bytes(message.payload), message.retain))

    def _on_publish(self, _client: Any, _userdata: Any, _mid: int, _code: Any, _properties: Any) -> None:
        self._written += 1


def _stamp(path: Path | None) -> tuple[int, int, int] | None:
    try:
        status = None if path is None else path.stat()
    except OSError:
        return None
    return None if status is None else (status.st_ino, status.st_mtime_ns, status.st_size)


def _reason(error: Exception) -> str:
    """A computer without a battery for its clock begins in the past: that is said, for it looks like an attack otherwise."""
    if isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in (_NOT_YET_VALID, _EXPIRED):
        when = "is not valid yet" if error.verify_code == _NOT_YET_VALID else "has ended"
        return f"by this computer's clock ({time.strftime('%Y-%m-%d %H:%M')}) the broker's certificate {when}: is it right?"
    return f"{type(error).__name__}: {error}"


def _leave_it_to_the_loop(_client: mqtt.Client, _userdata: Any, _socket: Any) -> None:
    """There is nothing to register: see _Connection._make_client."""

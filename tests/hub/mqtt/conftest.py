"""Both brokers that the hub works with, open and guarded by certificates, and plain MQTT clients to try them with."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import paho.mqtt.client as mqtt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateSigningRequestBuilder, Name
from paho.mqtt.enums import CallbackAPIVersion

from hub.core.equipment import NodeKey
from hub.enrolment.certificate import Issued, Revoked
from hub.mqtt.access import KEEPER, Access
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.dynamic_security import first_file
from hub.mqtt.embedded_broker import EmbeddedBroker
from hub.mqtt.gatekeeper import Gatekeeper
from hub.mqtt.host_client import utc_ms
from hub.mqtt.mosquitto_conf import BrokerPlan, configuration
from hub.mqtt.rule_keeper import RuleKeeper
from hub.mqtt.tls import TlsFiles
from hub.pki.authority import Authority
from hub.pki.kept import keep_client, keep_server
from hub.pki.revocation_list import revocation_list
from tests.hangups import hang_up

PATIENCE_S = 60.0
HOST_ID = "hub-cpm3"


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
        if "files" in habits:
            self.mqtt.tls_set_context(habits["files"].for_client())
        self.refused = 0
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

    def _count(self, _client: Any, _userdata: Any, _mid: int, codes: list[Any], _properties: Any) -> None:
        self.refused += sum(code.is_failure for code in codes)
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


class Office:
    """A hub's authority, and what it has issued, as files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority(folder / "pki", utc_ms())
        self.nodes: frozenset[NodeKey] = frozenset()
        self.revoked: dict[int, NodeKey] = {}
        self.issued: dict[NodeKey, Issued] = {}
        self._numbers = count()

    def server(self) -> TlsFiles:
        kept = keep_server(self.authority, "broker", ["localhost", "127.0.0.1"], utc_ms())
        return TlsFiles(self.authority.bundle, kept.certificate, kept.key)

    def client(self, common: str) -> TlsFiles:
        kept = keep_client(self.authority, common, common, utc_ms())
        return TlsFiles(self.authority.bundle, kept.certificate, kept.key)

    def enrol(self, node: NodeKey, now: int | None = None) -> TlsFiles:
        """A certificate for a key that the node made, and its place among those that are let in."""
        key = ec.generate_private_key(ec.SECP256R1())
        request = CertificateSigningRequestBuilder().subject_name(Name([])).sign(key, SHA256())
        issued = self.authority.node(request.public_bytes(Encoding.PEM).decode(), node, 90, now or utc_ms())
        place = self.folder / f"{node.name}-{next(self._numbers)}"
        certificate, private = place.with_suffix(".pem"), place.with_suffix(".key")
        certificate.write_text(issued.pem + "".join(self.authority.chain))
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self.nodes |= {node}
        self.issued[node] = issued
        return TlsFiles(self.authority.bundle, certificate, private)

    def revoke(self, node: NodeKey, *, stays: bool = False) -> None:
        """`stays`: the node has another certificate already."""
        self.revoked[int(self.issued[node].serial, 16)] = node
        self.nodes = self.nodes if stays else self.nodes - {node}

    @property
    def access(self) -> Access:
        return Access({HOST_ID: ("cpm3", "cpm4")}, self.nodes, dict(self.revoked))

    def revocation_list(self) -> bytes:
        issuer = self.authority.active.fingerprint
        return revocation_list(
            self.authority, [Revoked(f"{each:x}", issuer, utc_ms()) for each in self.revoked], utc_ms()
        )


class Guarded(Protocol):
    """A broker that lets in who has a certificate."""

    port: int

    def tell(self) -> None:
        """Who is let in and who is not, as the office has it now; returns when it is so."""

    def stop(self) -> None: ...


class GuardedEmbedded:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._gatekeeper = Gatekeeper(office.server(), office.access)
        self._broker = EmbeddedBroker("127.0.0.1", 0, self._gatekeeper)
        self._broker.start()
        self.port = self._broker.address[1]

    def tell(self) -> None:
        self._gatekeeper.admit(self._office.access)

    def stop(self) -> None:
        self._broker.stop()


class GuardedMosquitto:
    """By the configuration that the hub writes; the signal that a path unit of systemd gives comes from here."""

    def __init__(self, office: Office, port: int) -> None:
        self._office, self.port = office, port
        self._state = office.folder / "state"
        self._state.mkdir()
        plan = BrokerPlan(office.folder, self._state, "127.0.0.1", port)
        # Started by root it would become another user, who may not look into the folders of tests.
        stay = "user root\n" if os.geteuid() == 0 else ""
        (office.folder / "mosquitto.conf").write_text(configuration(plan) + stay)
        (self._state / "dynamic-security.json").write_text(first_file(office.access.guests()))
        self._write()
        self._process = self._start()
        self._keeper = RuleKeeper(BrokerUrl("127.0.0.1", port, tls=True), office.client(KEEPER))
        self._keeper.want(office.access)
        self._keeper.start()

    def tell(self) -> None:
        self._write()
        hang_up(self._process)
        self._keeper.want(self._office.access)
        wait_until("the broker to have its rules", lambda: not self._keeper.trouble)

    def stop(self) -> None:
        self._keeper.stop()
        self._process.kill()
        self._process.wait(PATIENCE_S)

    def _write(self) -> None:
        files, folder = self._office.server(), self._office.folder
        assert files.ca is not None
        assert files.certificate is not None
        assert files.key is not None
        (folder / "broker.pem").write_bytes(files.certificate.read_bytes())
        (folder / "broker.key").write_bytes(files.key.read_bytes())
        (folder / "trust.pem").write_bytes(files.ca.read_bytes())
        (folder / "crl.pem").write_bytes(self._office.revocation_list())

    def _start(self) -> "subprocess.Popen[bytes]":
        log = self._office.folder / "mosquitto.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                ["/usr/sbin/mosquitto", "-c", str(self._office.folder / "mosquitto.conf")], stdout=file, stderr=file
            )
        wait_until(f"mosquitto ({log})", lambda: self._answers() or process.poll() is not None)
        if process.poll() is not None:
            pytest.fail(f"mosquitto does not start: {log.read_text('utf-8', 'replace')}")
        return process

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture(params=["embedded", "mosquitto"])
def guarded(request: pytest.FixtureRequest, office: Office, free_port: Callable[[], int]) -> Iterator[Guarded]:
    made: Guarded = GuardedEmbedded(office) if request.param == "embedded" else GuardedMosquitto(office, free_port())
    yield made
    made.stop()

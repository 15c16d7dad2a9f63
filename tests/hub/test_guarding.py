"""From the store to the broker: who is let in can speak, who is shut out is cut off, at both brokers, in the assembled hub."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateSigningRequestBuilder, Name, load_pem_x509_certificate
from paho.mqtt.enums import CallbackAPIVersion

from agent.adapters.sqlite_journal import SqliteJournal
from agent.core.entries import Entry
from hub.app import App
from hub.config import HubSettings, read_settings
from hub.core.equipment import NodeKey
from hub.guarding import Guarding, broker_names, needs_guard, pki_folder
from hub.ingestion.arrivals import Event, ShutOut
from hub.mqtt.dynamic_security import first_file
from hub.mqtt.host_client import utc_ms
from hub.mqtt.mosquitto_conf import BrokerPlan, configuration
from hub.mqtt.sending_away import FIRST_MS, TOO_MANY, SendingAway
from hub.mqtt.tls import TlsFiles
from hub.pki.authority import Authority
from hub.store.enrolment import EnrolmentRows
from hub.store.opening import open_store
from tests.hangups import hang_up
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, death, encode

OURS, THEIRS = NodeKey("cpm3", "36030001"), NodeKey("cpm3", "36030002")
HOST_ID = "hub-cpm3"
DAY_MS = 86_400_000
KEPT = 7_000
MOST_TRIES = 60
"""Connections of all sorts: an agent that is not let in waits a second at first, and then longer and longer."""
_FLOOD = """
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[2])
context.check_hostname = False
context.load_cert_chain(*sys.argv[3:])
line = context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
line.sendall(bytes.fromhex("100d00044d5154540402000000 0178"))
topic = b"spBv1.0/cpm3/NDATA/36030001"
said = bytes([0x30, 2 + len(topic) + 60, 0, len(topic)]) + topic + b"x" * 60
while True:
    line.sendall(said * 500)
"""


def wait_until(what: str, probe: Callable[[], Any], patience_s: float = 60) -> float:
    """How long it took."""
    began = time.monotonic()
    while not probe():
        if time.monotonic() > began + patience_s:
            pytest.fail(f"waited {patience_s:.0f} s in vain for: {what}")
        time.sleep(0.02)
    return time.monotonic() - began


class Register:
    """What enrolment would do, on the hub's database and with its authority."""

    def __init__(self, settings: HubSettings) -> None:
        self._folder = settings.data_dir
        self._store = open_store(settings.store_url)
        self.authority = Authority(pki_folder(settings), utc_ms())

    def enrol(self, node: NodeKey) -> TlsFiles:
        key = ec.generate_private_key(ec.SECP256R1())
        request = CertificateSigningRequestBuilder().subject_name(Name([])).sign(key, SHA256())
        issued = self.authority.node(request.public_bytes(Encoding.PEM).decode(), node, 90, utc_ms())
        with self._store.begin() as work:
            EnrolmentRows(work.connection).keep(node, issued, utc_ms())
        place = self._folder / issued.serial
        place.with_suffix(".pem").write_text(issued.pem + "".join(self.authority.chain))
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        place.with_suffix(".key").write_bytes(private)
        return TlsFiles(self.authority.bundle, place.with_suffix(".pem"), place.with_suffix(".key"))

    def revoke(self, node: NodeKey) -> None:
        with self._store.begin() as work:
            EnrolmentRows(work.connection).revoke(node, "lost", utc_ms())

    def close(self) -> None:
        self._store.close()


class School:
    """A node's connection that comes back whenever it is lost."""

    def __init__(self, port: int, node: NodeKey, files: TlsFiles) -> None:
        self.node, self.files, self.lost = node, files, threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="any")
        self.client.tls_set_context(files.for_client())
        self.client.reconnect_delay_set(1, 1)
        self.client.will_set(f"spBv1.0/{node.group}/NDEATH/{node.name}", death(0))
        self.client.on_connect = lambda client, *_: client.subscribe(f"spBv1.0/{node.group}/NCMD/{node.name}", 1)
        self.client.on_subscribe = self._on_subscribe
        self.client.on_disconnect = lambda *_: self.lost.set()
        self.welcome = threading.Event()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def be_born(self) -> None:
        metrics = [Metric(BDSEQ, 0, DataType.INT64, utc_ms()), Metric("host/cpu_pct", 5.0, DataType.DOUBLE, utc_ms())]
        payload = encode(metrics, timestamp=utc_ms(), seq=0)
        self.client.publish(f"spBv1.0/{self.node.group}/NBIRTH/{self.node.name}", payload)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _on_subscribe(self, client: mqtt.Client, _userdata: Any, _mid: int, codes: list[Any], _props: Any) -> None:
        if any(code.is_failure for code in codes):
            client.socket().close()
        else:
            self.welcome.set()


class Broker:
    """Mosquitto by the files that the hub writes; what a path unit does on a server, a thread does here."""

    def __init__(self, folder: Path, state: Path, port: int, first_rules: str) -> None:
        self.port, self._changed, self._ended = port, folder / "changed", threading.Event()
        state.mkdir()
        stay = "user root\n" if os.geteuid() == 0 else ""
        (state / "mosquitto.conf").write_text(configuration(BrokerPlan(folder, state, "127.0.0.1", port)) + stay)
        (state / "dynamic-security.json").write_text(first_rules)
        self._state = state
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Once the hub has written its files."""
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(60)
        if self._process is not None:
            self._process.kill()
            self._process.wait(60)

    def _watch(self) -> None:
        seen = None
        while not self._ended.wait(0.2):
            now = self._changed.read_bytes() if self._changed.exists() else None
            if now != seen and now is not None:
                seen = now
                self._tell()

    def _tell(self) -> None:
        if self._process is None:
            with (self._state / "log").open("wb") as log:
                command = ["/usr/sbin/mosquitto", "-c", str(self._state / "mosquitto.conf")]
                self._process = subprocess.Popen(command, stdout=log, stderr=log)
        else:
            hang_up(self._process)


@pytest.fixture(params=["embedded", "mosquitto"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, free_port: Callable[[], int]) -> HubSettings:
    port = free_port()
    given: dict[str, object] = {"data_dir": str(tmp_path / "hub"), "groups": ["cpm3"], "http.listen": "127.0.0.1:0"}
    if request.param != "embedded":
        given |= {"broker.url": f"mqtts://127.0.0.1:{port}", "broker.rules": True}
        given["broker.files"] = str(tmp_path / "broker")
    else:
        given |= {"mqtt.listen": f"127.0.0.1:{port}", "mqtt.tls": True}
    if request.param == "mosquitto, little room":
        given |= {"ingestion.queue": 4_000}
    if request.param == "mosquitto, soon acknowledged":
        given |= {"ingestion.ack_every_s": 1}
    return read_settings(None, {}, given)


@pytest.fixture
def register(settings: HubSettings) -> Iterator[Register]:
    settings.data_dir.mkdir()
    opened = Register(settings)
    yield opened
    opened.close()


@pytest.fixture
def port(settings: HubSettings, tmp_path: Path) -> Iterator[int]:
    """Of the broker, where it runs or is going to."""
    if settings.broker_url is None or settings.broker.files is None:
        yield settings.mqtt.listen.port
        return
    settings.broker.files.mkdir()
    broker = Broker(settings.broker.files, tmp_path / "mosquitto", settings.broker_url.port, first_file({}))
    broker.start()
    yield broker.port
    broker.stop()


@pytest.fixture
def hub(settings: HubSettings, port: int, register: Register) -> Iterator[App]:
    app = App(settings)
    app.start()
    wait_until("the hub to be ready", lambda: not app.readiness())
    yield app
    app.stop()


@pytest.fixture
def school(hub: App, port: int, register: Register) -> Iterator[Callable[[NodeKey], School]]:
    made: list[School] = []

    def connect(node: NodeKey) -> School:
        made.append(School(port, node, register.enrol(node)))
        wait_until("the school to be let in", made[-1].welcome.is_set)
        made[-1].lost.clear()
        return made[-1]

    yield connect
    for each in made:
        each.close()


def online(hub: App, node: NodeKey) -> bool:
    with hub._store.reading() as connection:
        row = connection.exec_driver_sql(
            f"select online from node where \"group\" = '{node.group}' and name = '{node.name}'"
        ).first()
    return bool(row and row[0])


@pytest.mark.e2e
def test_a_school_that_is_let_in_can_speak_and_one_that_is_shut_out_is_cut_off(
    hub: App, register: Register, school: Callable[[NodeKey], School]
) -> None:
    neighbour, node = school(THEIRS), school(OURS)
    for each in (neighbour, node):
        each.be_born()
        wait_until(f"the birth of {each.node}", lambda each=each: online(hub, each.node))
    register.revoke(OURS)
    # Unasked, a connection would end with its certificate only.
    wait_until("the end of the connection", node.lost.is_set)
    wait_until("its death at the hub", lambda: not online(hub, OURS))
    node.welcome.clear()
    assert not node.welcome.wait(6), "it came back"
    assert not neighbour.lost.is_set()
    assert online(hub, THEIRS)


@pytest.mark.e2e
@pytest.mark.parametrize("settings", ["mosquitto, little room"], indirect=True)
def test_a_school_that_floods_is_sent_away_for_a_while_and_the_office_is_told(
    hub: App, port: int, school: Callable[[NodeKey], School]
) -> None:
    neighbour, node = school(THEIRS), school(OURS)
    node.be_born()
    wait_until("its birth", lambda: online(hub, OURS))
    node.close()
    words = [
        sys.executable,
        "-c",
        _FLOOD,
        str(port),
        *map(str, (node.files.ca, node.files.certificate, node.files.key)),
    ]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as flood:
        try:
            wait_until("the end of the flood's line", lambda: flood.poll() is not None, 120)
        finally:
            flood.kill()
    wait_until("its death at the hub", lambda: not online(hub, OURS), 60)

    def neighbour_is_heard() -> bool:
        """Until the hub has heard what the flood left in the broker's queue, more is dropped there."""
        neighbour.be_born()
        time.sleep(0.5)
        return online(hub, THEIRS)

    wait_until("the neighbour", neighbour_is_heard, 120)
    assert not neighbour.lost.is_set()
    with hub._store.reading() as connection:
        told = connection.exec_driver_sql("select code, school from message where code = 'hub.node_loud'").all()
    assert [tuple(each) for each in told] == [("hub.node_loud", "36030001")]


@pytest.fixture
def replaying_agent(hub: App, port: int, register: Register, tmp_path: Path) -> Iterator[str]:
    """A real one that sends what it has kept faster than is allowed. Its journal's epoch."""
    now, files = utc_ms(), register.enrol(OURS)
    with closing(SqliteJournal(tmp_path / "journal" / OURS.group / OURS.name, now)) as journal:
        told = [Entry(None, t, (Metric("host/load1", t % 7 / 2, DataType.FLOAT, t),)) for t in range(now - KEPT, now)]
        for first in range(0, KEPT, 1000):
            journal.keep(told[first : first + 1000], acked=0, published=0)
        epoch = journal.marks().epoch
    config = tmp_path / "agent.toml"
    config.write_text(
        f'group = "{OURS.group}"\nnode = "{OURS.name}"\n[uplink]\nbroker = "mqtts://127.0.0.1:{port}"\nreplay_per_s = 1000\n'
        f'ca = "{files.ca}"\ncertificate = "{files.certificate}"\nkey = "{files.key}"\n'
        f'[journal]\ndirectory = "{tmp_path}/journal"\n[host]\nevery_s = 60\ninternet = []\nntp = ""\n'
    )
    command, root = [sys.executable, "-m", "agent", "run", "--config", str(config)], Path(__file__).parents[2]
    with (tmp_path / "agent.log").open("wb") as log:
        agent = subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdout=log, stderr=log)
    yield epoch
    agent.kill()
    agent.wait(60)


@pytest.mark.e2e
@pytest.mark.timeout(420)
@pytest.mark.parametrize("settings", ["mosquitto, soon acknowledged"], indirect=True)
def test_an_agent_that_was_sent_away_comes_back_by_itself_and_all_that_it_kept_arrives_once(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, hub: App, tmp_path: Path
) -> None:
    """It is away for ten seconds here, for a minute in life; and slow machines have longer to flood."""
    away_s = 10
    monkeypatch.setattr("hub.mqtt.sending_away.FIRST_MS", away_s * 1000)
    monkeypatch.setattr("hub.mqtt.sending_away.WITHIN_MS", 120_000)
    epoch, messages = (
        request.getfixturevalue("replaying_agent"),
        "select code from message where code = 'hub.node_loud'",
    )

    def one(question: str) -> list[tuple[Any, ...]]:
        with hub._store.reading() as connection:
            return [tuple(each) for each in connection.exec_driver_sql(question).all()]

    wait_until("it to be sent away", lambda: one(messages), 120)
    wait_until("its death at the hub", lambda: not online(hub, OURS))
    wait_until("it to be back", lambda: online(hub, OURS), away_s + 60)
    stored = (
        'select c."first", c."last", (select count(*) from report where epoch_id = e.id) '
        f"from epoch e join committed c on c.epoch_id = e.id where e.uuid = '{epoch}'"
    )

    def all_of_it() -> bool:
        """In one range from the first on, and so many rows as it has offsets."""
        found = one(stored)
        return len(found) == 1 and found[0][0] == 1 and found[0][1] == found[0][2] >= KEPT

    wait_until("all that it kept", all_of_it, 240)
    assert not one("select * from lost")
    tries = (tmp_path / "mosquitto" / "log").read_text("utf-8", "replace").count("New connection from")
    assert tries <= MOST_TRIES, "it knocks at a polite pace"


@pytest.mark.e2e
def test_after_the_authority_was_rotated_all_stay_connected_and_newcomers_come_in(
    hub: App, register: Register, school: Callable[[NodeKey], School]
) -> None:
    neighbour = school(THEIRS)
    register.authority.rotate(utc_ms())
    school(OURS)
    assert not neighbour.lost.is_set()


def test_the_guard_tells_of_those_who_are_shut_out_once(tmp_path: Path) -> None:
    settings = read_settings(None, {}, {"data_dir": str(tmp_path / "hub"), "groups": ["cpm3"], "mqtt.tls": True})
    settings.data_dir.mkdir()
    register, told = Register(settings), list[Event]()
    store = open_store(settings.store_url)
    guard = Guarding(settings, store, register.authority, told.append)
    register.enrol(OURS)
    guard.look(1)
    register.revoke(OURS)
    for now in (2, 3):
        guard.look(now)
    assert told == [ShutOut(OURS, 2)]
    register.close()
    store.close()


def test_who_is_sent_away_is_out_for_a_while_and_the_office_is_told_each_time_once(tmp_path: Path) -> None:
    settings = read_settings(None, {}, {"data_dir": str(tmp_path / "hub"), "groups": ["cpm3"], "mqtt.tls": True})
    settings.data_dir.mkdir()
    register, told, sending_away = Register(settings), list[Event](), SendingAway()
    store, t0 = open_store(settings.store_url), utc_ms()
    guard = Guarding(settings, store, register.authority, told.append, sending_away=sending_away)
    assert guard.gatekeeper is not None
    for node in (OURS, THEIRS):
        register.enrol(node)
    guard.look(t0)
    for _ in range(TOO_MANY):
        sending_away.note(OURS, t0)
        sending_away.note(NodeKey("cpm3", "of-nobody"), t0)
    for after in (1, 2, FIRST_MS - 1):
        guard.look(t0 + after)
        assert not guard.gatekeeper.rules(OURS.name).speak
        assert guard.gatekeeper.rules(THEIRS.name).speak
    guard.look(t0 + FIRST_MS)
    assert guard.gatekeeper.rules(OURS.name).speak
    assert told == [ShutOut(OURS, t0 + 1)]
    with store.reading() as connection:
        [(code, school, params)] = connection.exec_driver_sql("select code, school, params from message").all()
    assert (code, school) == ("hub.node_loud", "36030001")
    assert str(t0 + FIRST_MS) in str(params)
    register.close()
    store.close()


def test_files_for_mosquitto_are_written_again_only_where_they_say_something_new(tmp_path: Path) -> None:
    given: dict[str, object] = {"data_dir": str(tmp_path / "hub"), "groups": ["cpm3"], "broker.rules": True}
    given |= {"broker.url": "mqtts://broker.example:8883", "broker.files": str(tmp_path / "broker")}
    settings = read_settings(None, {}, given)
    settings.data_dir.mkdir()
    (tmp_path / "broker").mkdir()
    register = Register(settings)
    store = open_store(settings.store_url)
    guard, now, revoked = (
        Guarding(settings, store, register.authority, lambda _: None),
        utc_ms(),
        tmp_path / "broker" / "crl.pem",
    )
    guard.look(now)
    first, mark = revoked.read_bytes(), (tmp_path / "broker" / "changed").read_bytes()
    register.enrol(OURS)
    guard.look(now + 1_000)
    assert (revoked.read_bytes(), (tmp_path / "broker" / "changed").read_bytes()) == (first, mark)
    register.revoke(OURS)
    guard.look(now + 2_000)
    after = revoked.read_bytes()
    assert after != first
    guard.look(now + DAY_MS)
    assert revoked.read_bytes() != after
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "broker").iterdir()} == {0o640}
    register.close()
    store.close()


def test_the_brokers_certificate_has_the_names_by_which_schools_reach_it(tmp_path: Path) -> None:
    given = {"data_dir": str(tmp_path), "mqtt.listen": "0.0.0.0:8883", "mqtt.names": ["broker.example", "192.0.2.1"]}
    settings = read_settings(None, {}, given)
    assert broker_names(settings) == ("broker.example", "192.0.2.1", "localhost", "127.0.0.1", "::1")
    store = open_store(settings.store_url)
    guard = Guarding(settings, store, Authority(pki_folder(settings), utc_ms()), lambda _: None)
    certificate = load_pem_x509_certificate((pki_folder(settings) / "broker.pem").read_bytes())
    assert re.search(r"CN=broker\.example", certificate.subject.rfc4514_string())
    guard.stop()
    store.close()


@pytest.mark.parametrize(
    ("given", "guarded"),
    [
        ({}, False),
        ({"mqtt.listen": "0.0.0.0:8883"}, True),
        ({"mqtt.tls": True}, True),
        ({"broker.url": "mqtts://broker.example"}, False),
        ({"broker.url": "mqtts://broker.example", "broker.rules": True}, True),
        ({"broker.url": "mqtt://127.0.0.1", "mqtt.listen": "0.0.0.0:8883"}, False),
    ],
)
def test_a_broker_that_strangers_reach_is_guarded(given: dict[str, object], guarded: bool) -> None:
    assert needs_guard(read_settings(None, {}, given)) is guarded

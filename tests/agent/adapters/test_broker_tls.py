"""mqtts against Mosquitto: whom the agent trusts, and how it says who it is. Certificates are made for the test."""

import datetime
import ipaddress
import queue
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from agent.adapters.paho_broker import Habits, PahoBroker, Trust
from agent.core.address import BrokerAddress
from agent.core.messages import Connected, Lost, TrustChanged

pytestmark = pytest.mark.e2e


class Papers:
    """A CA, and what it signed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca = self._make("ca", "-addext", "basicConstraints=critical,CA:TRUE")

    def sign(self, name: str) -> tuple[Path, Path]:
        """Certificate and key."""
        certificate = self._make(
            name, "-CA", str(self.ca), "-CAkey", str(self._key("ca")), "-addext", "subjectAltName=IP:127.0.0.1"
        )
        return certificate, self._key(name)

    def sign_for(self, name: str, begins: datetime.datetime, days: int) -> tuple[Path, Path]:
        """Another certificate for the same key, of other times."""
        certificate, key = self.folder / f"{name}.pem", self._key(name)
        issuer = x509.load_pem_x509_certificate(self.ca.read_bytes())
        public: Any = load_pem_private_key(key.read_bytes(), None).public_key()
        signing: Any = load_pem_private_key(self._key("ca").read_bytes(), None)
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder(issuer.subject, x509.Name([]), public, x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + datetime.timedelta(days))
            .add_extension(address, critical=True)
            .sign(signing, SHA256())
        )
        certificate.write_bytes(made.public_bytes(Encoding.PEM))
        return certificate, key

    def _make(self, name: str, *more: str) -> Path:
        certificate = self.folder / f"{name}.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", f"/CN={name}", "-keyout", str(self._key(name)), "-out", str(certificate), *more],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        return certificate

    def _key(self, name: str) -> Path:
        return self.folder / f"{name}.key"


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    return Papers(tmp_path)


@pytest.fixture
def tls_port(mosquitto: Any, papers: Papers, tmp_path: Path) -> int:
    """Mosquitto again, asking for client certificates of our CA."""
    certificate, key = papers.sign("server")
    mosquitto.stop()
    mosquitto._config.write_text(
        f"listener {mosquitto.port} 127.0.0.1\nallow_anonymous true\nuser root\n"
        f"cafile {papers.ca}\ncertfile {certificate}\nkeyfile {key}\nrequire_certificate true\n"
    )
    mosquitto.start()
    return int(mosquitto.port)


def news_of(port: int, trust: Trust) -> Any:
    told: queue.Queue[Any] = queue.Queue()
    broker = PahoBroker([BrokerAddress.parse(f"mqtts://127.0.0.1:{port}")], Habits("c", 30, trust), told.put)
    broker.connect(1, 0, "will", b"")
    event = told.get(timeout=60)
    broker.close(2.0)
    return event


def test_a_broker_of_a_trusted_ca_is_spoken_to_with_our_certificate(tls_port: int, papers: Papers) -> None:
    certificate, key = papers.sign("school")
    assert news_of(tls_port, Trust(papers.ca, certificate, key)) == Connected(1)


# paho leaves the socket of a handshake that failed to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broker_that_the_system_does_not_know_is_not_trusted(tls_port: int, papers: Papers) -> None:
    certificate, key = papers.sign("school")
    event = news_of(tls_port, Trust(None, certificate, key))
    assert isinstance(event, Lost)
    assert "CERTIFICATE_VERIFY_FAILED" in event.reason


def test_a_broker_that_wants_a_certificate_and_gets_none_is_told_as_lost(tls_port: int, papers: Papers) -> None:
    assert isinstance(news_of(tls_port, Trust(papers.ca)), Lost)


class Agent:
    """An adapter that stays connected, and what it tells."""

    def __init__(self, port: int, trust: Trust) -> None:
        self.told: queue.Queue[Any] = queue.Queue()
        address = BrokerAddress.parse(f"mqtts://127.0.0.1:{port}")
        self.broker = PahoBroker([address], Habits("c", 30, trust), self.told.put)

    def connect(self, attempt: int) -> Any:
        """What becomes of it. The end of the connection before it is told too."""
        self.broker.connect(attempt, 0, "will", b"")
        while (event := self.told.get(timeout=60)).attempt < attempt:
            pass
        return event


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.adapters.paho_broker._LOOK_EVERY_S", 0.1)


@pytest.mark.usefixtures("quick")
def test_a_renewed_certificate_is_told_once_and_shown_with_the_next_connection(tls_port: int, papers: Papers) -> None:
    certificate, key = papers.sign("school")
    agent = Agent(tls_port, Trust(papers.ca, certificate, key))
    assert agent.connect(1) == Connected(1)
    papers.sign_for("school", now(), 90)
    assert agent.told.get(timeout=60) == TrustChanged(1)
    assert agent.connect(2) == Connected(2)
    with pytest.raises(queue.Empty):
        agent.told.get(timeout=0.5)
    agent.broker.close(2.0)


@pytest.mark.usefixtures("quick")
def test_a_certificate_whose_key_is_not_there_yet_is_waited_for(tls_port: int, papers: Papers) -> None:
    certificate, key = papers.sign("school")
    agent = Agent(tls_port, Trust(papers.ca, certificate, key))
    assert agent.connect(1) == Connected(1)
    other_certificate, other_key = papers.sign("other")
    certificate.write_bytes(other_certificate.read_bytes())
    with pytest.raises(queue.Empty):
        agent.told.get(timeout=1.0)
    key.write_bytes(other_key.read_bytes())
    assert agent.told.get(timeout=60) == TrustChanged(1)
    agent.broker.close(2.0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("begins_in_days", "says"), [(1000, "is not valid yet"), (-1000, "has ended")])
def test_a_wrong_clock_is_said_and_the_agent_is_let_in_once_it_is_right(
    begins_in_days: int, says: str, mosquitto: Any, tls_port: int, papers: Papers
) -> None:
    """To move the certificate's times is to move the clock: OpenSSL compares the two."""
    certificate, key = papers.sign("school")
    papers.sign_for("server", now() + datetime.timedelta(begins_in_days), 90)
    mosquitto.stop()
    mosquitto.start()
    agent = Agent(tls_port, Trust(papers.ca, certificate, key))
    lost = agent.connect(1)
    assert isinstance(lost, Lost)
    assert says in lost.reason
    assert not lost.sent
    papers.sign_for("server", now(), 90)
    mosquitto.stop()
    mosquitto.start()
    assert agent.connect(2) == Connected(2)
    agent.broker.close(2.0)


def now() -> datetime.datetime:
    return datetime.datetime.fromtimestamp(time.time() - 60, datetime.UTC)

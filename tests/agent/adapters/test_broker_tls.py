"""mqtts against Mosquitto: whom the agent trusts, and how it says who it is. Certificates are made for the test."""

import queue
import subprocess
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.paho_broker import Habits, PahoBroker, Trust
from agent.core.address import BrokerAddress
from agent.core.messages import Connected, Lost

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

    def _make(self, name: str, *more: str) -> Path:
        certificate = self.folder / f"{name}.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", f"/CN={name}", "-keyout", str(self._key(name)), "-out", str(certificate), *more],
            check=True, capture_output=True, timeout=30,
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
    event = told.get(timeout=20)
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

"""The real agent at the guarded brokers, while the provisioner renews its certificate on disk."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.core.equipment import NodeKey
from hub.mqtt.tls import TlsFiles
from wire.hoststate import HostState
from wire.payloads import BDSEQ, decode

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[3]
NODE = NodeKey("cpm3", "36030001")
HOST_ID = "hub-cpm3"
PATIENCE_S = 120.0


class OwnFiles:
    """As the provisioner writes them: each at once, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def put(self, files: TlsFiles) -> None:
        for name, source in (("trust.pem", files.ca), ("key.pem", files.key), ("certificate.pem", files.certificate)):
            assert source is not None
            draft = self.folder / f"{name}.new"
            draft.write_bytes(source.read_bytes())
            draft.replace(self.folder / name)


@pytest.fixture
def own_files(tmp_path: Path) -> OwnFiles:
    return OwnFiles(tmp_path / "identity")


@pytest.fixture
def start_agent(guarded: Any, own_files: OwnFiles, tmp_path: Path) -> Iterator[Callable[[], None]]:
    config, running = tmp_path / "agent.toml", list[subprocess.Popen[bytes]]()
    config.write_text(
        f'group = "{NODE.group}"\nnode = "{NODE.name}"\n[uplink]\nbroker = "mqtts://127.0.0.1:{guarded.port}"\n'
        f'ca = "{own_files.folder}/trust.pem"\ncertificate = "{own_files.folder}/certificate.pem"\n'
        f'key = "{own_files.folder}/key.pem"\n[journal]\ndirectory = "{tmp_path}/journal"\n'
        '[host]\nevery_s = 1\ninternet = []\nntp = ""\n'
    )

    def start() -> None:
        command = [sys.executable, "-m", "agent", "run", "--config", str(config)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with (tmp_path / "agent.log").open("wb") as log:
            running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))

    yield start
    for process in running:
        process.send_signal(signal.SIGKILL)
        process.wait(60)


def sessions(hub: Any) -> list[tuple[str, Any]]:
    """Births and deaths of the node, with their bdSeq."""
    told = [(topic.split("/")[2], decode(payload)) for topic, payload, *_ in list(hub.got) if "/STATE/" not in topic]
    return [(kind, payload.value(BDSEQ)) for kind, payload in told if kind in ("NBIRTH", "NDEATH")]


def test_a_renewed_certificate_is_shown_by_an_orderly_reconnect(
    office: Any, guarded: Any, client: Any, own_files: OwnFiles, start_agent: Callable[[], None], until: Any
) -> None:
    own_files.put(office.enrol(NODE))
    guarded.tell()
    hub = client(guarded.port, HOST_ID, files=office.client(HOST_ID)).subscribe("spBv1.0/cpm3/#")
    state = HostState(online=True, timestamp=time.time_ns() // 1_000_000).encode()
    hub.mqtt.publish(f"spBv1.0/STATE/{HOST_ID}", state, qos=1, retain=True)
    start_agent()
    until("the birth", lambda: sessions(hub) == [("NBIRTH", 0)], PATIENCE_S)
    own_files.put(office.enrol(NODE))
    until("the birth with the new certificate", lambda: len(sessions(hub)) == 3, PATIENCE_S)
    assert sessions(hub) == [("NBIRTH", 0), ("NDEATH", 0), ("NBIRTH", 1)]


def test_an_agent_that_comes_before_the_broker_knows_it_is_let_in_as_soon_as_it_does(
    office: Any, guarded: Any, client: Any, own_files: OwnFiles, start_agent: Callable[[], None], until: Any
) -> None:
    hub = client(guarded.port, HOST_ID, files=office.client(HOST_ID)).subscribe("spBv1.0/cpm3/#")
    state = HostState(online=True, timestamp=time.time_ns() // 1_000_000).encode()
    hub.mqtt.publish(f"spBv1.0/STATE/{HOST_ID}", state, qos=1, retain=True)
    own_files.put(office.enrol(NODE))
    start_agent()
    log = own_files.folder.parent / "agent.log"
    until("the refusal", lambda: "not connected" in log.read_text(), PATIENCE_S)
    guarded.tell()
    until("the birth", lambda: [kind for kind, _ in sessions(hub)] == ["NBIRTH"], PATIENCE_S)

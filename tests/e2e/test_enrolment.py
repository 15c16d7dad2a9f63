"""A hub, its command line and a device's own program, as real processes: a computer joins, reports, and is shut out."""

import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.conftest import find_free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
GROUP, SCHOOL = "cpm3", "36100042"


def wait_until(what: str, probe: Callable[[], object], patience_s: float = 60) -> float:
    """Seconds that it took."""
    begun = time.monotonic()
    while not probe():
        if time.monotonic() - begun > patience_s:
            pytest.fail(f"waited {patience_s:.0f} s in vain for: {what}")
        time.sleep(0.05)
    return time.monotonic() - begun


class Hub:
    """`dltv-hub serve` with TLS everywhere, and commands beside it."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.log = directory, directory / "log"
        self.devices, self.mqtt = find_free_port(), find_free_port()
        self._config = directory / "hub.toml"
        self._config.write_text(
            f'data_dir = "{directory / "data"}"\ngroups = ["{GROUP}"]\n'
            f'[http]\nlisten = "127.0.0.1:{find_free_port()}"\n'
            f'[mqtt]\nlisten = "127.0.0.1:{self.mqtt}"\ntls = true\nnames = ["127.0.0.1"]\n'
            f'[devices]\nlisten = "127.0.0.1:{self.devices}"\n'
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "hub", "serve", "--config", str(self._config)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until("the device API", self._answers)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", "hub", *words, "--config", str(self._config)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.devices)) == 0


class Device:
    """A computer's file system, and its provisioner."""

    def __init__(self, root: Path, hub: Hub) -> None:
        self.root, self._hub = root, hub
        # Reporting is ours to do here: the agent that is started comes to its end at once.
        started = root / "opt" / "dltv-agent" / "current" / "bin" / "python"
        started.parent.mkdir(parents=True)
        started.write_text("#!/bin/sh\n")
        started.chmod(0o755)

    def enrol(self, code: str, pin: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "provisioning", "enrol", "--root", str(self.root), "--services", "process"]
        command += ["--hub", f"https://127.0.0.1:{self._hub.devices}", "--pin", pin, "--code", code]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def file(self, name: str) -> Path:
        return next(self.root.rglob(f"identity/{name}"))

    def connected(self) -> tuple[mqtt.Client, list[str]]:
        """To the broker, by its certificate; and what happens to the connection."""
        events: list[str] = []
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=SCHOOL)
        context = ssl.create_default_context(cafile=str(self.file("trust.pem")))
        context.load_cert_chain(self.file("certificate.pem"), self.file("key.pem"))
        client.tls_set_context(context)
        client.on_connect = lambda *_: events.append("in")
        client.on_disconnect = lambda *_: events.append("out")
        client.connect_async("127.0.0.1", self._hub.mqtt)
        client.loop_start()
        return client, events


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    directory = tmp_path / "hub"
    directory.mkdir()
    hub = Hub(directory)
    hub.start()
    yield hub
    hub.end()


def slip(hub: Hub) -> tuple[str, str]:
    """The code and the pin of a new batch."""
    told = hub.run("enrol", "batch", "--schools", SCHOOL)
    code, pin = re.search(r"(?:[A-Z0-9]{4}-){3}[A-Z0-9]{4}", told), re.search(r"[0-9a-f]{64}", told)
    assert code, told
    assert pin, told
    return code[0], pin[0]


def test_a_computer_joins_reports_and_is_cut_off_within_a_minute_of_being_shut_out(hub: Hub, tmp_path: Path) -> None:
    code, pin = slip(hub)
    device = Device(tmp_path / "pi", hub)
    joined = device.enrol(code, pin)
    assert joined.returncode == 0, joined.stderr
    assert f"{GROUP}/{SCHOOL}" in joined.stdout
    assert device.file("key.pem").stat().st_mode & 0o077 == 0
    client, events = device.connected()
    try:
        wait_until("the connection", lambda: "in" in events)
        hub.run("revoke", SCHOOL, "--reason", "card stolen")
        assert wait_until("being cut off", lambda: "out" in events) < 60
        client.loop_stop()
        assert f"{GROUP}/{SCHOOL}  revoked" in hub.run("enrol", "list")
    finally:
        client.loop_stop()
    secret = device.file("key.pem").read_text().splitlines()[1]
    kept = hub.log.read_text()
    assert code not in kept
    assert secret not in kept
    for key in (hub.directory / "data" / "pki").glob("*.key"):
        assert key.read_text().splitlines()[1] not in kept
        assert key.stat().st_mode & 0o777 == 0o600


def test_the_same_card_in_two_schools_is_refused_the_second_time_and_shown(hub: Hub, tmp_path: Path) -> None:
    code, pin = slip(hub)
    assert Device(tmp_path / "one", hub).enrol(code, pin).returncode == 0
    second = Device(tmp_path / "two", hub).enrol(code, pin)
    assert second.returncode == 2
    assert "new slip" in second.stderr
    assert "code_reused" in hub.run("enrol", "list")


def test_a_hub_that_was_killed_gives_a_device_the_certificate_that_it_had_issued(hub: Hub, tmp_path: Path) -> None:
    code, pin = slip(hub)
    device = Device(tmp_path / "pi", hub)
    assert device.enrol(code, pin).returncode == 0
    before = device.file("certificate.pem").read_bytes()
    hub.end(signal.SIGKILL)
    # As if the answer had not come: the key is there, the certificate is not.
    for name in ("certificate.pem", "trust.pem"):
        device.file(name).replace(tmp_path / name)
    hub.start()
    again = device.enrol(code, pin)
    assert again.returncode == 0, again.stderr
    assert device.file("certificate.pem").read_bytes() == before

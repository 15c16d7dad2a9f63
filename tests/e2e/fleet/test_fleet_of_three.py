"""Three schools at a hub with Mosquitto: installed, updated, rolled back, renewed, shut out. They reach nothing but the hub.

One story, told by tests in their order: each begins with what the one before has left.
"""

import hashlib
import json
import shutil
import sys
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hub.bundles.wheel import write_wheel, write_zip
from tests.hangups import hang_up

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
FIRST, SECOND, THIRD = SCHOOLS = ("36030001", "36030002", "36030003")
GOOD, BAD = "7.1.0", "7.2.0"
CURRENT, IDENTITY = "/opt/dltv-agent/current", "/var/lib/dltv-agent/identity"
STRANGER = """
import ssl, sys, time
import paho.mqtt.client as mqtt
folder, topic = sys.argv[1:]
told = []
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
context = ssl.create_default_context(cafile=folder + "/trust.pem")
context.load_cert_chain(folder + "/certificate.pem", folder + "/key.pem")
client.tls_set_context(context)
client.on_connect = lambda *_: client.subscribe([(topic, 1), ("#", 0)])
client.on_subscribe = lambda _c, _u, _m, codes, _p: told.extend(code.is_failure for code in codes)
client.connect("10.77.0.1", 8883)
client.loop_start()
deadline = time.monotonic() + 20
while not told and time.monotonic() < deadline:
    time.sleep(0.05)
client.publish(topic.replace("NCMD", "NDEATH"), b"", 1).wait_for_publish(60)
print(told)
"""
"""Somebody with the key of one school who wants to hear another's commands, and to tell its death."""


class Mosquitto:
    """By the files that the hub writes. What dltv-broker-reload.path does on a server, a thread does here."""

    def __init__(self, office: Any) -> None:
        self._files, state = office.folder / "mosquitto", office.folder / "mosquitto-state"
        state.mkdir()
        office.settings(f'[broker]\nurl = "mqtts://10.77.0.1:8883"\nrules = true\nfiles = "{self._files}"\n')
        office.run("broker-config", "--out", self._files, "--state", state, "--address", "10.77.0.1")
        shutil.copy(self._files / "dynamic-security.json", state)
        with (self._files / "mosquitto.conf").open("a", encoding="ascii") as configuration:
            configuration.write("user root\n")
        self._process = office.start("/usr/sbin/mosquitto", "-c", self._files / "mosquitto.conf")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(60)

    def _watch(self) -> None:
        changed, seen = self._files / "changed", None
        while not self._ended.wait(0.2):
            now = changed.stat().st_mtime_ns if changed.exists() else None
            if now != seen and seen is not None:
                hang_up(self._process)
            seen = now


@pytest.fixture(scope="module")
def office(module_network: Any, module_office: Any) -> Iterator[Any]:
    broker = Mosquitto(module_office)
    module_office.open()
    yield module_office
    broker.stop()


@pytest.fixture(scope="module")
def fleet(office: Any, module_computers: Any, until: Any) -> dict[str, Any]:
    """All three, installed at once by the lines of their slips."""
    lines = {school: office.line(school) for school in SCHOOLS}
    computers = {school: module_computers() for school in SCHOOLS}
    for computer in computers.values():
        computer.power_on()
    with ThreadPoolExecutor() as teachers:
        list(teachers.map(lambda school: computers[school].run("sh", "-c", lines[school]), SCHOOLS))
    return computers


@pytest.fixture(scope="module")
def releases(office: Any, bundle: Path) -> None:
    """Two that are signed: a good one, and one whose agent ends as soon as it runs, though it passes its own check."""
    keys, machine = office.folder / "stick", next(bundle.glob("*/*.zip")).stem
    office.run("release", "keys", "--dir", keys)
    made = office.folder / "made"
    build = ["bundle", "build", "--out", made, "--platform", machine, "--python", "cp311", "--version"]
    office.run(*build, GOOD)
    office.run(*build, BAD)
    spoil(made / BAD / f"{machine}.zip")
    for version in (GOOD, BAD):
        office.run("release", "add", made / version / f"{machine}.zip", "--keys", keys)


def spoil(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    [name] = [name for name in files if name.startswith("wheels/dltv_fleet-")]
    (bundle.parent / "own.whl").write_bytes(files[name])
    with zipfile.ZipFile(bundle.parent / "own.whl") as wheel:
        contents = {each: wheel.read(each) for each in wheel.namelist()}
    contents["agent/app.py"] += b"\n\ndef run(*_):\n    raise SystemExit(3)\n"
    before = hashlib.sha256(files[name]).hexdigest()
    files[name] = write_wheel(contents)
    after = hashlib.sha256(files[name]).hexdigest()
    for listed in ("agent.txt", "provisioner.txt", "release.json"):
        files[listed] = files[listed].replace(before.encode(), after.encode())
    release = json.loads(files["release.json"])
    for listed in ("agent.txt", "provisioner.txt", name):
        release["files"][listed] = {"sha256": hashlib.sha256(files[listed]).hexdigest(), "size": len(files[listed])}
    files["release.json"] = json.dumps(release).encode()
    bundle.write_bytes(write_zip(files, compressed=False))


def version_of(computer: Any) -> str:
    return Path(computer.run("readlink", CURRENT).strip()).name


def serial_of(computer: Any) -> str:
    return str(computer.run("sha256sum", f"{IDENTITY}/certificate.pem"))


def test_three_schools_enrol_and_report(office: Any, fleet: dict[str, Any], until: Any) -> None:
    for school, computer in fleet.items():
        until(f"a report of {school}", lambda school=school: office.hears(school), 120, computer.journal)


def test_a_release_goes_to_all_in_waves(office: Any, fleet: dict[str, Any], releases: None, until: Any) -> None:
    office.run("rollout", "start", "release", GOOD)
    for school, computer in fleet.items():
        running = lambda computer=computer: version_of(computer) == GOOD  # noqa: E731
        until(
            f"{GOOD} at {school}",
            running,
            240,
            lambda computer=computer: office.run("rollout", "status", "1") + computer.journal(),
        )
    until(
        "the roll-out to end",
        lambda: f"release {GOOD} to cpm3: done" in office.run("rollout", "status"),
        120,
        lambda: office.run("rollout", "status", "1"),
    )


def test_a_release_that_does_not_start_is_left_again(office: Any, fleet: dict[str, Any], until: Any) -> None:
    office.run("rollout", "start", "release", BAD, "--node", FIRST)
    status = lambda: office.run("rollout", "status", "2")  # noqa: E731
    until("the failure to be told", lambda: "1 failed" in status(), 240, lambda: status() + fleet[FIRST].journal())
    assert version_of(fleet[FIRST]) == GOOD
    until("it to report again", lambda: office.hears(FIRST))


def test_a_certificate_is_renewed_with_a_new_key_and_the_agent_goes_on(
    office: Any, fleet: dict[str, Any], until: Any
) -> None:
    third = fleet[THIRD]
    certificate, key = serial_of(third), third.run("cat", f"{IDENTITY}/key.pem")
    heard = office.agent(THIRD).heard_at
    third.run("/opt/dltv-agent/provisioner/bin/python", "-m", "provisioning", "renew", "--now")
    assert serial_of(third) != certificate
    assert third.run("cat", f"{IDENTITY}/key.pem") != key
    third.run("systemctl", "restart", "dltv-agent")
    until("a report with it", lambda: office.hears(THIRD) and office.agent(THIRD).heard_at > heard, 120, third.journal)


def test_a_stolen_key_hears_and_tells_nothing_of_another_school(
    office: Any, fleet: dict[str, Any], tmp_path: Path
) -> None:
    for name in ("key.pem", "certificate.pem", "trust.pem"):
        (tmp_path / name).write_text(fleet[THIRD].run("cat", f"{IDENTITY}/{name}"), "ascii")
    fleet[THIRD].run("systemctl", "stop", "dltv-agent")
    (tmp_path / "stranger.py").write_text(STRANGER, "ascii")
    told = office.network.within(sys.executable, tmp_path / "stranger.py", tmp_path, f"spBv1.0/cpm3/NCMD/{FIRST}")
    fleet[THIRD].run("systemctl", "start", "dltv-agent")
    assert told.strip() == "[True, True]"
    assert office.hears(FIRST)


def test_a_computer_that_is_shut_out_is_cut_off_within_a_minute(office: Any, fleet: dict[str, Any], until: Any) -> None:
    office.run("revoke", SECOND, "--reason", "card stolen")
    until("it to be cut off", lambda: not office.agent(SECOND).online, 60, fleet[SECOND].journal)
    refused = fleet[SECOND].try_run("/opt/dltv-agent/provisioner/bin/python", "-m", "provisioning", "renew", "--now")
    assert refused.returncode == 2
    assert not office.agent(SECOND).online
    assert office.hears(FIRST)

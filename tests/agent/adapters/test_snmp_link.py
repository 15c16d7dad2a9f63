"""SNMP against snmpsim, a simulator that is not ours: versions 2c and 3, wrong communities and passwords, silence."""

import os
import pwd
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.adapters.links import open_link
from agent.core.access import Access, SnmpSettings
from agent.core.device_address import parse_address
from agent.core.devices import DeviceSettings
from agent.errors import Declined, LinkError, LinkLost, Refused
from agent.ports import Link
from agent.services.devices import build_device
from agent.services.driver import Driver
from agent.services.transcript import VirtualTime
from firmware_profiles.links import Link as LinkSettings
from firmware_profiles.links import SnmpLink
from firmware_profiles.loader import load_catalog
from wire.vocabulary import REACHABLE

pytestmark = pytest.mark.e2e

SETTINGS = LinkSettings(snmp=SnmpLink(), timeout_ms=1000)
PATIENT = SETTINGS.model_copy(update={"timeout_ms": 60_000})
"""For those that will answer, however much else the machine has to do."""
PBI = "1.3.6.1.4.1.1070.3.1.1.104"
RECORDS = f"""1.3.6.1.2.1.1.1.0|4|Acme satellite receiver
1.3.6.1.2.1.1.3.0|67|233425120
{PBI}.1.1.6.0|2|452
{PBI}.1.1.8.0|2|134
{PBI}.3.2.0|2|12355
"""
PATIENCE_S = 90.0


@pytest.fixture(scope="session")
def agent_port(tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]) -> Iterator[int]:
    """The port of an SNMP agent: community `public`, v3 users `monitor` with SHA and `keeper` with AES as well."""
    folder = tmp_path_factory.mktemp("snmpsim")
    (folder / "data").mkdir()
    (folder / "data" / "public.snmprec").write_text(RECORDS)
    port = free_port()
    with (folder / "log").open("wb") as log:
        program = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("snmpsim-command-responder")),
                f"--data-dir={folder / 'data'}", f"--cache-dir={folder / 'cache'}", "--variation-modules-dir=/none",
                f"--agent-udpv4-endpoint=127.0.0.1:{port}", f"--pid-file={folder / 'pid'}",
                "--v3-user=monitor", "--v3-auth-key=bench-secret", "--v3-auth-proto=SHA",
                "--v3-user=keeper", "--v3-auth-key=bench-secret", "--v3-auth-proto=SHA",
                "--v3-priv-key=bench-privacy", "--v3-priv-proto=AES",
                *_as_this_user(),
            ],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        _wait_for(program, port, folder / "log")
        yield port
    finally:
        program.terminate()
        program.wait(60)


def _as_this_user() -> list[str]:
    """It does not want to be root, unless it is told to be."""
    name = pwd.getpwuid(os.getuid()).pw_name
    return [f"--process-user={name}", f"--process-group={name}"] if os.getuid() == 0 else []


def _wait_for(program: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and program.poll() is None:
        try:
            asked(port, "1.3.6.1.2.1.1.3.0", settings=SETTINGS)
        except LinkError:
            continue
        return
    pytest.fail(f"snmpsim did not begin to answer: {log.read_text()[-2000:]}")


def opened(port: int, access: Access = Access(), settings: LinkSettings = PATIENT) -> Link:  # noqa: B008 - frozen
    return open_link(parse_address(f"snmp://127.0.0.1:{port}", settings), settings, access)


def asked(port: int, oids: str, access: Access = Access(), settings: LinkSettings = PATIENT) -> str:  # noqa: B008 - frozen
    link = opened(port, access, settings)
    try:
        link.send(oids.encode() + b"\n")
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            answer = link.receive(0.25)
            if answer is not None:
                return answer.decode()
        raise LinkLost("no answer")
    finally:
        link.close()


def v3(password: str, **more: object) -> Access:
    return Access("monitor", password, None, SnmpSettings.model_validate(more))


def test_values_come_with_their_types(agent_port: int) -> None:
    told = asked(agent_port, f"1.3.6.1.2.1.1.1.0 {PBI}.1.1.8.0 {PBI}.9.9.0")
    assert told == f"1.3.6.1.2.1.1.1.0=text:Acme satellite receiver\n{PBI}.1.1.8.0=number:134\n{PBI}.9.9.0=none:\n\n"


def test_version_3_is_spoken(agent_port: int) -> None:
    access = v3("bench-secret", context="public")
    assert asked(agent_port, f"{PBI}.1.1.8.0", access) == f"{PBI}.1.1.8.0=number:134\n\n"


def test_version_3_is_spoken_in_private(agent_port: int) -> None:
    private = SnmpSettings(context="public", privacy="aes", privacy_password=SecretStr("bench-privacy"))
    answer = asked(agent_port, f"{PBI}.1.1.8.0", Access("keeper", "bench-secret", None, private))
    assert answer == f"{PBI}.1.1.8.0=number:134\n\n"


def test_a_wrong_password_of_version_3_is_told(agent_port: int) -> None:
    with pytest.raises(Refused, match="correct user, password and snmp"):
        asked(agent_port, f"{PBI}.1.1.8.0", v3("another-secret", context="public"))


def test_an_unknown_user_of_version_3_is_told(agent_port: int) -> None:
    access = Access("stranger", "bench-secret", None, SnmpSettings(context="public"))
    with pytest.raises(Refused):
        asked(agent_port, f"{PBI}.1.1.8.0", access)


def test_a_wrong_community_is_silence(agent_port: int) -> None:
    access = Access(snmp=SnmpSettings(community=SecretStr("secret")))
    with pytest.raises((LinkLost, Declined)):
        asked(agent_port, f"{PBI}.1.1.8.0", access, SETTINGS)


def test_nobody_there_is_told_when_the_time_of_the_profile_is_over() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(LinkLost, match="switched on there"):
            asked(silent.getsockname()[1], f"{PBI}.1.1.8.0", settings=SETTINGS)


def test_a_link_that_was_closed_before_the_answer_came_gives_none(agent_port: int) -> None:
    link = opened(agent_port)
    link.send(b"1.3.6.1.2.1.1.3.0\n")
    link.close()
    link.close()
    assert link.receive(0.01) is None


def test_the_receiver_is_read_by_its_profile(agent_port: int) -> None:
    settings = DeviceSettings(key="p1-receiver", profile="pbi/snmp-ird", address=f"snmp://127.0.0.1:{agent_port}")
    device = build_device(settings, load_catalog(), open_link)
    time_ = VirtualTime()
    driver = Driver(device, device.open_channel(time_, time_.stopping), time_)
    poll = driver.round()
    driver.close()
    assert poll.readings == {
        REACHABLE: True,
        "signal/lock": True,
        "signal/cnr_db": 13.4,
        "signal/strength_dbm": -45.2,
        "tuner/frequency_khz": 12355000,
    }
    assert poll.properties == {"Properties/model": "Acme satellite receiver"}

"""`dltv-agent run` on a computer, and in a network, to which equipment comes later: it is asked once, and reports as a device."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.core.births import KIND, PROFILE, ROOM

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
pytestmark = pytest.mark.e2e
BENCH = """
[morning]
receiver_on_after_s = 0
tv_on_after_s = 0
projector_on_after_s = 0
[[device]]
key = "t1"
room = "p1"
speaks = "lg-rs232"
line = "l1"
"""


class Program:
    """A command of ours as a process, its output in a file."""

    def __init__(self, log: Path, *command: str) -> None:
        self._log = log
        env = {**os.environ, "PYTHONPATH": str(ROOT), "DLTV_AGENT_HOST__INTERNET": "[]", "DLTV_AGENT_HOST__NTP": ""}
        with log.open("wb") as out:
            self.process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=env, stdout=out, stderr=out)

    @property
    def output(self) -> str:
        return self._log.read_text("utf-8")

    def until(self, probe: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not probe():
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    programs: list[Program] = []

    def begin(*command: str) -> Program:
        programs.append(Program(tmp_path / f"{command[0]}-{len(programs)}.log", *command))
        return programs[-1]

    yield begin
    for each in programs:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait(60)


@pytest.fixture
def plug(start: Callable[..., Program], tmp_path: Path) -> Callable[[str], None]:
    """Plugs the bench's set in: its line appears under this name."""
    settings, folder = tmp_path / "bench.toml", tmp_path / "bench"
    settings.write_text(BENCH)
    bench = start("bench", "run", str(settings), "--dir", str(folder))
    bench.until((folder / "control.sock").exists)
    return lambda name: (tmp_path / name).symlink_to((folder / "l1").resolve())


@pytest.fixture
def run(start: Callable[..., Program], mosquitto: Any, tmp_path: Path) -> Callable[..., Program]:
    """The agent, looking four times a second at the lines serial-*."""

    def begin(more: str = "") -> Program:
        file = tmp_path / "agent.toml"
        places = [f'{name} = ["{tmp_path}/{name}-*"]' for name in ("serial", "dvb", "cec")]
        file.write_text("\n".join(["[discovery]", "every_s = 0.25", *places, more]))
        who = ("--group", "cpm3", "--node", "36010001", "--journal", str(tmp_path / "journal"))
        return start("agent", "run", "--config", str(file), "--broker", mosquitto.url, "--host-id", "", *who)

    return begin


def test_a_set_that_is_plugged_in_later_is_born_and_reports(
    run: Any, plug: Any, tmp_path: Path, small_host: Any
) -> None:
    agent = run()
    small_host.until("a birth", lambda: small_host.of_kind("NBIRTH"))
    plug("serial-1")
    birth = small_host.until("a birth of the set", lambda: small_host.of_kind("DBIRTH new-tv-1"), PATIENCE_S)[0]
    assert (birth.metrics[KIND].value, birth.metrics[PROFILE].value) == ("tv", "lg/rs232")
    assert birth.metrics["Properties/model"].value
    assert ROOM not in birth.metrics
    assert len(small_host.of_kind("NBIRTH")) == 2
    data = small_host.until("its data", lambda: small_host.of_kind("DDATA new-tv-1"))[0]
    assert data.metrics["power/on"].value is True
    lines = [line for line in agent.output.splitlines() if "dltv-agent discover --apply" in line]
    assert len(lines) == 1
    assert f"{tmp_path}/serial-1: found lg/rs232" in lines[0]
    assert (small_host.errors, small_host.gaps) == ([], 0)
    assert agent.stop() == 0
    assert "Traceback" not in agent.output


def test_a_line_where_nothing_is_recognised_is_told_once_and_a_configured_one_left_alone(
    run: Any, plug: Any, tmp_path: Path, small_host: Any
) -> None:
    plug("serial-1")
    (tmp_path / "serial-2").touch()
    device = f'[[device]]\nkey = "p1-tv"\nprofile = "lg/rs232"\naddress = "serial:{tmp_path}/serial-1"\n'
    agent = run(device)
    agent.until(lambda: "serial-2: nothing known answers there" in agent.output)
    small_host.until("data", lambda: small_host.of_kind("DDATA p1-tv"))
    (tmp_path / "serial-3").touch()
    agent.until(lambda: "serial-3: nothing known answers there" in agent.output)
    assert agent.output.count("serial-2: nothing") == 1
    assert not any("new-tv" in brief for brief in small_host.briefs)
    assert agent.stop() == 0


def test_device_files_that_appear_are_asked_and_told(run: Any, tmp_path: Path) -> None:
    agent = run()
    agent.until((tmp_path / "journal").exists)
    for name in ("dvb-frontend0", "cec-0"):
        (tmp_path / name).touch()
    for scheme, name in (("dvb", "dvb-frontend0"), ("cec", "cec-0")):
        agent.until(
            lambda scheme=scheme, name=name: f"{scheme}:{tmp_path}/{name}: nothing known answers there" in agent.output
        )
    assert agent.stop() == 0
    assert "Traceback" not in agent.output


@pytest.fixture
def net() -> str:
    """The first three numbers of a network of the loopback that nobody else uses; 7 is its broadcast address."""
    return f"127.{random.randint(64, 250)}.{random.randint(1, 250)}"


@pytest.fixture
def bring(start: Callable[..., Program], net: str, tmp_path: Path) -> Callable[..., Program]:
    """bring(2, "SN0002") brings a projector with this serial number to the network, as host 2; it tells that it has come."""

    def begin(number: int, serial: str, more: str = "") -> Program:
        settings, folder = tmp_path / f"bench-{number}.toml", tmp_path / f"bench-{number}"
        keys = f'speaks = "pjlink"\nhost = "{net}.{number}"\nannounce_to = "{net}.7"\nserial_number = "{serial}"\n'
        settings.write_text(f'[morning]\nprojector_on_after_s = 0\n[[device]]\nkey = "p"\nroom = "p1"\n{keys}{more}')
        bench = start("bench", "run", str(settings), "--dir", str(folder))
        bench.until((folder / "control.sock").exists)
        return bench

    return begin


def network(net: str, more: str = "") -> str:
    return f'network = true\nsubnets = ["{net}.0/29"]\n{more}'


def projector(net: str, number: int) -> str:
    address = f"tcp://{net}.{number}:4352"
    return f'[[device]]\nkey = "p1-projector"\nprofile = "pjlink/class-2"\naddress = "{address}"\nevery_s = 0.5\n'


def test_a_projector_that_comes_to_the_network_is_born_and_reports(
    run: Any, bring: Any, net: str, small_host: Any
) -> None:
    bring(1, "SN0001")
    agent = run(network(net, projector(net, 1)))
    small_host.until("the one that is configured", lambda: small_host.of_kind("DDATA p1-projector"))
    agent.until(lambda: f"looking for new equipment in {net}.0/29" in agent.output)
    bring(2, "SN0002")
    birth = small_host.until("a birth", lambda: small_host.of_kind("DBIRTH new-projector-1"), PATIENCE_S)[0]
    assert (birth.metrics[KIND].value, birth.metrics[PROFILE].value) == ("projector", "pjlink/class-2")
    assert birth.metrics["Properties/serial_number"].value == "SN0002"
    assert small_host.until("its data", lambda: small_host.of_kind("DDATA new-projector-1"))
    assert not any("new-projector-2" in brief for brief in small_host.briefs)
    assert (small_host.errors, small_host.gaps) == ([], 0)
    assert agent.stop() == 0
    assert "Traceback" not in agent.output


def test_a_projector_that_got_another_address_stays_the_device_that_it_was(
    run: Any, bring: Any, net: str, small_host: Any
) -> None:
    before = bring(1, "SN0001")
    agent = run(network(net, projector(net, 1)))
    birth = small_host.until(
        "its serial number",
        lambda: [
            one for one in small_host.of_kind("DBIRTH p1-projector") if one.metrics.get("Properties/serial_number")
        ],
    )[0]
    assert birth.metrics["Properties/serial_number"].value == "SN0001"
    before.stop()
    small_host.until("its death", lambda: small_host.of_kind("DDEATH p1-projector"), PATIENCE_S)
    bring(2, "SN0001")
    agent.until(lambda: f"p1-projector: has moved from tcp://{net}.1:4352 to tcp://{net}.2:4352" in agent.output)
    agent.until(lambda: f"p1-projector: answers at tcp://{net}.2:4352" in agent.output)
    assert not any("new-" in brief for brief in small_host.briefs)
    assert agent.stop() == 0


def test_a_stranger_in_the_network_is_told_once_whatever_he_calls_himself(run: Any, net: str) -> None:
    agent = run(network(net))
    agent.until(lambda: f"looking for new equipment in {net}.0/29" in agent.output)
    notice = b"NOTIFY * HTTP/1.1\r\nNT: urn:\x1b[2Jprinter\r\nNTS: ssdp:alive\r\n\r\n"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as printer:
        printer.bind((f"{net}.3", 0))
        printer.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(f"{net}.3"))

        def told() -> bool:
            printer.sendto(notice, ("239.255.255.250", 1900))
            return f"{net}.3 (urn:[2Jprinter): nothing known answers there" in agent.output

        agent.until(told)
        heard = agent.output.count("nothing known")
    assert heard == 1
    assert "\x1b" not in agent.output
    assert agent.stop() == 0

"""The agent as a process that is given other settings and profiles while it runs, at the bench, with a small host."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wire.handoff import Health, Wanted

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
PROFILE = (ROOT / "firmware_profiles" / "pjlink" / "generic.toml").read_text("utf-8")
pytestmark = pytest.mark.e2e


class Site:
    """A school's files: agent.toml, the bench's projectors, a set of profiles, and the agent's process."""

    def __init__(self, folder: Path, broker: str) -> None:
        self.folder, self._broker = folder, broker
        self.net = f"127.{random.randint(64, 250)}.{random.randint(1, 250)}"
        self._programs: list[subprocess.Popen[bytes]] = []
        self._log = folder / "agent.log"

    def plug_in(self, count: int) -> None:
        tables = [
            f'[[device]]\nkey = "b{n}"\nroom = "p1"\nspeaks = "pjlink"\nhost = "{self.net}.{n}"\n'
            for n in range(1, count + 1)
        ]
        (self.folder / "bench.toml").write_text("\n".join(tables))
        self._start("bench", "bench", "run", str(self.folder / "bench.toml"), "--dir", str(self.folder / "bench"))
        wait((self.folder / "bench" / "control.sock").exists, "the bench")

    def configure(self, **devices: str) -> None:
        """p1_projector="2 pjlink/generic": at the second address, by this profile."""
        head = f'group = "cpm3"\nnode = "36010001"\n[journal]\ndirectory = "{self.folder}/journal"\n[discovery]\nevery_s = 0\n'
        updates = f'[updates]\ndirectory = "{self.folder}"\n[profiles]\ndirectory = "{self.folder}/profiles"\n'
        tables = [self._table(name.replace("_", "-"), *text.split()) for name, text in devices.items()]
        (self.folder / "agent.toml").write_text(head + updates + "".join(tables))

    def lay_profiles(self, version: str, profile: str) -> None:
        (self.folder / "profiles" / "pjlink").mkdir(parents=True, exist_ok=True)
        (self.folder / "profiles" / "version").write_text(version)
        (self.folder / "profiles" / "pjlink" / "generic.toml").write_text(profile, "utf-8")

    def start(self) -> subprocess.Popen[bytes]:
        return self._start(
            "agent", "agent", "run", "--config", str(self.folder / "agent.toml"), "--broker", self._broker
        )

    def reload(self, saying: str) -> None:
        said = self.output.count(saying)
        self._programs[-1].send_signal(signal.SIGHUP)
        wait(lambda: self.output.count(saying) > said, saying)

    @property
    def output(self) -> str:
        return self._log.read_text("utf-8")

    def close(self) -> None:
        for program in self._programs:
            if program.poll() is None:
                program.kill()
            program.wait(60)

    def _table(self, key: str, number: str, profile: str, every_s: str = "0.1") -> str:
        where = f'address = "tcp://{self.net}.{number}:4352"\nevery_s = {every_s}\n'
        return f'[[device]]\nkey = "{key}"\nprofile = "{profile}"\nroom = "p1"\n{where}'

    def _start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "DLTV_AGENT_HOST__INTERNET": "[]", "DLTV_AGENT_HOST__NTP": ""}
        with (self.folder / f"{name}.log").open("ab") as out:
            run = [sys.executable, "-m", *command]
            self._programs.append(subprocess.Popen(run, cwd=ROOT, env=env, stdout=out, stderr=out))
        return self._programs[-1]


def wait(probe: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := probe()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)
    return answer


@pytest.fixture
def site(tmp_path: Path, mosquitto: Any) -> Iterator[Site]:
    site = Site(tmp_path, mosquitto.url)
    yield site
    site.close()


def offsets(host: Any) -> list[int]:
    return [
        int(each.metrics["Journal/Offset"].value) for each in list(host.heard) if each.topic.type.value[1:] == "DATA"
    ]


def test_other_devices_are_polled_by_the_same_process_and_no_report_is_lost(site: Site, small_host: Any) -> None:
    site.plug_in(3)
    site.configure(p1_projector="1 pjlink/generic", p2_projector="2 pjlink/generic", p3_projector="3 pjlink/generic")
    process = site.start()
    small_host.until("three sets", lambda: all(small_host.of_kind(f"DDATA p{n}-projector") for n in (1, 2, 3)))
    births = len(small_host.of_kind("NBIRTH"))

    site.configure(p1_projector="1 pjlink/generic", p2_projector="2 pjlink/class-2", p4_projector="3 pjlink/generic")
    site.reload("1 devices given up, 2 begun")
    small_host.until("the death of the third", lambda: small_host.of_kind("DDEATH p3-projector"))
    small_host.until("the fourth, on the line of the third", lambda: small_host.of_kind("DDATA p4-projector"))
    born = small_host.of_kind("DBIRTH p2-projector")[-1]
    assert born.metrics["Properties/profile"].value == "pjlink/class-2"
    assert small_host.of_kind("DDATA p4-projector")[0].metrics["device/reachable"].value is True
    assert len(small_host.of_kind("NBIRTH")) == births + 1
    last = max(n for n, brief in enumerate(small_host.briefs) if brief == "NBIRTH")
    assert "DBIRTH p3-projector" not in small_host.briefs[last:]
    assert "DDEATH p1-projector" not in small_host.briefs

    assert process.poll() is None
    told = offsets(small_host)
    assert told == list(range(1, len(told) + 1))
    assert (small_host.gaps, small_host.errors) == (0, [])
    assert "Traceback" not in site.output


def test_settings_with_a_mistake_change_nothing_and_are_said_in_one_line(site: Site, small_host: Any) -> None:
    site.plug_in(1)
    site.configure(p1_projector="1 pjlink/generic")
    site.start()
    small_host.until("the set", lambda: small_host.of_kind("DDATA p1-projector"))
    lines, births = len(site.output.splitlines()), len(small_host.of_kind("NBIRTH"))

    site.configure(p1_projector="1 pjlink/genric", p2_projector="1 pjlink/generic")
    site.reload("the settings stay as they were")
    assert 'did you mean "pjlink/generic"' in site.output
    assert len(site.output.splitlines()) == lines + 1
    assert len(small_host.of_kind("NBIRTH")) == births

    (site.folder / "agent.toml").write_text("group = ")
    site.reload("the settings stay as they were")
    assert len(site.output.splitlines()) == lines + 2


def test_a_newer_set_of_profiles_holds_without_a_restart(site: Site, small_host: Any) -> None:
    site.plug_in(1)
    site.configure(p1_projector="1 pjlink/generic")
    site.start()
    small_host.until("the set", lambda: small_host.of_kind("DDATA p1-projector"))
    assert "+" not in small_host.of_kind("NBIRTH")[0].metrics["Properties/profiles_version"].value

    site.lay_profiles("2026-05-01", PROFILE.replace("every_s = ", "every_s = 1", 1))
    site.reload("0 devices given up, 2 begun")
    newest = lambda: small_host.of_kind("NBIRTH")[-1].metrics["Properties/profiles_version"].value  # noqa: E731
    small_host.until("a birth with the new version", lambda: newest().startswith("2026-05-01+"))

    site.lay_profiles("2026-05-02", "id = 7")
    site.reload("the settings stay as they were")
    assert newest().startswith("2026-05-01+")


def test_what_the_hub_commands_is_left_for_the_updater_and_health_is_told(site: Site, small_host: Any) -> None:
    site.configure()
    site.start()
    health = wait(lambda: (told := Health.read(site.folder)) and told.healthy_at and told, "health")
    assert health.healthy_at >= health.started_at
    small_host.until("a birth", lambda: small_host.of_kind("NBIRTH"))
    assert health.version == small_host.of_kind("NBIRTH")[0].metrics["Properties/agent_version"].value
    small_host.command(Update_To="../../etc/passwd")
    small_host.command(Update_To="1.2.3", Config_Version="c7")
    small_host.command(Config_Version="profiles/2026-05-01")
    wanted = Wanted("1.2.3", "c7", "2026-05-01")
    wait(lambda: Wanted.read(site.folder) == wanted, "the wishes")
    assert "no version" in site.output

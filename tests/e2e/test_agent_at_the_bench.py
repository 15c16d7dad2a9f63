"""The agent's own drivers, by their profiles, at the bench's equipment on real lines and ports: two readings of each document.

Whatever is broken, a round ends in time, raises nothing, and tells no figure that is not so.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.links import open_link
from agent.adapters.system_clock import SystemClock
from agent.core.devices import DeviceSettings
from agent.core.readings import Poll
from agent.services.devices import build_device
from agent.services.driver import Driver
from bench.app import Bench
from bench.catalogue import catalogue
from bench.lines.http_port import HttpPort
from bench.lines.program import Program
from bench.lines.serial_line import SerialLine
from bench.lines.udp_port import UdpPort
from bench.settings import BenchSettings
from firmware_profiles.loader import load_catalog
from firmware_profiles.schema import Profile
from wire.vocabulary import REACHABLE

SLOW_S = 0.1
TIMEOUT_MS = 800
TIMEOUTS_MS = {Program: 2000, UdpPort: 1000}
"""Longer where a program must start first, or pysnmp."""
HARD = ("silent", "garbage", "half", "refuse", "dead", "reboot", "unplugged")


@dataclass(frozen=True)
class Pair:
    """A profile, what speaks its protocol, what each is told, and what must come when all is well."""

    profile: str
    speaks: str
    reads: dict[str, Any]
    bench: dict[str, Any] = field(default_factory=dict)
    agent: dict[str, Any] = field(default_factory=dict)
    is_receiver: bool = True

    def __str__(self) -> str:
        return f"{self.profile} {'with a password' if 'password' in self.agent else ''}".strip()


SKY = {"signal/lock": True, "signal/cnr_db": pytest.approx(13.4, abs=0.3)}
LEVEL = {"signal/strength_dbm": pytest.approx(-38.8, abs=1)}
TUNED = {"tuner/frequency_khz": 12_355_000}
ON = {"power/on": True}
LOCKED = {"user": "agent", "password": "Bench-Secret"}
UPS = {"ups/on_battery": False, "ups/replace_battery": False, "ups/charge_pct": 100, "ups/runtime_s": 2400}

PAIRS = (
    Pair("enigma2/openwebif", "openwebif", ON | SKY | {"tuner/service": "DLTV 1"}),
    Pair("tvheadend/http", "tvheadend", SKY | LEVEL),
    Pair("tvheadend/http", "tvheadend", SKY | LEVEL, LOCKED, LOCKED),
    Pair("satip/server", "satip", {"signal/lock": True, "signal/quality_pct": pytest.approx(100)} | LEVEL | TUNED),
    Pair("pbi/snmp-ird", "snmp-ird", SKY | LEVEL | TUNED),
    Pair("generic/serial-console", "stb-console", ON | SKY | {"tuner/service": "DLTV 1"}),
    Pair("generic/serial-console", "stb-console", ON | SKY, LOCKED, LOCKED),
    Pair("linux/dvb-fe-tool", "dvb-fe-tool", SKY | LEVEL | {"signal/ber": 0, "signal/uncorrected_blocks": 0}),
    Pair("hdmi-cec/cec-client", "cec-client", ON, is_receiver=False),
    Pair("nut/ups", "nut", UPS, {"ups": "ups"}, is_receiver=False),
    Pair("tasmota/plug", "tasmota", ON, is_receiver=False),
    Pair(
        "tasmota/plug", "tasmota", ON, {"password": "Bench"}, {"user": "admin", "password": "Bench"}, is_receiver=False
    ),
    Pair("shelly/gen1-plug", "shelly-gen1", ON, is_receiver=False),
    Pair("shelly/gen2-plug", "shelly-gen2", ON, is_receiver=False),
    Pair(
        "shelly/gen2-plug",
        "shelly-gen2",
        ON,
        {"password": "Bench"},
        {"user": "admin", "password": "Bench"},
        is_receiver=False,
    ),
)
PLAIN = tuple(pair for pair in PAIRS if not pair.agent)
RECEIVERS = tuple(pair for pair in PAIRS if pair.is_receiver and not pair.agent)


class Hasty:
    """The catalogue with short time-outs: what hangs is given up sooner, and nothing else differs."""

    def __init__(self, timeout_ms: int) -> None:
        self._timeout_ms = timeout_ms

    def profile(self, profile_id: str) -> Profile:
        profile = load_catalog().profile(profile_id)
        return profile.model_copy(update={"link": profile.link.model_copy(update={"timeout_ms": self._timeout_ms})})


class Clock:
    now = 1_000_000_000

    def __call__(self) -> int:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += int(seconds * 1000)


class Meeting:
    """A device of the bench and the agent's driver for it. The bench's time stands still unless the test moves it."""

    def __init__(self, pair: Pair, folder: Path) -> None:
        self.clock = Clock()
        keys = {"key": "unit", "room": "p1", "speaks": pair.speaks, "on_after_s": 0, "slow_s": SLOW_S, **pair.bench}
        device = catalogue()[pair.speaks].settings.model_validate(keys)
        self.bench = Bench(BenchSettings(device=(device,)), folder / "bench.toml", folder / "run", self.clock)
        self.bench.open()
        self.bench.live.look()
        self.clock.pass_s(3600)
        (port,) = self.bench.ports("unit")
        timeout_ms = TIMEOUTS_MS.get(type(port), TIMEOUT_MS)
        address = _address(port)
        settings = DeviceSettings(key="p1-unit", profile=pair.profile, address=address, **pair.agent)
        built = build_device(settings, Hasty(timeout_ms), open_link)
        clock = SystemClock()
        self.driver = Driver(built, built.open_channel(clock, threading.Event()), clock)
        questions = len(built.profile.polls) + len(built.profile.identity)
        self.patience_s = 2 + questions * (1 + built.profile.link.retries) * timeout_ms / 1000

    def break_(self, name: str) -> None:
        self.bench.live.change(lambda school, now: school.with_fault(name, now))

    def mend(self, name: str) -> None:
        self.bench.live.change(lambda school, now: school.without_fault(name, now))

    def poll(self) -> Poll:
        """One round of everything; it must not take longer than its time-outs."""
        self.driver.hurry()
        began = time.monotonic()
        poll = self.driver.round()
        assert time.monotonic() - began < self.patience_s
        return poll

    def close(self) -> None:
        self.driver.close()
        self.bench.close()


def _address(port: Any) -> str:
    if isinstance(port, SerialLine):
        return f"serial:{port.path}"
    if isinstance(port, Program):
        return "command:"
    scheme = "http" if isinstance(port, HttpPort) else "snmp" if isinstance(port, UdpPort) else "tcp"
    return f"{scheme}://{port.place().partition('//')[2]}"


@pytest.fixture
def meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Pair], Meeting]]:
    """The bench's programs are found first, as if they were the system's."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'run'}:/usr/bin:/bin")
    met: list[Meeting] = []

    def make(pair: Pair) -> Meeting:
        met.append(Meeting(pair, tmp_path))
        return met[-1]

    yield make
    for each in met:
        each.close()


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_a_healthy_device_is_read_right(meet: Callable[[Pair], Meeting], pair: Pair) -> None:
    poll = meet(pair).poll()
    assert poll.problem is None
    assert poll.readings[REACHABLE] is True
    assert {name: poll.readings.get(name) for name in pair.reads} == pair.reads


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_a_slow_device_is_read_right_all_the_same(meet: Callable[[Pair], Meeting], pair: Pair) -> None:
    meeting = meet(pair)
    meeting.break_("unit-slow")
    readings = meeting.poll().readings
    assert {name: readings.get(name) for name in pair.reads} == pair.reads


@pytest.mark.parametrize("fault", HARD)
@pytest.mark.parametrize("pair", PLAIN, ids=str)
def test_in_trouble_it_tells_nothing_that_is_not_so(meet: Callable[[Pair], Meeting], pair: Pair, fault: str) -> None:
    meeting = meet(pair)
    healthy = meeting.poll().readings
    assert healthy[REACHABLE] is True
    meeting.break_(f"unit-{fault}")
    troubled = meeting.poll().readings
    told = {name: value for name, value in troubled.items() if name != REACHABLE and value is not None}
    assert told.items() <= healthy.items()
    if fault in ("silent", "dead", "unplugged", "reboot"):
        assert told == {}
    meeting.mend(f"unit-{fault}")
    meeting.clock.pass_s(60)
    assert meeting.poll().readings[REACHABLE] is True


@pytest.mark.parametrize("pair", RECEIVERS, ids=str)
def test_no_lock_a_dead_lnb_and_rain_are_told_apart(meet: Callable[[Pair], Meeting], pair: Pair) -> None:
    meeting = meet(pair)
    meeting.break_("rain")
    meeting.clock.pass_s(150)
    rained = meeting.poll().readings
    assert rained["signal/lock"] is True
    measure = "signal/cnr_db" if "signal/cnr_db" in pair.reads else "signal/quality_pct"
    clear = 13.1 if measure == "signal/cnr_db" else 100
    assert isinstance(ratio := rained[measure], int | float)
    assert ratio < clear
    meeting.clock.pass_s(600)
    meeting.break_("unit-no-lock")
    unlocked = meeting.poll().readings
    assert unlocked["signal/lock"] is False
    assert not unlocked.get(measure)
    assert unlocked.get("signal/strength_dbm") or unlocked.get("signal/strength_pct")
    meeting.break_("lnb-dead")
    deaf = meeting.poll().readings
    assert deaf["signal/lock"] is False
    assert not deaf.get("signal/strength_dbm")
    assert not deaf.get("signal/strength_pct")


PLUGS_AND_TV = tuple(pair for pair in PLAIN if not pair.is_receiver and pair.profile != "nut/ups")


@pytest.mark.parametrize("pair", PLUGS_AND_TV, ids=str)
def test_what_is_off_is_told_as_off(meet: Callable[[Pair], Meeting], pair: Pair) -> None:
    meeting = meet(pair)
    meeting.break_("unit-off" if pair.speaks == "cec-client" else "unit-no-load")
    assert meeting.poll().readings["power/on"] is False


def test_a_power_cut_and_a_worn_battery_are_read_from_the_ups(meet: Callable[[Pair], Meeting]) -> None:
    (pair,) = [pair for pair in PAIRS if pair.profile == "nut/ups"]
    meeting = meet(pair)
    meeting.break_("unit-on-battery")
    meeting.clock.pass_s(600)
    readings = meeting.poll().readings
    assert readings["ups/on_battery"] is True
    assert (readings["ups/charge_pct"], readings["ups/runtime_s"]) == (75, 1800)
    meeting.mend("unit-on-battery")
    meeting.break_("unit-battery-worn")
    assert meeting.poll().readings["ups/replace_battery"] is True
    meeting.break_("unit-stale")
    assert not any(value for name, value in meeting.poll().readings.items() if name.startswith("ups/"))

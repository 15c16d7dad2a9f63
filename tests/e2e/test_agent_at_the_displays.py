"""The agent's own drivers, by their profiles, at the bench's displays and projectors: two readings of each document.

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
from agent.services.devices import build_device
from agent.services.driver import Driver
from bench.app import Bench
from bench.catalogue import catalogue
from bench.settings import BenchSettings
from firmware_profiles.loader import load_catalog
from firmware_profiles.schema import Profile
from wire.vocabulary import REACHABLE

TIMEOUT_MS, GAP_MS = 200, 5
SLOW_S = 0.02
GONE = ("silent", "dead", "reboot", "unplugged")
HARD = (*GONE, "garbage", "half", "refuse")


@dataclass(frozen=True)
class Pair:
    """A profile, what speaks its protocol, on which way, and what must be read when all is well."""

    profile: str
    speaks: str
    way: str
    reads: dict[str, Any]
    ills: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the bench's fault: what must be read then."""
    bench: dict[str, Any] = field(default_factory=dict)
    agent: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.profile}-{self.way}"


ON = {"power/on": True}
NO_PICTURE = {"no-signal": {"input/signal": False}, "off": {"power/on": False}}
WARM = pytest.approx(45, abs=3)
PASSWORD = {"password": "JBMIAProjectorLink"}
ERRORS_OK = {"error/fan": 0, "error/lamp": 0, "error/temp": 0, "error/filter": 0}
LAMP = {"lamp/hours": 1235}
LG = ON | {"input/source": "hdmi1", "input/signal": True, "panel/temp_c": WARM, "panel/hours": 7211}
MDC = ON | {
    "input/source": "hdmi1",
    "input/signal": True,
    "panel/temp_c": WARM,
    "panel/hours": pytest.approx(7211, abs=1),
}
ILLS = {
    "backlight": {"error/code": "backlight"},
    "fan": {"error/code": "fan"},
    "hot": {"error/code": "temperature"},
}
NEC = ON | {"input/signal": True, "panel/temp_c": WARM, "panel/hours": pytest.approx(7211, abs=1)}
SICP = ON | {"input/signal": True, "input/source": "hdmi1", "panel/temp_c": WARM}
BEAMER_ILLS = {
    "fan": {"error/fan": 2},
    "lamp": {"error/lamp": 2},
    "hot": {"error/temp": 2},
    "filter": {"error/filter": 2},
    "cover": {"error/code": "lamp_cover"},
    "lamp-worn": {"lamp/hours": 5001},
}
PJLINK_ILLS = BEAMER_ILLS | {"filter": {"error/filter": 1}, "cover": {"error/code": "cover"}}
NO_INPUT = {"no-signal": {"input/signal": False}}
PAIRS = (
    *(
        Pair("lg/rs232", "lg-rs232", way, LG, NO_PICTURE | {"backlight": {"error/code": "backlight"}})
        for way in ("serial", "tcp")
    ),
    *(Pair("samsung/mdc", "samsung-mdc", way, MDC, ILLS | NO_PICTURE) for way in ("serial", "tcp")),
    *(Pair("philips/sicp", "philips-sicp", way, SICP, NO_PICTURE) for way in ("serial", "tcp")),
    *(Pair("philips/sicp-b", "philips-sicp-b", way, ON, {"off": {"power/on": False}}) for way in ("serial", "tcp")),
    *(Pair("nec/display", "sharp-nec", way, NEC, ILLS | NO_PICTURE) for way in ("serial", "tcp")),
    *(Pair("epson/escvp21", "epson-vp21", way, ON | LAMP, BEAMER_ILLS) for way in ("serial", "tcp")),
    Pair("epson/escvp21", "epson-vp21", "tcp", ON, {}, {"password": "Secret1"}, {"password": "Secret1"}),
    Pair("pjlink/class-2", "pjlink", "tcp", ON | ERRORS_OK | LAMP, PJLINK_ILLS | NO_INPUT, PASSWORD, PASSWORD),
    Pair("pjlink/generic", "pjlink", "tcp", ON | LAMP, PJLINK_ILLS, {"pjlink_class": 1}),
    Pair("sony/simple-ip", "sony-ssip", "tcp", ON | {"input/source": "hdmi1"}, {"off": {"power/on": False}}),
    Pair("sony/rs232", "sony-rs232", "serial", ON, {"off": {"power/on": False}}),
    Pair(
        "sony/rest",
        "sony-rest",
        "http",
        ON,
        {"off": {"power/on": False}},
        {"psk": "1234"},
        {"password": "1234"},
    ),
)


class Hasty:
    """The catalogue with short time-outs and pauses: what hangs is given up sooner, and nothing else differs."""

    def profile(self, profile_id: str) -> Profile:
        profile = load_catalog().profile(profile_id)
        return profile.model_copy(
            update={"link": profile.link.model_copy(update={"timeout_ms": TIMEOUT_MS, "gap_ms": GAP_MS})}
        )


class Clock:
    now = 1_000_000_000

    def __call__(self) -> int:
        return self.now


class Meeting:
    """A device of the bench and the agent's driver for it. The bench's time stands still unless the test moves it."""

    def __init__(self, pair: Pair, folder: Path) -> None:
        self.clock = Clock()
        keys = {"key": "unit", "room": "p1", "speaks": pair.speaks, "on_after_s": 0, "slow_s": SLOW_S, **pair.bench}
        if pair.way == "tcp":
            keys["port"] = 0
        if pair.speaks == "pjlink":
            keys["search_port"] = 0
        device = catalogue()[pair.speaks].settings.model_validate(keys)
        self.bench = Bench(BenchSettings(device=(device,)), folder / "bench.toml", folder / "run", self.clock)
        self.bench.open()
        self.bench.live.look()
        self.clock.now += 3_600_000
        place = self.bench.ports("unit")[0].place()
        address = f"serial:{place}" if pair.way == "serial" else place
        settings = DeviceSettings(key="p1-unit", profile=pair.profile, address=address, **pair.agent)
        built = build_device(settings, Hasty(), open_link)
        clock = SystemClock()
        self.driver = Driver(built, built.open_channel(clock, threading.Event()), clock)
        questions = len(built.profile.polls) + len(built.profile.identity)
        gaps_s = questions * built.profile.link.gap_ms / 1000
        self.patience_s = 2 + gaps_s + questions * (1 + built.profile.link.retries) * TIMEOUT_MS / 1000

    def break_(self, name: str) -> None:
        self.bench.live.change(lambda school, now: school.with_fault(f"unit-{name}", now))

    def mend(self, name: str) -> None:
        self.bench.live.change(lambda school, now: school.without_fault(f"unit-{name}", now))

    def read(self) -> dict[str, Any]:
        """One round of everything; it must not take longer than its time-outs."""
        self.driver.hurry()
        began = time.monotonic()
        readings = dict(self.driver.round().readings)
        assert time.monotonic() - began < self.patience_s
        return readings

    def close(self) -> None:
        self.driver.close()
        self.bench.close()


@pytest.fixture
def meet(tmp_path: Path) -> Iterator[Callable[[Pair], Meeting]]:
    met: list[Meeting] = []

    def make(pair: Pair) -> Meeting:
        met.append(Meeting(pair, tmp_path))
        return met[-1]

    yield make
    for each in met:
        each.close()


def told(readings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in readings.items() if name != REACHABLE and value is not None}


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_a_healthy_device_is_read_right(meet: Callable[[Pair], Meeting], pair: Pair) -> None:
    readings = meet(pair).read()
    assert readings[REACHABLE] is True
    assert {name: readings.get(name) for name in pair.reads} == pair.reads


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_a_slow_device_is_read_right_all_the_same(meet: Callable[[Pair], Meeting], pair: Pair) -> None:
    meeting = meet(pair)
    meeting.break_("slow")
    readings = meeting.read()
    assert {name: readings.get(name) for name in pair.reads} == pair.reads


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_in_trouble_it_tells_nothing_that_is_not_so(meet: Callable[[Pair], Meeting], pair: Pair) -> None:
    meeting = meet(pair)
    healthy = told(meeting.read())
    for fault in HARD:
        meeting.break_(fault)
        troubled = told(meeting.read())
        assert troubled.items() <= healthy.items(), fault
        if fault in GONE:
            assert troubled == {}, fault
        meeting.mend(fault)
        assert meeting.read()[REACHABLE] is True, fault


@pytest.mark.parametrize(("pair", "ill"), [(pair, ill) for pair in PAIRS for ill in pair.ills], ids=str)
def test_each_ill_is_told(meet: Callable[[Pair], Meeting], pair: Pair, ill: str) -> None:
    meeting = meet(pair)
    meeting.break_(ill)
    readings = meeting.read()
    assert {name: readings.get(name) for name in pair.ills[ill]} == pair.ills[ill]

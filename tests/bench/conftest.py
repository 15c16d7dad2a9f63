"""A classroom whose time the test moves itself: in the morning (all in standby), and in class (all on and warmed up)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.app import Bench
from bench.catalogue import catalogue
from bench.live import LiveSchool, Unit
from bench.school import School
from bench.settings import BenchSettings, DeviceSettings


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000_000

    def __call__(self) -> int:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += int(seconds * 1000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def device(speaks: str, **keys: Any) -> DeviceSettings:
    return catalogue()[speaks].settings.model_validate({"room": "p1", "speaks": speaks, **keys})


@pytest.fixture
def settings() -> BenchSettings:
    """The manuals' own examples where they have one; port 0 takes a free one."""
    tv = {"model": "75UH5F-HJ", "serial_number": "612KCXR1Q123", "hours": 7210, "warm_c": 1.0, "slow_s": 0.2}
    beamer = {"port": 0, "password": "JBMIAProjectorLink", "lamp_hours": 1234, "idle_s": 0.5}
    devices = (
        device("lg-rs232", key="p1-tv", **tv),
        device("pjlink", key="p1-projector", **beamer),
        device("openwebif", key="p1-receiver", port=0),
    )
    return BenchSettings(device=devices)


@pytest.fixture
def morning(settings: BenchSettings, clock: Clock) -> LiveSchool:
    return LiveSchool(School.in_the_morning(settings, clock.now), clock)


@pytest.fixture
def in_class(morning: LiveSchool, clock: Clock) -> LiveSchool:
    clock.pass_s(30)
    morning.look()
    clock.pass_s(60)
    return morning


@pytest.fixture
def fault(in_class: LiveSchool) -> Callable[[str], None]:
    """Breaks something in the class."""
    return lambda name: in_class.change(lambda school, now: school.with_fault(name, now)) and None


class Lone:
    """One device alone in its room, run warm; `break_` and `mend` name its faults without its name in front."""

    def __init__(self, live: LiveSchool, unit: Unit[Any], clock: Clock) -> None:
        self.live, self.unit, self.clock = live, unit, clock

    def break_(self, code: str) -> None:
        self.live.change(lambda school, now: school.with_fault(f"p1/{self.unit.key}-{code}", now))

    def mend(self, code: str) -> None:
        self.live.change(lambda school, now: school.without_fault(f"p1/{self.unit.key}-{code}", now))


@pytest.fixture
def lone(clock: Clock) -> Callable[..., Lone]:
    """lone("samsung-mdc", port=0): such a device, switched on half an hour ago unless `on=False`."""

    def make(speaks: str, *, on: bool = True, **keys: Any) -> Lone:
        made = device(speaks, key="unit", on_after_s=0 if on else -1, **keys)
        live = LiveSchool(School.in_the_morning(BenchSettings(device=(made,)), clock.now), clock)
        live.look()
        clock.pass_s(3600)
        return Lone(live, Unit(live, made), clock)

    return make


@pytest.fixture
def bench_of(tmp_path: Path, clock: Clock) -> Any:
    """bench_of("samsung-mdc", port=0): one such device on its real line or port, run warm; closed after the test."""
    opened: list[Bench] = []

    def make(speaks: str, **keys: Any) -> Bench:
        made = device(speaks, key="unit", on_after_s=0, **keys)
        bench = Bench(BenchSettings(device=(made,)), tmp_path / "bench.toml", tmp_path / "run", clock)
        bench.open()
        opened.append(bench)
        bench.live.look()
        clock.pass_s(3600)
        return bench

    yield make
    for bench in opened:
        bench.close()


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    """A bench.toml on free ports where everything is switched on at once."""
    path = tmp_path / "bench.toml"
    path.write_text(
        "[morning]\nreceiver_on_after_s = 0\ntv_on_after_s = 0\nprojector_on_after_s = 0\n"
        '[[device]]\nkey = "p1-tv"\nroom = "p1"\nspeaks = "lg-rs232"\n'
        '[[device]]\nkey = "p1-projector"\nroom = "p1"\nspeaks = "pjlink"\nport = 0\n'
        'warm_up_s = 0\npassword = "JBMIAProjectorLink"\n'
        '[[device]]\nkey = "p1-receiver"\nroom = "p1"\nspeaks = "openwebif"\nport = 0\nlock_after_s = 0\n'
    )
    return path

"""A classroom whose time the test moves itself: in the morning (all in standby), and in class (all on and warmed up)."""

from pathlib import Path

import pytest

from bench.live import LiveRoom
from bench.room import Classroom
from bench.settings import BenchSettings


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


@pytest.fixture
def settings() -> BenchSettings:
    """The manuals' own examples where they have one; port 0 takes a free one."""
    document = {
        "tv": {"model": "75UH5F-HJ", "serial_number": "612KCXR1Q123", "hours": 7210, "warm_c": 1.0, "slow_s": 0.2},
        "projector": {"port": 0, "password": "JBMIAProjectorLink", "lamp_hours": 1234, "idle_s": 0.5},
        "receiver": {"port": 0},
    }
    return BenchSettings.model_validate(document)


@pytest.fixture
def morning(settings: BenchSettings, clock: Clock) -> LiveRoom:
    return LiveRoom(Classroom.in_the_morning(settings, clock.now), clock)


@pytest.fixture
def in_class(morning: LiveRoom, clock: Clock) -> LiveRoom:
    clock.pass_s(30)
    morning.look()
    clock.pass_s(60)
    return morning


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    """A bench.toml on free ports where everything is switched on at once."""
    path = tmp_path / "bench.toml"
    path.write_text(
        "[morning]\nreceiver_on_after_s = 0\ntv_on_after_s = 0\nprojector_on_after_s = 0\n"
        '[projector]\nport = 0\nwarm_up_s = 0\npassword = "JBMIAProjectorLink"\n[receiver]\nport = 0\nlock_after_s = 0\n'
    )
    return path

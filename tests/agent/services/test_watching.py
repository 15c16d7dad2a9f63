"""The bench's tuner and TV behind device files that appear while somebody watches: over the real ioctl call's place."""

import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.links import open_link
from agent.adapters.surroundings import files_named, real_place
from agent.adapters.system_clock import SystemClock
from agent.core.devices import DeviceSettings
from agent.core.finds import Finds
from agent.core.identities import Identities
from agent.services.devices import Device
from agent.services.newcomers import Hands, Newcomers
from agent.services.watching import Lines, Watching, Ways
from bench.app import Bench
from bench.catalogue import catalogue
from bench.kernel.cec_adapter import CecAdapter
from bench.kernel.dvb_frontend import DvbFrontend
from bench.kernel.files import KernelFiles
from bench.live import Unit
from bench.settings import BenchSettings
from firmware_profiles.links import Scheme
from firmware_profiles.loader import load_catalog

KINDS: dict[str, tuple[str, Any]] = {"frontend0": ("dvb-fe-tool", DvbFrontend), "cec0": ("cec-client", CecAdapter)}


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """plug("cec0"): the file appears. Its name."""
    units = [
        catalogue()[speaks].settings.model_validate({"key": key, "room": "p1", "speaks": speaks, "on_after_s": 0})
        for key, (speaks, _) in KINDS.items()
    ]
    now = [1_000_000]
    bench = Bench(BenchSettings(device=tuple(units)), tmp_path / "bench.toml", tmp_path / "run", lambda: now[0])
    bench.live.look()
    now[0] += 3_600_000
    devices = {tmp_path / unit.key: KINDS[unit.key][1](Unit(bench.live, unit)) for unit in units}
    monkeypatch.setattr(fcntl, "ioctl", KernelFiles(devices).ioctl)

    def appear(name: str) -> str:
        (tmp_path / name).touch()
        return str(tmp_path / name)

    return appear


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[..., list[Device]]]:
    """Watches the folder's front ends and CEC adapters; the devices that it adopts."""
    started: list[Watching] = []

    def begin(*configured: DeviceSettings) -> list[Device]:
        adopted: list[Device] = []

        def present() -> dict[str, str]:
            return files_named(Scheme.DVB, [f"{tmp_path}/frontend*"]) | files_named(Scheme.CEC, [f"{tmp_path}/cec*"])

        hands = Hands(adopted.append, adopted.append, lambda _finds: None)
        newcomers = Newcomers(configured, Identities(), Finds(), hands)
        ways = Ways(Lines(present, real_place), None, open_link, load_catalog)
        started.append(Watching(ways, newcomers, SystemClock(), every_s=0.02))
        started[-1].start()
        return adopted

    yield begin
    for each in started:
        each.stop()


def test_a_front_end_that_appears_is_a_reference_receiver(plug: Any, watch: Any, polls: Any) -> None:
    adopted = watch()
    file = plug("frontend0")
    polls.wait(lambda _: adopted)
    (device,) = adopted
    assert (device.name, device.profile.id, device.address) == ("new-receiver-1", "linux/dvb-s2", file)
    assert device.equipment.properties["Properties/model"] == "Bench DVB-S2"


def test_a_tv_behind_a_cec_adapter_that_appears_is_a_tv(plug: Any, watch: Any, polls: Any) -> None:
    adopted = watch()
    plug("cec0")
    polls.wait(lambda _: adopted)
    assert [(device.name, device.profile.id) for device in adopted] == [("new-tv-1", "hdmi-cec/tv")]


def test_a_front_end_that_is_configured_is_left_alone(plug: Any, watch: Any, polls: Any, tmp_path: Path) -> None:
    settings = DeviceSettings(key="dish", profile="linux/dvb-s2", address=f"dvb:{tmp_path}/frontend0")
    adopted = watch(settings)
    plug("frontend0")
    plug("cec0")
    polls.wait(lambda _: adopted)
    assert [device.name for device in adopted] == ["new-tv-1"]

"""Everything that the bench speaks stands side by side in one school; every profile of the agent has something to talk to."""

from pathlib import Path
from typing import Any

import pytest

from bench.app import Bench
from bench.catalogue import catalogue
from bench.kernel import cec_adapter, dvb_frontend
from bench.settings import BenchSettings, OnPort
from firmware_profiles.loader import load_catalog

SPEAKS = {
    "enigma2/openwebif": "openwebif",
    "epson/escvp21": "epson-vp21",
    "generic/serial-console": "stb-console",
    "hdmi-cec/cec-client": "cec-client",
    "lg/rs232": "lg-rs232",
    "linux/dvb-fe-tool": "dvb-fe-tool",
    "nec/display": "sharp-nec",
    "nut/ups": "nut",
    "pbi/snmp-ird": "snmp-ird",
    "philips/sicp": "philips-sicp",
    "philips/sicp-b": "philips-sicp-b",
    "pjlink/class-2": "pjlink",
    "pjlink/generic": "pjlink",
    "samsung/mdc": "samsung-mdc",
    "satip/server": "satip",
    "shelly/gen1-plug": "shelly-gen1",
    "shelly/gen2-plug": "shelly-gen2",
    "sony/rest": "sony-rest",
    "sony/rs232": "sony-rs232",
    "sony/simple-ip": "sony-ssip",
    "tasmota/plug": "tasmota",
    "tvheadend/http": "tvheadend",
}
DEVICE_FILES = {"hdmi-cec/tv": cec_adapter.CecAdapter, "linux/dvb-s2": dvb_frontend.DvbFrontend}


def test_every_profile_has_a_simulator() -> None:
    profiles = load_catalog()
    devices = {name for name in profiles if not profiles.profile(name).is_host}
    assert devices == SPEAKS.keys() | DEVICE_FILES.keys()
    assert set(SPEAKS.values()) == catalogue().keys()


@pytest.mark.parametrize("speaks", sorted(catalogue()))
def test_a_simulator_needs_no_further_settings(speaks: str) -> None:
    settings = catalogue()[speaks].settings.model_validate({"key": "p1-unit", "room": "p1", "speaks": speaks})
    assert settings.faults[0].code == "dead"


def test_one_school_may_have_them_all(tmp_path: Path) -> None:
    devices = []
    for number, (speaks, simulator) in enumerate(sorted(catalogue().items())):
        port: dict[str, Any] = {"port": 0} if issubclass(simulator.settings, OnPort) else {}
        room = f"r{number % 4}"
        document = {"key": f"{room}-{speaks}", "room": room, "speaks": speaks, "on_after_s": 0, **port}
        devices.append(simulator.settings.model_validate(document))
    bench = Bench(BenchSettings(device=tuple(devices)), tmp_path / "bench.toml", tmp_path / "run")
    bench.open()
    try:
        places = [port.place() for device in devices for port in bench.ports(device.key)]
        assert len(set(places)) == len(places)
        assert all(bench.ports(device.key) for device in devices)
    finally:
        bench.close()

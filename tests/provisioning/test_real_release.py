"""A release as a device gets it: a real environment out of real wheels, real processes, real time; its agent is a few lines."""

import hashlib
import io
import json
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from hub.bundles.wheel import write_wheel
from provisioning.adapters.plain_process import PlainProcess
from provisioning.adapters.this_machine import platform_name
from provisioning.app import Place, Provisioning, assemble, parts_of
from provisioning.core.contract import Result
from provisioning.core.layout import Layout
from provisioning.errors import BadRelease
from tests.provisioning.simulators import HARDWARE, DistrictHub

pytestmark = pytest.mark.e2e

AGENT = """
import json, pathlib, signal, sys, time, tomllib
config = tomllib.loads(pathlib.Path(sys.argv[3]).read_text("utf-8"))
if sys.argv[1] == "check":
    sys.exit("this release likes no settings" if {objects} else 0)
health = pathlib.Path(config["updates"]["directory"]) / "health.json"
health.write_text(json.dumps({{"version": "{version}", "started_at": 1, "healthy_at": 2}}))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
while True:
    time.sleep(0.1)
"""


def pip_wheel() -> Path:
    """Every Python brings one: in ensurepip, or where Debian keeps it."""
    import ensurepip

    folders = (Path(ensurepip.__file__).with_name("_bundled"), Path("/usr/share/python-wheels"))
    return next(path for folder in folders for path in sorted(folder.glob("pip-*.whl")))


def bundle(version: str, *, objects: bool = False, spoilt: bool = False) -> bytes:
    info = f"dltv_fleet-{version}.dist-info"
    wheel = write_wheel(
        {
            "agent/__init__.py": b"",
            "agent/__main__.py": AGENT.format(version=version, objects=objects).encode(),
            "provisioning/__init__.py": b"",
            "provisioning/__main__.py": b"",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: dltv-fleet\nVersion: {version}\n".encode(),
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
    )
    digest = hashlib.sha256(b"" if spoilt else wheel).hexdigest()
    pinned = f"dltv-fleet=={version} --hash=sha256:{digest}\n"
    told = {"format": 1, "version": version, "platform": platform_name(), "pip": pip_wheel().name}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("release.json", json.dumps(told))
        archive.writestr("agent.txt", pinned)
        archive.writestr("provisioner.txt", pinned)
        archive.writestr(f"wheels/dltv_fleet-{version}-py3-none-any.whl", wheel)
        archive.write(pip_wheel(), f"wheels/{pip_wheel().name}")
    return data.getvalue()


def opened(root: Path) -> Provisioning:
    parts = parts_of(Place(root, "process"))
    return assemble(replace(parts, layout=Layout.linux(root)))


def test_a_device_is_installed_enrolled_updated_and_cleared_away(hub: DistrictHub, tmp_path: Path) -> None:
    root, file = tmp_path / "device", tmp_path / "bundle.zip"
    layout = Layout.linux(root)
    file.write_bytes(bundle("1"))
    assert opened(root).installing.install(file) == "1"
    opened(root).enrolling.enrol(hub.slip, HARDWARE)
    services = opened(root).parts.services
    assert isinstance(services, PlainProcess)
    try:
        assert services.is_running()
        hub.publish(
            {f"releases/{each}/{platform_name()}.zip": bundle(each, objects=each == "3") for each in ("2", "3")}
        )
        hub.run("2")
        opened(root).round.go()
        assert (layout.current.resolve().name, layout.provisioner.resolve().name) == ("2", "2")
        hub.run("3")
        opened(root).round.go()
        assert layout.current.resolve().name == "2"
        assert [(each.version, each.result) for each in hub.outcomes] == [("2", Result.HEALTHY), ("3", Result.REFUSED)]
        assert hub.outcomes[1].why == "its self-test failed: this release likes no settings"
    finally:
        services.remove()
    opened(root).installing.uninstall()
    assert [path for path in root.rglob("*") if "dltv" in path.name] == []


def test_a_wheel_that_is_not_the_one_that_was_pinned_is_not_installed(tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundle("1", spoilt=True))
    with pytest.raises(BadRelease, match="laid out"):
        opened(tmp_path / "device").installing.install(file)
    assert not (tmp_path / "device" / "opt" / "dltv-agent" / "current").exists()


def test_a_release_stands_on_the_python_of_the_system(tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundle("1"))
    opened(tmp_path / "device").installing.install(file)
    settings = (tmp_path / "device/opt/dltv-agent/releases/1/pyvenv.cfg").read_text()
    home = next(line.partition("= ")[2] for line in settings.splitlines() if line.startswith("home"))
    assert Path(home) != Path(sys.prefix) / "bin"

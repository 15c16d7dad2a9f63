"""The power fails before each single change to the disk, one after the other: an agent can always start, and the next run ends
where it would have ended.
"""

import contextlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioning.core.contract import Result
from tests.provisioning.simulators import CODE, DAY_MS, NOW, SILENT, Device, DistrictHub

pytestmark = pytest.mark.timeout(300)


def cut(device: Device, hub: DistrictHub, do: str) -> Iterator[dict[str, Any]]:
    """What is found after each power cut, and after the run that follows it."""
    prepared = device.root.with_name("prepared")
    shutil.copytree(device.root, prepared, symlinks=True)
    order = {
        "do": do,
        "prepared": str(prepared),
        "root": str(device.root),
        "hub": hub.address,
        "pin": hub.authority.active.fingerprint,
        "code": CODE,
        "now": str(hub.now),
    }
    command = [sys.executable, str(Path(__file__).with_name("mortal_device.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        run.stdin.write(json.dumps(order) + "\n\n")
        for line in run.stdout:
            yield json.loads(line)
            with contextlib.suppress(BrokenPipeError):
                run.stdin.write("\n")
    assert run.returncode == 0


def test_an_update_survives_a_power_cut_at_every_step(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    hub.run("2")
    found = list(cut(enrolled, hub, "update"))
    assert len(found) > 40
    for each in found:
        assert each["between"]["works"], each
        assert each["after"]["works"], each
        assert each["after"]["releases"] == ["1", "2"], each
        assert not each["after"]["trial"], each
        assert each["after"]["release"] == "2", each
        assert each["after"]["outbox"] == 0, each
    assert {each["between"]["release"] for each in found} == {"1", "2"}
    assert {each.result for each in hub.outcomes} == {Result.HEALTHY}


def test_an_update_that_fails_survives_a_power_cut_at_every_step(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2", SILENT)
    hub.run("2")
    found = list(cut(enrolled, hub, "update"))
    for each in found:
        assert each["between"]["works"], each
        assert each["after"]["works"], each
        assert (each["after"]["release"], each["after"]["releases"]) == ("1", ["1"]), each
        assert each["after"]["outbox"] == 0, each
    assert {each.result for each in hub.outcomes} == {Result.ROLLED_BACK}


def test_enrolment_survives_a_power_cut_at_every_step(device: Device, hub: DistrictHub) -> None:
    found = []
    for each in cut(device, hub, "enrol"):
        found.append(each)
        assert each["after"]["works"], each
        assert each["after"]["identities"] == 1, each
        # The next case begins with an empty disk and another key: so does the code.
        hub.codes[CODE] = None
    assert len(found) > 15


def test_a_renewal_with_a_new_key_survives_a_power_cut_at_every_step(enrolled: Device, hub: DistrictHub) -> None:
    hub.now = NOW + 61 * DAY_MS
    found = list(cut(enrolled, hub, "renew"))
    assert len(found) > 10
    for each in found:
        assert each["between"]["works"], each
        assert each["after"]["works"], each


def test_a_configuration_survives_a_power_cut_at_every_step(enrolled: Device, hub: DistrictHub) -> None:
    hub.publish({"config/cpm3/36012/c1.toml": b'log_level = "warning"\n', "profiles/p1.zip": _zip()}, "fleet")
    hub.run(config="c1", profiles="p1")
    found = list(cut(enrolled, hub, "update"))
    for each in found:
        assert each["between"]["works"], each
        assert each["after"]["works"], each
        assert each["after"]["outbox"] == 0, each
    assert 'log_level = "warning"' in enrolled.layout.config.read_text("utf-8")
    assert (enrolled.layout.profiles / "x.toml").exists()


def _zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("x.toml", "x")
    return data.getvalue()

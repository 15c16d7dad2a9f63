import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from hub.__main__ import main


@pytest.mark.timeout(300)
def test_a_bundle_is_made_with_one_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            ["bundle", "build", "--out", str(tmp_path), "--platform", "x86_64", "--python", "cp311", "--version", "7.0"]
        )
        == 0
    )
    summary = Path(capsys.readouterr().out.strip())
    made = json.loads(summary.read_text("ascii"))["platforms"]["x86_64"]
    data = (tmp_path / "7.0" / "x86_64.zip").read_bytes()
    assert made == {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    with zipfile.ZipFile(tmp_path / "7.0" / "x86_64.zip") as bundle:
        release = json.loads(bundle.read("release.json"))
    assert "dltv_fleet-7.0-py3-none-any.whl" in release["agent"]
    assert {name.partition("-")[0] for name in release["provisioner"]} >= {"tuf", "cryptography", "cffi"}


def test_a_platform_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "build", "--out", str(tmp_path), "--platform", "vax"]) == 2
    assert "dltv-hub: there is no platform vax" in capsys.readouterr().err

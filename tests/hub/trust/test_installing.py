"""What a school fetches with the line of its slip, by the very curl that the line calls."""

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from hub.trust.installing import key_pin, linux_line, windows_line

PIN = "sha256//c2VjcmV0LXBpbi1vZi10aGUtaHViLWZvci10ZXN0cw=="


def shelve(hub: Any) -> None:
    folder: Path = hub.settings.data_dir / "bundles"
    (folder / "1.0").mkdir(parents=True)
    (folder / "1.0" / "x86_64.zip").write_bytes(b"bundle")
    marks = {"x86_64": {"sha256": hashlib.sha256(b"bundle").hexdigest(), "size": 6}}
    (folder / "1.0.json").write_text(json.dumps({"version": "1.0", "platforms": marks}), "ascii")


def curl(hub: Any, pin: str, path: str) -> subprocess.CompletedProcess[bytes]:
    command = ["curl", "-fsSk", "--pinnedpubkey", pin, f"https://127.0.0.1:{hub.port}/{path}"]
    return subprocess.run(command, capture_output=True, timeout=60, check=False)


def test_the_installer_names_the_hub_its_root_and_its_key(hub: Any) -> None:
    shelve(hub)
    pin = key_pin(hub.trusting.authority, "devices.key")
    script = curl(hub, pin, "install.sh").stdout.decode()
    assert f"HUB='https://127.0.0.1:{hub.port}'" in script
    assert f"ROOT_PIN='{hub.trusting.authority.active.fingerprint}'" in script
    assert f"KEY_PIN='{pin}'" in script
    assert hashlib.sha256(script.encode()).hexdigest() in curl(hub, pin, "install.sh.sha256").stdout.decode()


def test_the_bundle_has_the_checksum_that_the_installer_knows(hub: Any) -> None:
    shelve(hub)
    pin = key_pin(hub.trusting.authority, "devices.key")
    known = re.search(rb"\nx86_64 ([0-9a-f]{64})\n", curl(hub, pin, "install.sh").stdout)
    assert known is not None
    assert hashlib.sha256(curl(hub, pin, "bundle/1.0/x86_64.zip").stdout).hexdigest() == known[1].decode()


def test_of_somebody_with_another_key_nothing_is_taken(hub: Any) -> None:
    shelve(hub)
    done = curl(hub, PIN, "install.sh")
    assert (done.returncode, done.stdout) == (90, b"")


def test_without_a_bundle_the_line_fails_in_words(hub: Any) -> None:
    done = curl(hub, key_pin(hub.trusting.authority, "devices.key"), "install.sh")
    assert done.returncode == 22


def test_the_pin_stays_when_the_root_is_rotated(hub: Any) -> None:
    before = key_pin(hub.trusting.authority, "devices.key")
    hub.trusting.authority.rotate(hub.clock())
    hub.trusting.look()
    assert key_pin(hub.trusting.authority, "devices.key") == before


def test_the_line_of_a_slip_pins_the_key_before_anything_runs() -> None:
    line = linux_line("https://hub.example:8443", PIN, "ABCD-EFGH")
    assert line == f"curl -fsSk --pinnedpubkey '{PIN}' https://hub.example:8443/install.sh | sudo sh -s -- ABCD-EFGH"
    assert f'--pinnedpubkey "{PIN}"' in windows_line("https://hub.example:8443", PIN, "ABCD-EFGH")

"""`dltv-agent discover --apply` on a school of simulated equipment: everything is recognised, and can be read at once."""

import random
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e
# What the bench simulates, its own port, and the profile that must recognise it.
BY_NETWORK = [
    ("epson-vp21", 3629, "epson/escvp21"),
    ("lg-rs232", 9761, "lg/rs232"),
    ("nut", 3493, "nut/ups"),
    ("philips-sicp", 5000, "philips/sicp"),
    ("pjlink", 4352, "pjlink/class-2"),
    ("samsung-mdc", 1515, "samsung/mdc"),
    ("sharp-nec", 7142, "nec/display"),
    ("sony-ssip", 20060, "sony/simple-ip"),
    ("tvheadend", 9981, "tvheadend/http"),
]
BY_LINE = [
    ("lg-rs232", "lg/rs232"),
    ("samsung-mdc", "samsung/mdc"),
    ("sony-rs232", "sony/rs232"),
    ("sharp-nec", "nec/display"),
    ("philips-sicp", "philips/sicp"),
    ("epson-vp21", "epson/escvp21"),
]


def school(net: str) -> str:
    lines = ["[morning]", "receiver_on_after_s = 0", "tv_on_after_s = 0", "projector_on_after_s = 0"]
    for number, (speaks, port, _) in enumerate(BY_NETWORK, start=1):
        lines += ["[[device]]", f'key = "n{number}"', f'room = "n{number}"', f'speaks = "{speaks}"']
        lines += [f'host = "{net}.{number}"', f"port = {port}", *(['ups = "ups"'] if speaks == "nut" else [])]
    for number, (speaks, _) in enumerate(BY_LINE, start=1):
        lines += ["[[device]]", f'key = "s{number}"', f'room = "s{number}"', f'speaks = "{speaks}"']
        lines += [f'line = "l{number}"']
    return "\n".join(lines) + "\n"


def agent(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "agent", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)


def test_all_equipment_of_a_school_is_recognised_and_can_be_read(
    start: Callable[..., Any], until: Callable[..., Any], tmp_path: Path
) -> None:
    net = f"127.{random.randint(64, 250)}.{random.randint(1, 250)}"
    settings, file, folder = tmp_path / "bench.toml", tmp_path / "agent.toml", tmp_path / "bench"
    settings.write_text(school(net))
    file.write_text('[host]\ninternet = []\nntp = ""\n')
    bench = start("bench", "run", str(settings), "--dir", str(folder))
    # It says where everything is once all of it is open; its socket is there before.
    until("the bench", lambda: "(dltv-bench fault)" in bench.output)
    lines = [word for number, _ in enumerate(BY_LINE, start=1) for word in ("--serial", str(folder / f"l{number}"))]
    found = agent("discover", "--subnet", f"{net}.0/28", *lines, "--config", str(file), "--apply")
    assert found.returncode == 0, found.stderr
    assert "told apart" not in found.stdout
    devices = {each["address"]: each["profile"] for each in tomllib.loads(file.read_text())["device"]}
    by_line = {str(folder / f"l{number}"): profile for number, (_, profile) in enumerate(BY_LINE, start=1)}
    by_network = {f"{net}.{number}:{port}": profile for number, (_, port, profile) in enumerate(BY_NETWORK, start=1)}
    assert {place.rpartition("://")[2]: profile for place, profile in devices.items()} == by_line | by_network
    read = agent("read", "--config", str(file))
    assert [line for line in read.stdout.splitlines() if line.startswith("new-") and ": " in line] == []
    assert read.returncode == 0

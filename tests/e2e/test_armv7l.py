"""A 32-bit Raspberry Pi without Internet: its bundle, installed and run by Debian's own Python on an emulated processor."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.bundles.armhf import fetch_root

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
PYTHON = (
    "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib", "libc6", "libgcc-s1", "zlib1g", "libexpat1",
    "libssl3", "libsqlite3-0", "libffi8", "liblzma5", "libbz2-1.0", "libuuid1",
)  # fmt: skip


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made with wheels that were built here, and unpacked."""
    folder = tmp_path_factory.mktemp("armv7l")
    assert main(["bundle", "wheels", "--out", str(folder / "built")]) == 0
    options = ["--platform", "armv7l", "--python", "cp311", "--version", "7.0", "--wheels", str(folder / "built")]
    assert main(["bundle", "build", "--out", str(folder), *options]) == 0
    with zipfile.ZipFile(folder / "7.0" / "armv7l.zip") as archive:
        archive.extractall(folder / "bundle")
    return folder / "bundle"


@pytest.fixture(scope="module")
def pi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetch_root("bookworm", PYTHON, tmp_path_factory.mktemp("pi"))


def _python(root: Path, *arguments: str | Path, libraries: Path | None = None) -> str:
    more = {} if libraries is None else {"PYTHONPATH": str(libraries)}
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "PIP_CONFIG_FILE": os.devnull, **more}
    command = ["qemu-arm-static", "-L", root, root / "usr/bin/python3.11", *arguments]
    done = subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(bundle: Path, pi: Path) -> dict[str, Path]:
    """What pip of the bundle makes of each of the two lists, on the emulated computer."""
    [pip] = bundle.glob("wheels/pip-*.whl")
    folders = {}
    for program in ("agent", "provisioner"):
        folders[program] = bundle.parent / program
        sources = ["--no-index", "--find-links", bundle / "wheels", "--no-deps", "--require-hashes", "--no-compile"]
        options = ["--quiet", "--target", folders[program], *sources, "-r", bundle / f"{program}.txt"]
        _python(pi, pip / "pip", "install", *options)
    return folders


def test_the_agent_reads_a_32_bit_computer(pi: Path, installed: dict[str, Path], tmp_path: Path) -> None:
    settings = tmp_path / "agent.toml"
    settings.write_text('group = "cpm3"\nnode = "36030001"\n[host]\ninternet = []\nntp = ""\n', "utf-8")
    told = _python(pi, "-m", "agent", "read", "--config", settings, libraries=installed["agent"])
    assert "host/mem_used_pct" in told
    assert "host/disk_used_pct" in told


def test_the_provisioner_makes_keys_on_a_32_bit_computer(pi: Path, installed: dict[str, Path]) -> None:
    program = "from provisioning.adapters.keys import EllipticKeys as K; k = K(); print(k.request(k.make()))"
    assert "BEGIN CERTIFICATE REQUEST" in _python(pi, "-c", program, libraries=installed["provisioner"])


def test_the_provisioner_can_check_signed_releases_on_a_32_bit_computer(pi: Path, installed: dict[str, Path]) -> None:
    program = "import tuf.ngclient, platform, sys; print(platform.machine(), sys.maxsize < 2**32)"
    assert _python(pi, "-c", program, libraries=installed["provisioner"]) == "armv7l True\n"

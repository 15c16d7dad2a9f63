"""Our own wheel, as a school needs it: the agent and the program that updates it, nothing of the hub.

Made from the tree where the hub runs from one, otherwise from what pip installed: both give the same files.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from hub.bundles.errors import BundleMistake
from hub.bundles.wheel import write_wheel

NAME = "dltv-fleet"
_PACKAGES = ("wire/", "firmware_profiles/", "agent/", "provisioning/")
_OFFICE = tuple(f"provisioning/{name}/" for name in ("assets", "debian", "hub", "linux", "sdcard", "windows"))
"""What the hub makes things of; what a computer needs of it lies in its bundle, beside the wheels."""
_OF_PIP = {"INSTALLER", "REQUESTED", "direct_url.json", "RECORD"}
_COMMANDS = ("dltv-agent", "dltv-provision")
_BUILD_S = 300
ROOT = Path(__file__).parents[2]


def build_own_wheel(folder: Path, version: str | None = None) -> Path:
    """Into `folder`. `version`: another number than that of the source. Raises BundleMistake."""
    files = _from_tree(ROOT) if (ROOT / "pyproject.toml").is_file() else _from_installed(_installed())
    wanted = for_schools(files, version)
    [info] = {name.partition(".dist-info/")[0] for name in wanted if ".dist-info/" in name}
    path = folder / f"{info}-py3-none-any.whl"
    path.write_bytes(write_wheel(wanted))
    return path


def for_schools(files: Mapping[str, bytes], version: str | None) -> dict[str, bytes]:
    """What of a wheel's files goes to schools, perhaps under another version."""
    [info] = {name.partition("/")[0] for name in files if ".dist-info/" in name}
    number = info.removesuffix(".dist-info").rpartition("-")[2]
    renamed = f"{info.partition('-')[0]}-{version or number}.dist-info"
    wanted = {name: data for name, data in files.items() if name.startswith(_PACKAGES) and not name.startswith(_OFFICE)}
    for name, data in files.items():
        folder, _, file = name.partition("/")
        if folder == info and file not in _OF_PIP:
            edit = _EDITS.get(file)
            wanted[f"{renamed}/{file}"] = edit(data, version or number) if edit else data
    return wanted


def _metadata(data: bytes, version: str) -> bytes:
    head, separator, readme = data.partition(b"\n\n")
    lines = [f"Version: {version}".encode() if line.startswith(b"Version:") else line for line in head.split(b"\n")]
    return b"\n".join(lines) + separator + readme


def _entry_points(data: bytes, _version: str) -> bytes:
    lines = data.decode().splitlines()
    return "\n".join([*(line for line in lines if line.startswith(("[", *_COMMANDS))), ""]).encode()


_EDITS: Mapping[str, Callable[[bytes, str], bytes]] = {"METADATA": _metadata, "entry_points.txt": _entry_points}


def _from_tree(root: Path) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=_BUILD_S, check=False)  # noqa: S603
        if done.returncode != 0:
            raise BundleMistake(f"our own wheel cannot be built: {_last_line(done.stderr)}; see `make wheel`")
        [path] = Path(folder).glob("*.whl")
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def _from_installed(installed: Distribution) -> dict[str, bytes]:
    paths = [PurePosixPath(each) for each in installed.files or ()]
    kept = [each for each in paths if ".." not in each.parts and "__pycache__" not in each.parts]
    return {str(each): Path(str(installed.locate_file(each))).read_bytes() for each in kept}


def _installed() -> Distribution:
    try:
        return distribution(NAME)
    except PackageNotFoundError:
        raise BundleMistake(f"{NAME} is not installed; install its wheel, or work in its source tree") from None


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it says nothing"])[-1]

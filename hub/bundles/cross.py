"""Builds what nobody publishes for 32-bit Raspberry Pis, from the locked sources.

With Debian's cross compiler, against Debian's own armhf Pythons and C libraries, which apt fetches and verifies.
"""

import shutil
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.bundles.armhf import KEYRING, MIRROR, fetch_root
from hub.bundles.call import call
from hub.bundles.errors import BundleMistake
from hub.bundles.lock import Pin
from hub.bundles.wheel import read_wheel, write_wheel

COMPILER = "arm-linux-gnueabihf-gcc"
_LIBRARIES = ("libc6", "libc6-dev", "linux-libc-dev", "libcrypt1", "libcrypt-dev", "libffi-dev", "libffi8")
_MACHINE = "linux_armv7l"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Target:
    """packages: what has an extension that depends on this Python; the oldest system builds those that do not, too."""

    suite: str
    python: str
    packages: tuple[str, ...]

    @property
    def version(self) -> str:
        return f"{self.python[2]}.{self.python[3:]}"


TARGETS = (Target("bookworm", "cp311", ("psutil", "cffi")), Target("trixie", "cp313", ("cffi",)))


def build_armv7l_wheels(pins: Mapping[str, Pin], work: Path, out: Path, tell: Tell) -> list[Path]:
    """Raises BundleMistake."""
    _require_tools()
    out.mkdir(parents=True, exist_ok=True)
    builder = _builder(pins["setuptools"], work / "builder")
    made = []
    for target in TARGETS:
        tell(f"fetching the armhf libraries of Debian {target.suite} from {MIRROR}")
        root = fetch_root(target.suite, (f"libpython{target.version}-dev", *_LIBRARIES), work / target.suite)
        raw = work / f"wheels-{target.python}"
        shutil.rmtree(raw, ignore_errors=True)
        _compile(builder, [pins[name] for name in target.packages], target, root, raw)
        made += [_relabelled(path, target.python, out) for path in sorted(raw.glob("*.whl"))]
    return made


def _require_tools() -> None:
    missing = [name for name in (COMPILER, "apt-get", "dpkg-deb") if shutil.which(name) is None]
    if missing or not KEYRING.is_file():
        what = ", ".join(missing) or str(KEYRING)
        raise BundleMistake(
            f"{what} is missing: build on Debian after `apt-get install gcc-arm-linux-gnueabihf debian-archive-keyring`, "
            "or on a 32-bit Raspberry Pi by `pip wheel`"
        )


def _builder(setuptools: Pin, folder: Path) -> Path:
    """A Python with the setuptools that is locked, and nothing else."""
    wanted = folder.with_suffix(".txt")
    folder.parent.mkdir(parents=True, exist_ok=True)
    wanted.write_text(setuptools.requirement + "\n", "ascii")
    call([sys.executable, "-m", "venv", "--clear", folder], "a place to build in")
    python = folder / "bin" / "python"
    call([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", wanted], "setuptools")
    return python


def _compile(python: Path, pins: Sequence[Pin], target: Target, root: Path, out: Path) -> None:
    wanted = out.with_suffix(".txt")
    wanted.write_text("".join(f"{pin.requirement}\n" for pin in pins), "ascii")
    compiler = f"{COMPILER} --sysroot={root}"
    environment = {
        "CC": compiler,
        "LDSHARED": f"{compiler} -shared",
        "CFLAGS": f"-O2 -I{root}/usr/include/python{target.version} -ffile-prefix-map={root}=.",
        "LDFLAGS": "-Wl,--build-id=none",
        "SETUPTOOLS_EXT_SUFFIX": f".cpython-{target.python[2:]}-arm-linux-gnueabihf.so",
        "_PYTHON_HOST_PLATFORM": "linux-armv7l",
        "PKG_CONFIG": "false",
    }
    build: list[str | Path] = [
        python,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-build-isolation",
        "--no-deps",
        "--no-binary",
        ":all:",
    ]
    build += ["--require-hashes", "--no-cache-dir", "--requirement", wanted, "--wheel-dir", out]
    call(build, f"{', '.join(pin.name for pin in pins)} for {target.suite}", more=environment)


def _relabelled(path: Path, python: str, out: Path) -> Path:
    """pip names it after the Python that built it, which is not the one that it was built for."""
    name, version, tag, abi, _ = path.stem.split("-")
    tags = f"{tag}-{abi}" if abi == "abi3" else f"{python}-{python}"
    with zipfile.ZipFile(path) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    label = f"{name}-{version}.dist-info/WHEEL"
    lines = [line for line in files[label].decode().splitlines() if not line.startswith("Tag:") and line]
    files[label] = "\n".join([*lines, f"Tag: {tags}-{_MACHINE}", ""]).encode()
    made = out / f"{name}-{version}-{tags}-{_MACHINE}.whl"
    made.write_bytes(write_wheel(files))
    read_wheel(made)
    return made

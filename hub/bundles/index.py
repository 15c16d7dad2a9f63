"""Wheels of others, for computers other than this one: from a folder of our own, or by pip from the package index, by hash."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from packaging.tags import Tag, compatible_tags, cpython_tags

from hub.bundles.errors import BundleMistake, NoWheel
from hub.bundles.lock import Pin
from hub.bundles.platforms import Platform
from hub.bundles.wheel import Wheel, read_wheel

_PIP_S = 900


class Index:
    """cache: where wheels stay between two bundles; built: wheels that were built here because nobody publishes them."""

    def __init__(self, cache: Path, built: Path | None = None) -> None:
        self._cache, self._built = cache, built

    def fetch(self, pins: Iterable[Pin], platform: Platform, python: str) -> Mapping[str, Wheel]:
        """By name. Raises NoWheel, and BundleMistake."""
        folder = self._cache / f"{platform.name}-{python}"
        folder.mkdir(parents=True, exist_ok=True)
        supported = frozenset(_supported(platform, python))
        wanted = {pin.name: pin for pin in pins}
        found = self._built_here(wanted, supported)
        rest = [pin for name, pin in wanted.items() if name not in found]
        lacking = [pin for pin in rest if _cached(folder, pin) is None]
        if lacking and _download(lacking, platform, python, folder):
            _name_what_is_missing(lacking, platform, python, folder)
        return found | {pin.name: _checked(_cached(folder, pin), pin, supported) for pin in rest}

    def _built_here(self, wanted: Mapping[str, Pin], supported: frozenset[Tag]) -> dict[str, Wheel]:
        wheels = [read_wheel(path) for path in sorted(self._built.glob("*.whl"))] if self._built else []
        return {
            each.name: each
            for each in wheels
            if each.name in wanted and each.version == wanted[each.name].version and each.tags & supported
        }


def _supported(platform: Platform, python: str) -> Iterable[Tag]:
    version = (int(python[2]), int(python[3:]))
    yield from cpython_tags(version, [python], platform.tags)
    yield from compatible_tags(version, python, platform.tags)


def _cached(folder: Path, pin: Pin) -> Wheel | None:
    for path in sorted(folder.glob("*.whl")):
        if path.name.lower().startswith((f"{pin.name}-", f"{pin.name.replace('-', '_')}-")):
            wheel = read_wheel(path)
            if (wheel.name, wheel.version) == (pin.name, pin.version) and wheel.sha256 in pin.hashes:
                return wheel
    return None


def _checked(wheel: Wheel | None, pin: Pin, supported: frozenset[Tag]) -> Wheel:
    if wheel is None or not wheel.tags & supported:
        raise BundleMistake(
            f"pip brought another {pin.name} than the locked {pin.version}; empty the cache and try again"
        )
    return wheel


def _name_what_is_missing(pins: list[Pin], platform: Platform, python: str, folder: Path) -> None:
    """pip stops at the first: each is asked for alone, so that one message names all."""
    told = {pin: _download([pin], platform, python, folder) for pin in pins if _cached(folder, pin) is None}
    missing = [pin for pin, error in told.items() if "No matching distribution" in error]
    other = [error for pin, error in told.items() if error and pin not in missing]
    if missing:
        names = ", ".join(f"{pin.name} {pin.version}" for pin in missing)
        raise NoWheel(
            f"nobody publishes a wheel of {names} for {platform.name} with Python {python[2]}.{python[3:]}; "
            "build it with `dltv-hub bundle wheels --out DIR` (armv7l), then name that folder with --wheels"
        )
    if other:
        raise BundleMistake(f"pip: {other[0]}")


def _download(pins: list[Pin], platform: Platform, python: str, folder: Path) -> str:
    """What went wrong, in a line; nothing where all is well."""
    requirements = folder / "wanted.txt"
    requirements.write_text("".join(f"{pin.requirement}\n" for pin in pins), "ascii")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes", "--requirement", str(requirements), "--dest", str(folder)]
    command += ["--implementation", "cp", "--python-version", python[2:]]
    command += [word for abi in (python, "abi3", "none") for word in ("--abi", abi)]
    command += [word for tag in platform.tags for word in ("--platform", tag)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PIP_S, check=False)  # noqa: S603
    requirements.unlink()
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
    return lines[-1].removeprefix("ERROR: ") if lines else "it failed and does not say why"

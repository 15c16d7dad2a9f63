"""Makes bundles: follows what the agent and its updater need on each platform, and packs it as hub/bundles/__init__.py says."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hub.bundles.index import Index
from hub.bundles.installation import installation_files
from hub.bundles.lock import Pin
from hub.bundles.needs import follow
from hub.bundles.own_wheel import build_own_wheel
from hub.bundles.platforms import Platform
from hub.bundles.wheel import Wheel, read_wheel, write_zip

EXTRAS = {"agent": frozenset({"", "agent", "snmp"}), "provisioner": frozenset({"provisioning"})}
"""Of our own wheel. The updater keeps to what it needs itself; the agent can ask SNMP devices without further ado."""
FORMAT = 1
PIP = "pip"
Tell = Callable[[str], None]


@dataclass(slots=True)
class _Contents:
    """wheels: by file name; members: the same names by program."""

    wheels: dict[str, Wheel] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)

    def add(self, program: str, wheels: Iterable[Wheel]) -> None:
        for each in wheels:
            self.wheels[each.path.name] = each
            self.members.setdefault(program, set()).add(each.path.name)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What bundles are made of."""

    pins: Mapping[str, Pin]
    index: Index
    own: Wheel

    def pack(self, platform: Platform) -> bytes:
        """Raises BundleMistake."""
        contents = _Contents()
        for program, extras in EXTRAS.items():
            contents.add(program, [self.own])
            for python in platform.pythons:
                wheels = self._needed(platform, python, extras)
                contents.add(program, wheels.values())
        [pip] = self.index.fetch([self.pins[PIP]], platform, platform.pythons[0]).values()
        contents.wheels[pip.path.name] = pip
        return write_zip(self._files(platform, contents, pip), compressed=False)

    def _needed(self, platform: Platform, python: str, extras: frozenset[str]) -> Mapping[str, Wheel]:
        environment = platform.environment(python)
        return follow(self.own, extras, self.pins, environment, lambda pins: self.index.fetch(pins, platform, python))

    def _files(self, platform: Platform, contents: _Contents, pip: Wheel) -> dict[str, bytes]:
        files = {f"wheels/{name}": wheel.path.read_bytes() for name, wheel in contents.wheels.items()}
        files |= installation_files("linux" if platform.is_linux else "windows")
        for program, names in contents.members.items():
            files[f"{program}.txt"] = _requirements([contents.wheels[name] for name in names])
        release = {
            "format": FORMAT,
            "version": str(self.own.version),
            "platform": platform.name,
            "pythons": platform.pythons,
            "pip": pip.path.name,
            **{program: sorted(names) for program, names in contents.members.items()},
            "files": {name: _mark(data) for name, data in sorted(files.items())},
        }
        return {**files, "release.json": _json(release)}


def _requirements(wheels: list[Wheel]) -> bytes:
    hashes: dict[str, set[str]] = {}
    for wheel in wheels:
        hashes.setdefault(f"{wheel.name}=={wheel.version}", set()).add(wheel.sha256)
    lines = [f"{name} " + " ".join(f"--hash=sha256:{each}" for each in sorted(hashes[name])) for name in sorted(hashes)]
    return "".join(f"{line}\n" for line in lines).encode()


@dataclass(frozen=True, slots=True)
class Order:
    """version: another number than that of the source."""

    platforms: list[Platform]
    out: Path
    version: str | None = None


def build(order: Order, pins: Mapping[str, Pin], index: Index, tell: Tell) -> Path:
    """Writes OUT/<version>/<platform>.zip and OUT/<version>.json, which names all; returns the latter. Raises BundleMistake."""
    with tempfile.TemporaryDirectory() as folder:
        own = read_wheel(build_own_wheel(Path(folder), order.version))
        workshop = Workshop(pins, index, own)
        shelf = order.out / str(own.version)
        shelf.mkdir(parents=True, exist_ok=True)
        for platform in order.platforms:
            data = workshop.pack(platform)
            _replace(shelf / f"{platform.name}.zip", data)
            tell(f"{shelf / platform.name}.zip: {len(data) / 1e6:.1f} MB, for Python {_said(platform)}")
    made = {path.stem: _mark(path.read_bytes()) for path in sorted(shelf.glob("*.zip"))}
    summary = order.out / f"{own.version}.json"
    _replace(summary, _json({"format": FORMAT, "version": str(own.version), "platforms": made}))
    return summary


def _mark(data: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def _said(platform: Platform) -> str:
    return ", ".join(f"{each[2]}.{each[3:]}" for each in platform.pythons)


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"


def _replace(path: Path, data: bytes) -> None:
    new = path.with_name(path.name + ".new")
    new.write_bytes(data)
    new.replace(path)

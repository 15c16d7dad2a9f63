"""What installs an agent at a school: files of provisioning/linux and /windows, and the installers that the hub serves.

An installer knows the hub, the pin of its authority, and the checksum of every bundle. It is fetched with the hub's key pinned,
as the slip says; so all that follows is what the office meant.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from hub.bundles.errors import NoBundle

SOURCES = Path(__file__).parents[2] / "provisioning"
INSTALLERS = {"install.sh": "linux", "install.ps1": "windows"}
SUM = ".sha256"


def installation_files(system: str) -> dict[str, bytes]:
    """What goes into a bundle, by its name there."""
    paths = sorted(path for path in (SOURCES / system).iterdir() if path.is_file() and path.name not in INSTALLERS)
    return {f"{system}/{path.name}": path.read_bytes() for path in paths}


@dataclass(frozen=True, slots=True)
class Offered:
    """The newest bundles of a shelf. sums: SHA-256 by platform."""

    version: str
    sums: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counter:
    """What the hub hands out to those who install.

    shelf     where `dltv-hub bundle build` writes
    hub       https://HOST:PORT, as devices reach it
    root_pin  fingerprint of its root, as provisioning wants it
    key_pin   its server's key as curl wants it, sha256//…
    """

    shelf: Path
    hub: str
    root_pin: str
    key_pin: str

    def take(self, path: str) -> bytes | Path | None:
        """What stands at this address, without the first slash; None where nothing does. Raises NoBundle."""
        name = path.removesuffix(SUM)
        if name in INSTALLERS:
            script = self.installer(name)
            return f"{hashlib.sha256(script).hexdigest()}  {name}\n".encode() if path.endswith(SUM) else script
        return self._bundle(path)

    def installer(self, name: str) -> bytes:
        """Raises NoBundle."""
        offered = newest(self.shelf)
        if offered is None:
            raise NoBundle(f"there is no bundle in {self.shelf}; make one by `dltv-hub bundle build`")
        text = (SOURCES / INSTALLERS[name] / name).read_text("utf-8")
        values = {"HUB": self.hub, "ROOT_PIN": self.root_pin, "KEY_PIN": self.key_pin, "VERSION": offered.version}
        values["BUNDLES"] = "\n".join(f"{platform} {digest}" for platform, digest in sorted(offered.sums.items()))
        for mark, value in values.items():
            text = text.replace(f"@{mark}@", value)
        return text.encode()

    def _bundle(self, path: str) -> Path | None:
        match path.split("/"):
            case ["bundle", version, name] if name.endswith(".zip"):
                offered = _read(self.shelf / f"{version}.json") if "/" not in version and ".." not in version else None
                platform = name.removesuffix(".zip")
                return self.shelf / version / name if offered and platform in offered.sums else None
        return None


def newest(shelf: Path) -> Offered | None:
    offers = [found for path in shelf.glob("*.json") if (found := _read(path)) is not None]
    return max(offers, key=lambda each: Version(each.version), default=None)


def _read(path: Path) -> Offered | None:
    try:
        document = json.loads(path.read_bytes())
        Version(document["version"])
        return Offered(document["version"], {name: mark["sha256"] for name, mark in document["platforms"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidVersion):
        return None

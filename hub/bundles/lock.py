"""The lock file as pins: name, version, and the hashes of what may be installed. Nothing else ever gets into a bundle."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.utils import canonicalize_name
from packaging.version import Version

from hub.bundles.errors import BundleMistake

_PIN = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)[^\\\n]*(?P<hashes>(?:\\\n\s+--hash=sha256:[0-9a-f]{64}\s*)+)"
)
_HASH = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    name: str
    version: Version
    hashes: frozenset[str]

    @property
    def requirement(self) -> str:
        """As a line of a requirements file, without markers: who asks has decided already."""
        return f"{self.name}=={self.version} " + " ".join(f"--hash=sha256:{each}" for each in sorted(self.hashes))


def read_pins(text: str) -> Mapping[str, Pin]:
    """By canonical name. Raises BundleMistake for a lock that holds nothing."""
    pins: dict[str, Pin] = {}
    for found in _PIN.finditer(text):
        name = canonicalize_name(found["name"])
        pins[name] = Pin(name, Version(found["version"]), frozenset(_HASH.findall(found["hashes"])))
    if not pins:
        raise BundleMistake("the lock file names no package with its hashes")
    return pins

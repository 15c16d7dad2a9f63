"""What stands in a bundle, as far as this program needs it: hub/bundles says all of it, and makes them.

release.json is the list of its wheels; agent.txt and provisioner.txt are what pip installs into the two environments.
"""

import json
from dataclasses import dataclass
from typing import Self

from wire.handoff import is_version

RELEASE, WHEELS, AGENT, PROVISIONER = "release.json", "wheels", "agent.txt", "provisioner.txt"
MAX_BUNDLE_BYTES = 400_000_000
MAX_RELEASE_BYTES = 256 * 1024
_FORMATS = (1,)


class BadBundle(ValueError):
    """The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Release:
    """pip: the wheel that installs the others."""

    version: str
    platform: str
    pip: str

    @classmethod
    def decode(cls, data: bytes | None) -> Self:
        """Raises BadBundle."""
        try:
            document = json.loads(data or b"")
            told = [document[name] for name in ("version", "platform", "pip")]
            known = document["format"] in _FORMATS
        except (ValueError, KeyError, TypeError):
            raise BadBundle(f"there is no {RELEASE} that says what it is") from None
        if not known or not all(isinstance(each, str) for each in told) or not is_version(told[0]) or "/" in told[2]:
            raise BadBundle(f"{RELEASE} says what this program does not know")
        return cls(*told)


def target_of(version: str, platform: str) -> str:
    """The name under which a release is signed for."""
    return f"releases/{version}/{platform}.zip"


def platform_of(machine: str, *, windows: bool, narrow: bool) -> str:
    """As bundles are named. `narrow`: this Python has 32 bits, whatever the processor and its kernel have."""
    if windows:
        return "win_amd64"
    name = {"arm64": "aarch64", "amd64": "x86_64", "armv8l": "armv7l"}.get(machine.lower(), machine.lower())
    return "armv7l" if narrow and name == "aarch64" else name

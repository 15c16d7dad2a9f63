"""What the agent and the program that updates it leave for one another: two small files in the agent's state directory.

wanted.json  written by the agent: the versions that the hub commanded
health.json  written by the agent: which version runs, since when, and whether it is healthy
Each has one writer and is replaced whole, so that a reader sees the old file or the new one. What is done about them is
decided in provisioning.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from wire.errors import HandoffError

WANTED, HEALTH = "wanted.json", "health.json"
MAX_HANDOFF_BYTES = 4096
PROFILES_PREFIX = "profiles/"
"""`Node Control/Config Version` names a configuration, or with this before it a set of profiles."""

# A version becomes part of file names and of addresses: it begins with a letter or a digit, and no `..` is in it.
_VERSION = re.compile(r"[A-Za-z0-9](?:[._+-]?[A-Za-z0-9]){0,63}", re.ASCII)


def is_version(text: object) -> bool:
    """Whether this can name a release, a configuration or a set of profiles."""
    return isinstance(text, str) and len(text) <= 64 and _VERSION.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The versions that this node was told to run; None: it was told nothing of that kind."""

    release: str | None = None
    config: str | None = None
    profiles: str | None = None

    def write(self, folder: Path) -> None:
        """Raises OSError."""
        _replace(folder / WANTED, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> "Wanted | None":
        """None where there is none. Raises HandoffError for a file that is not one, and OSError."""
        document = _read(folder / WANTED)
        return None if document is None else cls(**{name: _version(document, name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Health:
    """The version that runs, and when it started (ms since 1970 UTC, by its own clock).

    healthy_at  when its journal was open, everything was asked once, and its birth was told to a host that is online; None
                before that
    """

    version: str
    started_at: int
    healthy_at: int | None = None

    def write(self, folder: Path) -> None:
        """Raises OSError."""
        _replace(folder / HEALTH, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> "Health | None":
        """None where there is none. Raises HandoffError for a file that is not one, and OSError."""
        document = _read(folder / HEALTH)
        if document is None:
            return None
        version, started_at = _version(document, "version"), _time(document, "started_at")
        if version is None or started_at is None:
            raise HandoffError("health.json: version and started_at are wanted")
        return cls(version, started_at, _time(document, "healthy_at"))


def _replace(path: Path, document: Mapping[str, object]) -> None:
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(document) + "\n", "ascii")
    new.replace(path)


def _read(path: Path) -> Mapping[str, object] | None:
    try:
        if path.is_fifo():
            raise HandoffError(f"{path.name}: a pipe, which is not waited for")
        with path.open("rb") as file:
            data = file.read(MAX_HANDOFF_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(data) > MAX_HANDOFF_BYTES:
        raise HandoffError(f"{path.name}: more than {MAX_HANDOFF_BYTES} bytes")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise HandoffError(f"{path.name}: no JSON: {data[:40]!r}") from None
    if not isinstance(document, dict):
        raise HandoffError(f"{path.name}: no JSON object: {data[:40]!r}")
    return document


def _version(document: Mapping[str, object], name: str) -> str | None:
    value = document.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not is_version(value):
        raise HandoffError(f"{name}: no version: {value!r:.80}")
    return value


def _time(document: Mapping[str, object], name: str) -> int | None:
    value = document.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise HandoffError(f"{name}: no time: {value!r:.80}")
    return value

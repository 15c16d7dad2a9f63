"""The directory that the hub writes for Mosquitto: its certificate and key, whom it trusts, who is revoked.

Mosquitto runs as another user: the directory belongs to the hub and to Mosquitto's group, which gets every file by the
directory's set-group-id bit. `changed` is written last; a path unit of systemd sees it, and has Mosquitto read everything again.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from hub.mqtt.mosquitto_conf import CERTIFICATE, CHANGED, KEY, REVOKED, TRUST

_MODE = 0o640


class BrokerFolder:
    """Written by one hub."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Raises OSError. Nobody but owner and group looks in."""
        self.path.mkdir(mode=0o750, parents=True, exist_ok=True)

    def keep(self, files: Mapping[str, bytes]) -> bool:
        """Have these in it; whether anything changed. Raises OSError. A power cut leaves the old or the new of each file."""
        changed = [name for name, data in files.items() if self._read(name) != data]
        for name in changed:
            self._write(name, files[name])
        # Written also where a power cut came between the others and it.
        mark = self._digest()
        if self._read(CHANGED) != mark:
            self._write(CHANGED, mark)
        return bool(changed)

    def _digest(self) -> bytes:
        digest = hashlib.sha256(b"".join(self._read(name) or b"" for name in (CERTIFICATE, KEY, TRUST, REVOKED)))
        return digest.hexdigest().encode() + b"\n"

    def _read(self, name: str) -> bytes | None:
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, name: str, data: bytes) -> None:
        draft = self.path / f".{name}.new"
        draft.unlink(missing_ok=True)
        # A key: nobody else may look in, not even for a moment.
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(number, _MODE)
            os.fsync(number)
        draft.replace(self.path / name)

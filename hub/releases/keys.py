"""Private keys in folders: a file each, 0600 from the moment it exists, named by its role and the first digits of its key's id.

Which of them counts, the signed metadata says.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from securesystemslib.signer import CryptoSigner, Key  # type: ignore[attr-defined]  # it says so itself in __init__

from hub.releases.errors import ReleaseMistake

__all__ = ["PREFIX", "CryptoSigner", "Key", "Ring", "make_key"]

PREFIX = "tuf-"
"""How the names of these files begin: those of the hub itself lie beside its certificates, and end like them."""
_DIGITS = 16


class Ring:
    """The folders in which keys are looked for."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders

    def signer(self, role: str, key: Key) -> CryptoSigner | None:
        """None where its private part is in none of the folders. Raises ReleaseMistake where others could read it."""
        for folder in self._folders:
            path = (folder / _name(role, key.keyid)).resolve()
            if path.exists():
                _require_private(path)
                try:
                    return CryptoSigner.from_priv_key_uri(f"file2:{path}", key)
                except (ValueError, OSError) as error:
                    raise ReleaseMistake(f"{path} is not the key that its name says: restore it ({error})") from None
        return None

    def forget_others(self, role: str, keys: Iterable[str]) -> None:
        """Keys of this role that count no more."""
        kept = {_name(role, each) for each in keys}
        for folder in self._folders:
            for path in folder.glob(_name(role, "*")):
                if path.name not in kept:
                    path.unlink()


def make_key(role: str, folder: Path) -> CryptoSigner:
    """A new one, kept. Raises ReleaseMistake."""
    signer = CryptoSigner.generate_ed25519()
    path = folder / _name(role, signer.public_key.keyid)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(number, "wb") as file:  # noqa: PTH123  a file descriptor, so that no one else can read it for a moment
            file.write(signer.private_bytes)
            file.flush()
            os.fsync(number)
    except OSError as error:
        raise ReleaseMistake(f"{path} cannot be written ({error.strerror}); name a folder of your own") from None
    return signer


def _name(role: str, keyid: str) -> str:
    return f"{PREFIX}{role}-{keyid[:_DIGITS]}.pem"


def _require_private(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise ReleaseMistake(
            f"{path} may be read by others (mode {mode:o}): if nobody did, run chmod 600 on it; otherwise make new keys"
        )

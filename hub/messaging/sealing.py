"""Secrets that the database holds sealed: the key lies beside it, so that a copy of the database alone tells nothing."""

import base64
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

KEY_FILE = "messages.key"
"""In the data directory."""


class SealBroken(Exception):
    """What was sealed cannot be opened: the key is another one."""

    def __init__(self, key_file: Path | None = None) -> None:
        way_out = f"put {key_file or KEY_FILE} of the backup beside the database, or give the address anew"
        super().__init__(f"a secret of the database was sealed with another key; {way_out}")


class Seal:
    """Closes and opens. key: 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._box = Fernet(base64.urlsafe_b64encode(key))

    def close(self, secret: str) -> str:
        return self._box.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises SealBroken."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken from None

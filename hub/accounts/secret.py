"""Secrets that the hub itself hands out: sessions, one-time links, API tokens. It keeps only their SHA-256.

256 bits of chance need no slow hash: nobody can try them. Tokens carry a name and a checksum (CRC-32), so that a scanner of
secrets finds one in a repository, and a wrong copy is known without a look at the database.
"""

import hashlib
import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable

Chance = Callable[[int], bytes]
"""So many bytes that nobody can guess: secrets.token_bytes."""
TOKEN_PATTERN = r"dltv_[0-9a-f]{64}_[0-9a-f]{8}"  # noqa: S105  what one looks like
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_TOKEN = re.compile(TOKEN_PATTERN)


def new_secret(chance: Chance) -> str:
    """43 letters that may stand in an address or a cookie."""
    return urlsafe_b64encode(chance(32)).decode().rstrip("=")


def is_secret(text: str) -> bool:
    return _SECRET.fullmatch(text) is not None


def new_token(chance: Chance) -> str:
    body = f"dltv_{chance(32).hex()}"
    return f"{body}_{_checksum(body)}"


def is_token(text: str) -> bool:
    """Whether it can be one of ours."""
    return _TOKEN.fullmatch(text) is not None and text[-8:] == _checksum(text[:-9])


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"

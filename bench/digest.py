"""The server side of HTTP Digest authentication (RFC 7616, `qop=auth`) and of Basic (RFC 7617), where equipment asks for a name.

A nonce is asked for anew by whoever shows none or a foreign one. Nothing is guarded here: the bench only behaves like what is.
"""

import hmac
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from hashlib import new
from typing import Literal

Algorithm = Literal["MD5", "SHA-256"]
PAIR = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
HASHES: dict[Algorithm, str] = {"MD5": "md5", "SHA-256": "sha256"}


class Guard:
    """One user and password. `nonces` gives a fresh one for every challenge."""

    def __init__(
        self, realm: str, user: str, password: str, nonces: Callable[[], str], algorithm: Algorithm = "MD5"
    ) -> None:
        self._realm = realm
        self._user = user
        self._password = password
        self._nonces = nonces
        self._algorithm: Algorithm = algorithm
        self._given: set[str] = set()

    def challenge(self) -> str:
        """The value of a WWW-Authenticate header."""
        nonce = self._nonces()
        self._given.add(nonce)
        return f'Digest realm="{self._realm}", qop="auth", algorithm={self._algorithm}, nonce="{nonce}"'

    def admits(self, method: str, target: str, authorization: str) -> bool:
        """Whether the Authorization header (empty: none) proves the password, for this method and this target."""
        scheme, _, rest = authorization.partition(" ")
        match scheme.lower():
            case "digest":
                return self._proves(method, target, {name: text or word for name, text, word in PAIR.findall(rest)})
            case "basic":
                return hmac.compare_digest(_decoded(rest), f"{self._user}:{self._password}".encode())
        return False

    def _proves(self, method: str, target: str, said: dict[str, str]) -> bool:
        if said.get("nonce") not in self._given or said.get("username") != self._user or said.get("uri") != target:
            return False
        secret = self._hash(f"{self._user}:{self._realm}:{self._password}")
        action = self._hash(f"{method}:{target}")
        counted = f":{said.get('nc', '')}:{said.get('cnonce', '')}:auth" if said.get("qop") else ""
        expected = self._hash(f"{secret}:{said['nonce']}{counted}:{action}")
        return hmac.compare_digest(said.get("response", "").encode(), expected.encode())

    def _hash(self, text: str) -> str:
        return new(HASHES[self._algorithm], text.encode(), usedforsecurity=False).hexdigest()


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return b""
